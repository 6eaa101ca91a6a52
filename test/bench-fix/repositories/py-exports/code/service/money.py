"""Cents as people write them."""

SIGNS = {"EUR": "€", "GBP": "£", "USD": "$"}


def amount(cents, currency):
    sign = SIGNS.get(currency, currency)
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole:,}.{rest:02d} {sign}"
