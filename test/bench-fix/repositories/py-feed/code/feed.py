"""Reads a partner's product feed and turns it into rows for the shop."""
import csv
import io
import json
import logging

logger = logging.getLogger("feed")

REQUIRED = ("sku", "name", "price")
ALIASES = {
    "article": "sku",
    "article_no": "sku",
    "title": "name",
    "label": "name",
    "amount": "price",
    "cost": "price",
    "qty": "stock",
}


class FeedError(ValueError):
    """The feed cannot be used at all."""


def sniff(text):
    """csv or json, by the first character that is not blank."""
    head = text.lstrip()[:1]
    if not head:
        raise FeedError("the feed is empty")
    return "json" if head in "[{" else "csv"


def records_of(text):
    if sniff(text) == "json":
        loaded = json.loads(text)
        return loaded["products"] if isinstance(loaded, dict) else loaded
    return list(csv.DictReader(io.StringIO(text)))


def build_rows(records, currency="EUR", margin=1.0):
    """
    One row a record, in the order of the feed. Later records of the same article win.

    Names of columns differ from partner to partner; the known ones are in ALIASES.
    """
    rows = {}
    skipped = []
    for number, record in enumerate(records, start=1):
        known = {}
        for key, value in record.items():
            name = key.strip()
            known[ALIASES.get(name, name)] = value
        missing = [name for name in REQUIRED if known.get(name, "?") in ("", None)]
        if missing:
            skipped.append((number, missing))
            logger.info("record %s has no %s", number, ", ".join(missing))
            continue
        stock = known.get("stock") or "0"
        tags = [tag.strip() for tag in (known.get("tags") or "").split("|") if tag.strip()]
        if known.get("discontinued") in ("1", "yes", "true", True):
            rows.pop(known.get("sku"), None)
            logger.info("record %s is discontinued", number)
            continue
        visible = int(stock) > 0 or "preorder" in tags
        weight = float(known.get("weight") or 0)
        shipping = "parcel" if weight < 31.5 else "freight"
        images = [url for url in (known.get("images") or "").split() if url.startswith("https://")]
        description = (known.get("description") or "").strip()
        if len(description) > 4000:
            description = description[:3999] + "…"
        sku = known["sku"]
        rows[sku] = {
            "sku": sku,
            "name": known["name"].strip(),
            "price": round(float(known["price"]) * margin, 2),
            "currency": currency,
            "stock": int(stock),
            "tags": tags,
            "visible": visible,
            "shipping": shipping,
            "images": images,
            "description": description,
        }
    return list(rows.values()), skipped


def import_feed(text, currency="EUR"):
    rows, skipped = build_rows(records_of(text), currency)
    if not rows:
        raise FeedError("no record of the feed can be used")
    return {"rows": rows, "skipped": len(skipped)}
