"""The settings of an export: defaults, then what the environment says."""
from types import SimpleNamespace

from service.settings.check import check
from service.settings.defaults import DEFAULTS
from service.settings.environment import overrides


def load(environ):
    values = {**DEFAULTS, **overrides(environ, DEFAULTS)}
    check(values)
    return SimpleNamespace(**values)
