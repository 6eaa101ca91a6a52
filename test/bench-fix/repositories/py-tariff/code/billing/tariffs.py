"""Prices of a kilowatt hour, by plan and band."""
import json


class UnknownPlan(Exception):
    pass


class Tariffs:
    def __init__(self, plans):
        self._plans = plans

    @classmethod
    def load(cls, path):
        with open(path, encoding="utf-8") as file:
            return cls(json.load(file)["plans"])

    def fee(self, plan):
        return self._plan(plan)["fee"]

    def price(self, plan, band):
        return self._plan(plan)["prices"][band.value]

    def _plan(self, name):
        if name not in self._plans:
            raise UnknownPlan(name)
        return self._plans[name]
