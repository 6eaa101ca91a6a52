"""From a basket to an order."""
from shop.products import by_sku
from shop.reservations import release, reserve


class Checkout:
    def __init__(self, db, clock):
        self.db = db
        self.clock = clock

    def begin(self, number, basket):
        """Reserves all of a basket, or nothing of it. Returns what it costs."""
        total = 0
        with self.db:
            for sku, quantity in basket.items():
                reserve(self.db, sku, quantity, number, self.clock())
                total += by_sku(self.db, sku)["cents"] * quantity
        return total

    def cancel(self, number):
        with self.db:
            release(self.db, number)
