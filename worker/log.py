"""Say what happens, on standard error, one line an event. Never the text of an article."""

import logging
import sys

_FORMAT = "%(asctime)s %(levelname)-7s %(processName)s %(name)s: %(message)s"


class _OneLine(logging.Formatter):
    """A file's name may hold a newline: a line of the log must not."""

    def format(self, record: logging.LogRecord) -> str:
        first, *trace = super().format(record).split("\n")
        if record.exc_info:
            return "\n    ".join([first, *trace])
        return "\\n".join([first, *trace])


def configure(level: str) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine(_FORMAT))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("alembic", "watchdog", "kombu", "trafilatura", "htmldate"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
