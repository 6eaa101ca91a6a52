CREATE TABLE reservation (
  id INTEGER PRIMARY KEY,
  sku TEXT NOT NULL REFERENCES product (sku),
  quantity INTEGER NOT NULL,
  until INTEGER NOT NULL
);
CREATE INDEX reservation_sku ON reservation (sku);
