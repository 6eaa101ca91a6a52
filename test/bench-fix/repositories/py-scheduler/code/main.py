from jobs.report import report
from jobs.runs import History, Run

NOW = 1_760_000_000.0


def history():
    runs = [Run("backup", NOW - 3000 * hour, NOW - 3000 * hour + 40, True) for hour in range(1, 4)]
    runs += [Run("mail", NOW - 600 * step, NOW - 600 * step + step, True) for step in range(1, 9)]
    runs += [Run("sync", NOW - 900, NOW - 840, False), Run("sync", NOW - 300, NOW - 290, False)]
    return History(runs)


def main():
    for line in report(history(), NOW):
        print(line)


if __name__ == "__main__":
    main()
