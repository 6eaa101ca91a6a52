import unittest

from billing.bands import Band
from billing.invoice import Invoices
from billing.meters import Reading
from billing.tariffs import Tariffs, UnknownPlan


class InvoiceTest(unittest.TestCase):
    def setUp(self):
        self.tariffs = Tariffs.load("data/tariffs.json")

    def test_counts_each_band_by_itself(self):
        invoice = Invoices(self.tariffs).make("C-101", [Reading("C-101", "2026-03-01", [1.0] * 24)])
        self.assertEqual(len(invoice.lines), 4)
        self.assertIn("7.0 kWh, night", invoice.text())

    def test_every_plan_has_every_band(self):
        for plan in ("basic", "eco", "business"):
            self.assertTrue(all(self.tariffs.price(plan, band) > 0 for band in Band))

    def test_knows_no_other_plan(self):
        with self.assertRaises(UnknownPlan):
            self.tariffs.fee("gold")
