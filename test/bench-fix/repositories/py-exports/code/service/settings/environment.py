"""Settings that the environment of the process overrides."""

PREFIX = "EXPORT_"
YES = ("1", "true", "yes", "on")


class UnknownSetting(LookupError):
    pass


def overrides(environ, known):
    """Those settings that the environment names: EXPORT_LINE_WIDTH is line_width."""
    found = {}
    for name, text in environ.items():
        if not name.startswith(PREFIX):
            continue
        key = name.removeprefix(PREFIX).lower()
        if key not in known:
            raise UnknownSetting(name)
        if isinstance(known[key], bool):
            found[key] = text.lower() in YES
        else:
            found[key] = text
    return found
