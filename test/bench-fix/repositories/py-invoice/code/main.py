from datetime import date
from decimal import Decimal

from invoice.billing import Line, Order, invoice


def orders():
    lines = [Line("Desk", 2, Decimal("249.90")), Line("Book", 3, Decimal("12.00"), reduced=True)]
    yield Order("2020-17", "de", date(2020, 9, 3), lines)
    yield Order("2021-01", "DE", date(2021, 1, 1), lines)
    yield Order("1990-01", "se", date(1990, 7, 1), lines)


def main():
    for order in orders():
        print(invoice(order))


if __name__ == "__main__":
    main()
