import unittest

from service.exporter import Exporter
from service.settings import load
from service.statements import Statement


class SettingsTest(unittest.TestCase):
    def test_environment(self):
        settings = load({"EXPORT_LINE_WIDTH": "40", "EXPORT_WORKERS": "2", "EXPORT_CURRENCY": "GBP", "EXPORT_WITH_TOTALS": "no"})
        self.assertEqual((settings.line_width, settings.workers, settings.currency, settings.with_totals), (40, 2, "GBP", False))

    def test_export(self):
        statement = Statement("K-1", "Ada", [("2026-03-02", "A kettle that is described at some length", 1999)])
        [(name, text)] = Exporter(load({"EXPORT_LINE_WIDTH": "30"})).run([statement])
        self.assertEqual(name, "K-1-ada.txt")
        self.assertTrue(all(len(line) <= 30 for line in text.splitlines()))
