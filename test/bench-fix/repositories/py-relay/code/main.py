"""Sends what waits in the outbox, and what was given up last week."""
import asyncio

from relay.message import Message
from relay.service import Service
from relay.transport import Transport

GIVEN_UP = [{"message": {"to": "https://partner.example/hooks/7", "body": {"order": "K-1001"}}, "reason": "timeout", "at": 1_772_000_000}]


async def main():
    service = Service(Transport(failing={"https://slow.example/hook"}), given_up=GIVEN_UP)
    service.outbox.submit(Message("https://shop.example/hook", {"order": "K-2001"}))
    service.outbox.submit(Message("https://slow.example/hook", {"order": "K-2002"}))
    await service.run()
    print(service.counters.lines())


if __name__ == "__main__":
    asyncio.run(main())
