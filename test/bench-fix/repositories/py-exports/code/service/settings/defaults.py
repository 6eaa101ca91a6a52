"""What holds where nobody says otherwise."""

DEFAULTS = {
    "currency": "EUR",
    "line_width": 72,
    "max_characters": 20_000,
    "suffix": ".txt",
    "with_empty": False,
    "with_totals": True,
    "workers": 4,
}
