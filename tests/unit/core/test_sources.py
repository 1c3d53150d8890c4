from datetime import UTC, timedelta, timezone, tzinfo

import pytest

from worker.core.article import Draft
from worker.core.errors import UsageError
from worker.core.ledger import Lane
from worker.core.sources import Source, Sources, parse

EAST = timezone(timedelta(hours=3))
RULES = """
[[source]]
folder = "wire/*/archive"
lane = "backfill"

[[source]]
folder = "wire"
source = "Lake News Agency"
language = "en-KE"
time_zone = "East"
lane = "live"

[[source]]
folder = "."
source = "Lake Post"
"""


def zones(name: str) -> tzinfo:
    return {"East": EAST, "UTC": UTC}[name]


def draft(**given: str) -> Draft:
    return Draft(None, (), "text/plain", **given)  # type: ignore[arg-type]  # strings only


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("wire/a.txt", "Lake News Agency", id="in the folder"),
        pytest.param("wire/2025/01/a.txt", "Lake News Agency", id="below it"),
        pytest.param("wire/2025/archive/a.txt", None, id="the first that fits"),
        pytest.param("wire/batch.zip!archive/a.txt", "Lake News Agency", id="in an archive"),
        pytest.param("wires/a.txt", "Lake Post", id="another name"),
        pytest.param("a.txt", "Lake Post", id="in the inbox itself"),
    ],
)
def test_the_rule_of_a_path(path: str, expected: str | None) -> None:
    assert parse(RULES, zones).of(path).source == expected


def test_no_rule() -> None:
    assert Sources().of("wire/a.txt") == Source()


def test_lanes() -> None:
    rules = parse(RULES, zones)

    lanes = [rules.lane(path) for path in ("wire/x/archive/a", "wire/a", "a")]
    assert lanes == [Lane.BACKFILL, Lane.LIVE, None]


def test_a_draft_is_completed() -> None:
    completed = parse(RULES, zones).completed(draft(), "wire/a.txt")

    assert (completed.source, completed.language) == ("Lake News Agency", "en-KE")


def test_what_a_draft_says_itself_counts() -> None:
    given = draft(source="Other Post", language="sw")

    assert parse(RULES, zones).completed(given, "wire/a.txt") == given


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2025-01-28T10:30:00", "2025-01-28T10:30:00 +0300"),
        ("28 January 2025 10:30", "28 January 2025 10:30 +0300"),
        ("2025-01-28T10:30:00Z", "2025-01-28T10:30:00Z"),
        ("2025-01-28", "2025-01-28"),
        ("2025-01", "2025-01"),
        ("yesterday", "yesterday"),
    ],
)
def test_times_without_a_zone(written: str, expected: str) -> None:
    given = draft(published=written, updated=written, embargo=written)

    completed = parse(RULES, zones).completed(given, "wire/a.txt")

    assert {completed.published, completed.updated, completed.embargo} == {expected}


def test_everything_wrong_is_said_at_once() -> None:
    text = """
    colour = "red"
    [[source]]
    sauce = "x"
    [[source]]
    folder = "/wire"
    source = 1
    language = "English"
    time_zone = "Nowhere"
    lane = "fast"
    [[source]]
    folder = "a/../b"
    """

    with pytest.raises(UsageError) as wrong:
        parse(text, zones)

    assert str(wrong.value).splitlines() == [
        "sources are wrong:",
        "unknown: colour",
        "source 1: unknown: sauce",
        "source 1: folder is missing",
        "source 2: folder /wire is not below the inbox",
        "source 2: source is no text",
        "source 2: language English is no BCP 47 tag",
        "source 2: no time zone Nowhere",
        "source 2: lane fast is neither live nor backfill",
        "source 3: folder a/../b is not below the inbox",
    ]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("source =", "not TOML"),
        ("[source]\nfolder = 'x'", r"write \[\[source\]\]"),
        ("source = [1]", r"write \[\[source\]\]"),
    ],
)
def test_other_mistakes(text: str, complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        parse(text, zones)


def test_an_empty_file_has_no_rules() -> None:
    assert parse("", zones) == Sources()
