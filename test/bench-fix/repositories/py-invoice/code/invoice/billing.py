"""Turns orders into invoices."""
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from invoice.rates import rate_on, reduced_rate

CENT = Decimal("0.01")


@dataclass
class Line:
    title: str
    quantity: int
    price: Decimal
    reduced: bool = False

    @property
    def net(self):
        return self.quantity * self.price


@dataclass
class Order:
    number: str
    country: str
    day: date
    lines: list = field(default_factory=list)


def rounded(amount):
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def tax_of(line, order):
    """Tax of one line, rounded as the law wants it: line by line."""
    if line.reduced:
        return rounded(line.net * reduced_rate(order.country))
    rate = rate_on(order.country, order.day)
    return rounded(line.net * rate)


def totals(order):
    net = sum((line.net for line in order.lines), Decimal(0))
    tax = sum((tax_of(line, order) for line in order.lines), Decimal(0))
    return {"net": rounded(net), "tax": rounded(tax), "gross": rounded(net + tax)}


def invoice(order):
    if not order.lines:
        raise ValueError(f"order {order.number} has no lines")
    amounts = totals(order)
    return {
        "number": f"R-{order.number}",
        "date": order.day.isoformat(),
        "lines": [{"title": line.title, "net": str(rounded(line.net))} for line in order.lines],
        **{name: str(amount) for name, amount in amounts.items()},
    }
