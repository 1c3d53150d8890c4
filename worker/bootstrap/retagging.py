"""What tags stored articles again."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from worker.adapters.alarm import limited
from worker.adapters.postgres.retagging import PostgresRetagging
from worker.adapters.reference import load_reference
from worker.bootstrap.serving import database
from worker.bootstrap.steps import build_recognisers
from worker.ports import Retagging
from worker.retagging import Tagger
from worker.settings import Settings
from worker.tagging import methods, tag_batch

_TAG_SECONDS = 60.0  # one call, of a batch or of an article alone; workers give as much


@contextmanager
def retagging(settings: Settings) -> Iterator[Retagging]:
    with database(settings, name="retag", patient=True) as engine:
        yield PostgresRetagging(engine)


def tagger(settings: Settings) -> Tagger:
    """The present one; only the main thread may use it."""
    reference, recognisers = load_reference(), build_recognisers(settings.tagger)
    tag = partial(tag_batch, recognisers=recognisers, reference=reference)
    return Tagger(limited(tag, _TAG_SECONDS), methods(recognisers, reference))
