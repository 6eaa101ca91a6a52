"""Goods that come and go."""


def record(db, sku, quantity, at, place=1):
    db.execute("INSERT INTO movement (sku, quantity, at, place) VALUES (?, ?, ?, ?)", (sku, quantity, at, place))


def in_stock(db, sku, place=None):
    where, values = "sku = ?", [sku]
    if place is not None:
        where, values = f"{where} AND place = ?", [*values, place]
    return db.execute(f"SELECT COALESCE(SUM(quantity), 0) FROM movement WHERE {where}", values).fetchone()[0]
