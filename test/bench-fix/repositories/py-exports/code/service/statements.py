"""What a customer bought and paid in a month."""
from dataclasses import dataclass, field


@dataclass
class Statement:
    number: str
    customer: str
    # (day, words, cents), oldest first
    bookings: list = field(default_factory=list)

    @property
    def total(self):
        return sum(cents for _, _, cents in self.bookings)

    @property
    def is_empty(self):
        return not self.bookings

    def file_name(self, suffix):
        return f"{self.number}-{self.customer.lower().replace(' ', '-').replace('&', 'and')}{suffix}"
