import unittest

from shop import movements, products
from shop.checkout import Checkout
from shop.database import connect
from shop.reservations import NotEnough, reserved


class CheckoutTest(unittest.TestCase):
    def test_reserves_and_releases(self):
        db = connect()
        products.add(db, "lamp", "Lamp", 4900)
        movements.record(db, "lamp", 3, 0)
        checkout = Checkout(db, lambda: 100)
        self.assertEqual(checkout.begin("K-1", {"lamp": 2}), 9800)
        with self.assertRaises(NotEnough):
            checkout.begin("K-2", {"lamp": 2})
        checkout.cancel("K-1")
        self.assertEqual(reserved(db, "lamp", 100), 0)
