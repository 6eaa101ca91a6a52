"""One SQLite file, brought up to date when it is opened."""
import sqlite3
from pathlib import Path

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def connect(path=":memory:"):
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    migrate(connection)
    return connection


def migrate(connection):
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    for file in sorted(MIGRATIONS.glob("*.sql")):
        number = int(file.name[:3])
        if number > version:
            connection.executescript(file.read_text(encoding="utf-8"))
            connection.execute(f"PRAGMA user_version = {number}")
