"""Say what happens, on standard error, one line an event. Never the text of an article."""

import logging
import sys

_FORMAT = "%(asctime)s %(levelname)-7s %(processName)s %(name)s: %(message)s"


class _OneLine(logging.Formatter):
    """A file's name may hold a newline or a terminal's codes: a line of the log must not."""

    def format(self, record: logging.LogRecord) -> str:
        message, *trace = super().format(record).split("\n")
        if record.exc_info:
            return "\n    ".join(map(_printable, [message, *trace]))
        return _printable("\n".join([message, *trace]))


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def configure(level: str) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_OneLine(_FORMAT))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("alembic", "watchdog", "kombu", "trafilatura", "htmldate"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
