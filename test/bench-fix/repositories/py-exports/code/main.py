"""Writes the statements of a month, as the nightly job does."""
from service.exporter import Exporter
from service.settings import load
from service.statements import Statement

ENVIRONMENT = {"PATH": "/usr/bin", "EXPORT_LINE_WIDTH": "60", "EXPORT_WITH_TOTALS": "yes"}


def statements():
    yield Statement("K-1001", "Kettles & Co", [("2026-03-02", "Twelve kettles, brushed steel, delivered to the side entrance", 23880)])
    yield Statement("K-1002", "Lamp Works", [("2026-03-09", "Desk lamps", 14700), ("2026-03-11", "Credit for two broken lamps", -4900)])


def main():
    exporter = Exporter(load(ENVIRONMENT))
    for name, text in exporter.run(statements()):
        print(f"{name}: {len(text)} characters")


if __name__ == "__main__":
    main()
