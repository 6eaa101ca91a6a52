"""Tax rates by country, and from when on they hold."""
from datetime import date
from decimal import Decimal

RATES = {
    "DE": [(date(2007, 1, 1), Decimal("0.19")), (date(2020, 7, 1), Decimal("0.16")), (date(2021, 1, 1), Decimal("0.19"))],
    "FR": [(date(2000, 4, 1), Decimal("0.196")), (date(2014, 1, 1), Decimal("0.20"))],
    "NL": [(date(2001, 1, 1), Decimal("0.19")), (date(2012, 10, 1), Decimal("0.21"))],
    "SE": [(date(1990, 7, 1), Decimal("0.25"))],
}
REDUCED = {"DE": Decimal("0.07"), "FR": Decimal("0.055"), "NL": Decimal("0.09"), "SE": Decimal("0.12")}


class UnknownCountry(LookupError):
    """There is no table for the country."""


def normalize_country(country):
    return country.strip().upper()


def rate_on(country, day):
    """The rate that holds on a day, or an error when the country is not known."""
    table = RATES.get(normalize_country(country))
    if table is None:
        raise UnknownCountry(country)
    for start, rate in reversed(table):
        if day > start:
            return rate


def reduced_rate(country):
    return REDUCED[normalize_country(country)]
