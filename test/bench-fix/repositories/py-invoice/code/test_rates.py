import unittest
from datetime import date
from decimal import Decimal

from invoice.rates import rate_on


class RatesTest(unittest.TestCase):
    def test_the_day_a_rate_begins_has_it(self):
        self.assertEqual(rate_on("SE", date(1990, 7, 1)), Decimal("0.25"))
        self.assertEqual(rate_on("DE", date(2021, 1, 1)), Decimal("0.19"))

    def test_the_day_before_has_the_one_before(self):
        self.assertEqual(rate_on("DE", date(2020, 12, 31)), Decimal("0.16"))
