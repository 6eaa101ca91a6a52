"""Statements become files, several at a time."""
import logging
from concurrent.futures import ThreadPoolExecutor

from service.render import Renderer

logger = logging.getLogger(__name__)


class Exporter:
    def __init__(self, settings):
        self.settings = settings
        self.renderer = Renderer(settings)
        self.skipped = []

    def run(self, statements):
        """Yields (file name, text) in the order of the statements."""
        wanted = [statement for statement in statements if self._is_wanted(statement)]
        with ThreadPoolExecutor(max_workers=self.settings.workers) as pool:
            jobs = [(statement, pool.submit(self._export, statement)) for statement in wanted]
            for statement, job in jobs:
                yield statement.file_name(self.settings.suffix), job.result()

    def _is_wanted(self, statement):
        if statement.is_empty and not self.settings.with_empty:
            self.skipped.append(statement.number)
            logger.info("%s has no bookings", statement.number)
            return False
        return True

    def _export(self, statement):
        text = self.renderer.render(statement)
        if len(text) > self.settings.max_characters:
            raise ValueError(f"{statement.number} is too long to be sent")
        return text
