"""Settings that make no sense together."""


def check(values):
    if not values["suffix"].startswith("."):
        raise ValueError("EXPORT_SUFFIX has to begin with a dot")
    if len(values["currency"]) != 3:
        raise ValueError("EXPORT_CURRENCY is three letters")
