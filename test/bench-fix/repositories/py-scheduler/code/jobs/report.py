"""The morning report: every job, in parallel since history may be remote."""
from concurrent.futures import ThreadPoolExecutor

from jobs.stats import summary

DAY = 24 * 3600.0


def describe(job, figures, failures):
    if figures is None:
        return f"{job}: did not end well once, {failures} failures"
    return f"{job}: {figures['runs']} runs, {figures['mean']} s on average, longest {figures['longest']} s, {failures} failures"


def report_of(history, job, now):
    runs = history.of(job, since=now - DAY)
    if not runs:
        return f"{job}: did not run"
    good = [run.seconds for run in runs if run.ok]
    failures = len(runs) - len(good)
    figures = summary(good)
    return describe(job, figures, failures)


def report(history, now, workers=4):
    with ThreadPoolExecutor(max_workers=workers) as pool:
        return list(pool.map(lambda job: report_of(history, job, now), history.jobs()))
