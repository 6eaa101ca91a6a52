"""What is sent, and where."""
from dataclasses import asdict, dataclass, field


@dataclass
class Message:
    to: str
    body: dict = field(default_factory=dict)

    def as_dict(self):
        return asdict(self)

    @classmethod
    def of(cls, stored):
        return cls(to=stored["to"], body=stored.get("body", {}))
