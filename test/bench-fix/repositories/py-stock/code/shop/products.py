"""What is sold."""


class UnknownProduct(LookupError):
    pass


def add(db, sku, title, cents):
    db.execute("INSERT INTO product (sku, title, cents) VALUES (?, ?, ?)", (sku, title, cents))


def by_sku(db, sku):
    row = db.execute("SELECT * FROM product WHERE sku = ?", (sku,)).fetchone()
    if row is None:
        raise UnknownProduct(sku)
    return row
