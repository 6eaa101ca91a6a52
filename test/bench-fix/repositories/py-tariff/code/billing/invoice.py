"""Invoices of a month."""
from billing import bands, customers, money


class Invoice:
    def __init__(self, customer, plan):
        self.customer = customer
        self.plan = plan
        self.lines = []

    def add(self, words, hundredths):
        self.lines.append((words, money.rounded(hundredths)))

    @property
    def total(self):
        return sum(cents for _, cents in self.lines)

    def text(self):
        rows = [f"{words:<24}{money.shown(cents):>10}" for words, cents in self.lines]
        return "\n".join([f"{self.customer} ({self.plan})", *rows, f"{'total':<24}{money.shown(self.total):>10}"])


class Invoices:
    def __init__(self, tariffs):
        self.tariffs = tariffs

    def make(self, customer, readings):
        plan = customers.plan_of(customer)
        invoice = Invoice(customer, plan)
        invoice.add("fee", self.tariffs.fee(plan))
        for band, kwh in self._used(readings).items():
            invoice.add(f"{kwh:.1f} kWh, {band.value}", round(kwh * self.tariffs.price(plan, band)))
        return invoice

    def _used(self, readings):
        used = {}
        for reading in readings:
            for band, kwh in bands.spread(reading).items():
                used[band] = used.get(band, 0) + kwh
        return used
