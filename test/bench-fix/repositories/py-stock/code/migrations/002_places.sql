CREATE TABLE place (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
);
INSERT INTO place (id, name) VALUES (1, 'Bremen');
ALTER TABLE movement ADD COLUMN place INTEGER REFERENCES place (id);
UPDATE movement SET place = 1;
