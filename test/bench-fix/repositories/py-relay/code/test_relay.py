import asyncio
import unittest

from relay.clock import StoppedClock
from relay.message import Message
from relay.service import Service
from relay.transport import Transport


def given_up(to):
    return {"message": {"to": to, "body": {}}, "reason": "503", "at": 5}


class RelayTest(unittest.TestCase):
    def test_replayed_are_sent(self):
        async def run():
            transport = Transport()
            service = Service(transport, [given_up("https://a.example/")], StoppedClock(100))
            service.outbox.submit(Message("https://b.example/"))
            await service.run()
            return [to for to, _ in transport.sent], service.counters["sent late"]

        self.assertEqual(asyncio.run(run()), (["https://b.example/", "https://a.example/"], 0))

    def test_replayed_are_tried_as_often_as_others(self):
        async def run():
            service = Service(Transport(failing={"https://a.example/"}), [given_up("https://a.example/")], StoppedClock(100))
            await service.run()
            return service.counters["failed"], service.counters["given up"]

        self.assertEqual(asyncio.run(run()), (2, 1))
