"""What meters have counted: a line for each customer and day, with 24 numbers."""
import csv
from collections import namedtuple

Reading = namedtuple("Reading", "customer day hours")


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return [Reading(row[0], row[1], [float(each) for each in row[2:26]]) for row in csv.reader(file)]


def by_customer(readings):
    found = {}
    for reading in readings:
        found.setdefault(reading.customer, []).append(reading)
    return found
