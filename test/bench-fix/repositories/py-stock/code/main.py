from shop import movements, products
from shop.checkout import Checkout
from shop.database import connect


def main():
    db = connect()
    products.add(db, "kettle", "Kettle", 1990)
    movements.record(db, "kettle", 12, 1_772_000_000)
    print(Checkout(db, lambda: 1_772_000_100).begin("K-2031", {"kettle": 2}))


if __name__ == "__main__":
    main()
