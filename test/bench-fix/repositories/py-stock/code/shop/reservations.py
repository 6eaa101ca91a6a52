"""Goods that are promised to an order, for a while."""
from shop.movements import in_stock

MINUTES = 30


class NotEnough(Exception):
    pass


def reserved(db, sku, now):
    row = db.execute("SELECT COALESCE(SUM(quantity), 0) FROM reservation WHERE sku = ? AND until > ?", (sku, now)).fetchone()
    return row[0]


def reserve(db, sku, quantity, order, now):
    free = in_stock(db, sku) - reserved(db, sku, now)
    if quantity > free:
        raise NotEnough(f"{free} of {sku} are free")
    db.execute(
        'INSERT INTO reservation (sku, quantity, "order", until) VALUES (?, ?, ?, ?)',
        (sku, quantity, order, now + MINUTES * 60),
    )


def release(db, order):
    db.execute('DELETE FROM reservation WHERE "order" = ?', (order,))
