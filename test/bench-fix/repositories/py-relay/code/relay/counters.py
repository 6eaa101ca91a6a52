"""What the service did since it started."""
from collections import Counter


class Counters:
    def __init__(self):
        self._counts = Counter()

    def add(self, name, by=1):
        self._counts[name] += by

    def __getitem__(self, name):
        return self._counts[name]

    def lines(self):
        return ", ".join(f"{name} {count}" for name, count in sorted(self._counts.items()))
