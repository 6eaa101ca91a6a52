"""The relay: an outbox, those who empty it, and what they could not deliver."""
import asyncio

from relay.clock import Clock
from relay.counters import Counters
from relay.given_up import GivenUp
from relay.outbox import Outbox
from relay.worker import Worker


class Service:
    def __init__(self, transport, given_up=(), clock=None, workers=2):
        self.clock = clock or Clock()
        self.counters = Counters()
        self.outbox = Outbox(self.clock)
        self.given_up = GivenUp(given_up)
        self.workers = [Worker(f"worker-{number}", self.outbox, transport, self.given_up, self.counters) for number in range(workers)]

    async def run(self):
        """Until the outbox is empty. What a worker raises is raised here."""
        self._start_day()
        tasks = [asyncio.create_task(worker.run(), name=worker.name) for worker in self.workers]
        drained = asyncio.create_task(self.outbox.drained())
        done, _ = await asyncio.wait([drained, *tasks], return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            if task not in done:
                task.cancel()
        await asyncio.gather(*done)

    def _start_day(self):
        self.counters.add("replayed", self.given_up.replay(self.outbox, self.clock.now()))
