"""Entries that wait to be sent. Each is a dict, as it is stored between two runs."""
import asyncio


class Outbox:
    def __init__(self, clock):
        self.clock = clock
        self.queue = asyncio.Queue()

    def submit(self, message):
        """A message that nobody has tried to send yet."""
        self.put({"message": message.as_dict(), "attempt": 1, "due": self.clock.now()})

    def put(self, entry):
        self.queue.put_nowait(entry)

    async def take(self):
        return await self.queue.get()

    def done(self):
        self.queue.task_done()

    async def drained(self):
        await self.queue.join()

    def __len__(self):
        return self.queue.qsize()
