"""How long to wait before an entry is tried again."""
FIRST_SECONDS = 2
MAX_SECONDS = 3600


def delay(attempt):
    return min(MAX_SECONDS, FIRST_SECONDS * 2 ** (attempt - 1))
