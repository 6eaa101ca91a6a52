"""Amounts in hundredths of a cent, so that nothing is lost on the way."""


def rounded(hundredths):
    return (hundredths + 50) // 100


def shown(cents):
    return f"{cents // 100}.{cents % 100:02d}"
