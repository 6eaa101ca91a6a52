"""The text of one statement."""
import textwrap

from service.money import amount

RULE = "-"


class Renderer:
    def __init__(self, settings):
        self.settings = settings

    def render(self, statement):
        parts = [self._head(statement)]
        parts += [self._booking(*booking) for booking in statement.bookings]
        if self.settings.with_totals:
            parts.append(self._total(statement))
        return "\n".join(parts) + "\n"

    def _head(self, statement):
        return f"{statement.number}  {statement.customer}"

    def _booking(self, day, words, cents):
        money = amount(cents, self.settings.currency)
        lines = textwrap.wrap(f"{day}  {words}  {money}", width=self.settings.line_width, subsequent_indent=" " * 12)
        return "\n".join(lines)

    def _total(self, statement):
        return f"{RULE * 20}\nTotal  {amount(statement.total, self.settings.currency)}"
