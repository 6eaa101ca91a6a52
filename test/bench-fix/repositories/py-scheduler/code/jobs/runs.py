"""What ran, when and for how long."""
from collections import defaultdict
from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    job: str
    started: float
    ended: float
    ok: bool

    @property
    def seconds(self):
        return self.ended - self.started


class History:
    def __init__(self, runs=()):
        self._runs = defaultdict(list)
        for run in runs:
            self.add(run)

    def add(self, run):
        self._runs[run.job].append(run)

    def jobs(self):
        return sorted(self._runs)

    def of(self, job, since=0.0):
        return [run for run in self._runs[job] if run.started >= since]
