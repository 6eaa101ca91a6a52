"""Takes entries out of the outbox and sends them, one after another."""
import logging

from relay.backoff import delay
from relay.message import Message
from relay.transport import NotDelivered

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 3


class Worker:
    def __init__(self, name, outbox, transport, given_up, counters):
        self.name = name
        self.outbox = outbox
        self.transport = transport
        self.given_up = given_up
        self.counters = counters
        self.is_stopped = False

    def stop(self):
        self.is_stopped = True

    async def run(self):
        while not self.is_stopped:
            entry = await self.outbox.take()
            try:
                await self.handle(entry)
            finally:
                self.outbox.done()

    async def handle(self, entry):
        message = Message.of(entry["message"])
        if not self._is_allowed(message):
            self.counters.add("refused")
            return
        try:
            await self.transport.post(message.to, message.body)
        except NotDelivered as error:
            self._failed(entry, error)
        else:
            self._sent(entry)

    def _is_allowed(self, message):
        return message.to.startswith("https://")

    def _sent(self, entry):
        self.counters.add("sent")
        if entry["attempt"] > 1:
            self.counters.add("sent late")
        logger.debug("%s sent %s", self.name, entry["message"]["to"])

    def _failed(self, entry, error):
        now = self.outbox.clock.now()
        if entry["attempt"] >= MAX_ATTEMPTS:
            self.counters.add("given up")
            self.given_up.keep(entry, str(error.status), now)
            return
        self.counters.add("failed")
        again = {**entry, "attempt": entry["attempt"] + 1, "due": now + delay(entry["attempt"])}
        self.outbox.put(again)
