"""Messages that could not be delivered. They are kept, and tried again when somebody asks for it."""
import logging

logger = logging.getLogger(__name__)


class GivenUp:
    def __init__(self, records=()):
        self.records = list(records)

    def keep(self, entry, reason, at):
        self.records.append({"message": entry["message"], "reason": reason, "at": at})

    def replay(self, outbox, now, reasons=("timeout", "503")):
        """Back into the outbox with those that failed for such a reason. Returns how many."""
        again = [record for record in self.records if record["reason"] in reasons]
        self.records = [record for record in self.records if record["reason"] not in reasons]
        for record in again:
            outbox.put({
                "message": record["message"],
                "due": now,
            })
        if again:
            logger.info("%d are tried again", len(again))
        return len(again)

    def older_than(self, at):
        return [record for record in self.records if record["at"] < at]
