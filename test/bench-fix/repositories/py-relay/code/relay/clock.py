"""The time, so that a test can have its own."""
import time


class Clock:
    def now(self):
        return time.time()


class StoppedClock(Clock):
    def __init__(self, at=0):
        self.at = at

    def now(self):
        return self.at
