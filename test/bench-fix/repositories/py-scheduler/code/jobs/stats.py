"""Figures about runs of jobs."""
from statistics import median


def mean(values):
    return sum(values) / len(values)


def spread(values):
    middle = mean(values)
    return mean([abs(value - middle) for value in values])


def summary(durations):
    """Mean, median and spread of durations in seconds; there must be one at least."""
    return {
        "runs": len(durations),
        "mean": round(mean(durations), 3),
        "median": round(median(durations), 3),
        "spread": round(spread(durations), 3),
        "longest": max(durations),
    }
