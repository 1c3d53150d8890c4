"""The steps of the pipeline, with the models and word lists that they need."""

from collections.abc import Callable
from functools import partial

from worker.adapters.reference import load_reference
from worker.bootstrap.folders import sources
from worker.core import dedupe, language
from worker.core.article import Article
from worker.core.expanding.rules import Rules
from worker.core.normalise import normalise
from worker.core.policy import Policy
from worker.core.readers import read
from worker.dry_run import DryRun
from worker.pipeline import Stages
from worker.ports import Recogniser
from worker.settings import Settings, Tagger
from worker.tagging import tag_batch

_UNPACKED_MB = 20  # what one MB of a container may unpack to, with all containers in it


def stages(settings: Settings) -> Stages:
    """The steps of the pipeline, with the models and word lists that they need."""
    language.warm()
    reference = load_reference()
    recognisers = build_recognisers(settings.tagger)
    return Stages(
        read=reader(settings),
        judge=partial(dedupe.decide, policy=Policy()),
        tag=partial(tag_batch, recognisers=recognisers, reference=reference),
    )


def expanding_rules(settings: Settings) -> Rules:
    """How much a container may unpack to."""
    return Rules(
        member_bytes=int(settings.max_file_mb * 1_000_000),
        total_bytes=int(settings.max_bulk_mb * _UNPACKED_MB * 1_000_000),
        exclude=settings.exclude,
    )


def reader(settings: Settings) -> Callable[[bytes, str], Article]:
    known = sources(settings)

    def read_article(content: bytes, name: str) -> Article:
        draft, evidence = read(content, name)
        return normalise(known.completed(draft, name), evidence, path=name)

    return read_article


def build_recognisers(tagger: Tagger) -> tuple[Recogniser, ...]:
    if tagger is Tagger.RULES:
        return ()
    # Imported here: half a second that no other process needs to spend.
    from worker.adapters import spacy_recogniser  # noqa: PLC0415

    return spacy_recogniser.load()


def dry_run(settings: Settings) -> DryRun:
    """Everything but the servers: an in-memory store, for ``copydesk explain``."""
    return DryRun(
        stages(settings),
        expanding_rules(settings),
        max_bulk_bytes=int(settings.max_bulk_mb * 1_000_000),
    )
