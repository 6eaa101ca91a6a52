"""Who has which plan."""

PLANS = {"C-100": "basic", "C-101": "eco", "C-102": "business"}


def plan_of(customer):
    return PLANS.get(customer, "basic")
