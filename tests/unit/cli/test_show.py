"""What people and machines are shown of an article and of a search."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from typer.testing import CliRunner

from tests.unit.cli.scenes import drawn, terminal
from tests.unit.schemas.test_json_schemas import example
from worker.cli import history, page
from worker.cli.app import app
from worker.cli.painting import painted
from worker.cli.search import as_object, lines, tell
from worker.core.errors import UsageError
from worker.core.searching import Findings, Found, Marked
from worker.ports import Shown

ID = "0195851f-2f60-7c3a-9d1e-5b7a1f0c2d44"


def version(number: int, *texts: str, **said: Any) -> dict[str, Any]:  # noqa: ANN401 -- JSON
    return {
        **dict.fromkeys("byline dateline published_at source changed".split()),
        "version": number,
        "headline": "Ferry returns",
        "language": "en",
        "paragraphs": [{"n": n, "kind": "text", "text": t} for n, t in enumerate(texts)],
        "cause": "no stored text is like it",
        "stored_at": "2026-03-11T12:00:00.5+00:00",
        "position": 10 * number,
        **said,
    }


def shown(**changed: Any) -> Shown:  # noqa: ANN401 -- JSON
    copy = {"relation": "exact", "path": "copy.txt", "evidence": "the same text"}
    relation = {
        "article_id": ID,
        "other_id": UUID(int=7),
        "relation": "related",
        "headline": "Another ferry",
        "evidence": "much is shared",
    }
    file = {"id": 1, "path": "a.txt", "state": "stored", "size": 1_234}
    return Shown(
        article={**example(), **changed},
        versions=[version(1)],
        copies=[copy] * 12,
        relations=[relation],
        files=[file],
    )


# --- colours --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "paints", "expected"),
    [
        pytest.param("a ferry", [], [("a ferry", "")], id="none"),
        pytest.param("a ferry", [(2, 7, "red")], [("a ", ""), ("ferry", "red")], id="one"),
        pytest.param(
            "a ferry sails",
            [(2, 13, "italic"), (2, 7, "red")],
            [("a ", ""), ("ferry", "italic red"), (" sails", "italic")],
            id="one inside another",
        ),
        pytest.param(
            "\x1b[2Jferry", [(4, 9, "red")], [("\\x1b[2J", ""), ("ferry", "red")], id="spelt out"
        ),
        pytest.param("ferry", [(0, 99, "red"), (7, 9, "b")], [("ferry", "red")], id="past its end"),
        pytest.param("", [(0, 1, "red")], [], id="nothing to paint"),
    ],
)
def test_painting(
    text: str, paints: list[tuple[int, int, str]], expected: list[tuple[str, str]]
) -> None:
    line = painted(text, paints)

    assert line.plain == "".join(piece for piece, _ in expected)
    assert [(line.plain[s.start : s.end], s.style) for s in line.spans] == [
        (piece, style) for piece, style in expected if style
    ]


def test_a_part_of_a_longer_text_has_its_own_paints() -> None:
    line = painted("a ferry", [(0, 5, "red"), (102, 107, "blue")], start=100)

    assert [(s.start, s.end, s.style) for s in line.spans if s.style] == [(2, 7, "blue")]


# --- an article -----------------------------------------------------------------------------------


def test_a_page_says_all_that_is_known() -> None:
    console = terminal(width=200)
    told = "\n".join(drawn(page.page(shown()), console))

    for part in (
        "Ferry to Mwanza returns to Lake Victoria after repairs",
        "2025-03-11 04:30 UTC, to the minute, per metadata",
        "[dateline] KISUMU, Kenya, March 11 (ENS) -",
        "“We missed the sound of its horn,” said Amina Juma Magesa",
        "economy, business and finance (medtop:04000000, 0.70)",
        "“We missed the sound of its horn,” — Amina Juma Magesa",
        "Monday (2025-03-17)",
        "… 2 more",
        "related  00000000-0000-0000-0000-000000000007 “Another ferry”: much is shared",
        "a.txt  stored, 1,234 bytes",
        "4,711 of the feed",
    ):
        assert part in told
    assert "complete" not in told, "tags that are in are shown, and not reported"


def test_a_page_of_an_article_that_nobody_tagged() -> None:
    tags = "people organisations places countries subjects keywords quotes dates".split()
    bare = shown(**dict.fromkeys(tags), tags_status="failed", published_at=None, dateline=None)
    told = "\n".join(drawn(page.page(bare), terminal()))

    assert "failed" in told
    assert "quotes" not in told


def test_no_stranger_speaks_to_the_terminal_from_a_page() -> None:
    evil = "\x1b[2J\u202eevil"
    told = "\n".join(
        drawn(page.page(shown(headline=evil, byline=evil, rights=evil, source=evil)), terminal())
    )

    assert "\u202e" not in told
    assert "\x1b[2J" not in told


def test_a_page_for_machines() -> None:
    said = page.as_object(shown())

    assert list(said) == ["article", "versions", "copies", "relations", "files"]
    assert said["article"] == example()


# --- its history ----------------------------------------------------------------------------------

BEFORE = version(1, "The ferry sails on Monday.", "It was repaired.", source="Lake Post")
AFTER = version(
    3,
    "The ferry sails on Tuesday.",
    "It was repaired.",
    "A second vessel follows in August.",
    headline="Ferry returns later",
    source=None,
    dateline={"text": "KISUMU -"},
    changed=[["12", "15"]],
    cause="the same file was saved again",
)


def test_one_version_has_no_history() -> None:
    assert list(history.steps([BEFORE])) == []


def test_a_step_for_people() -> None:
    (step,) = history.steps([BEFORE, AFTER])

    assert drawn(history.told(step), terminal()) == [
        "version 1 → 3  2026-03-11 12:00  at position 30",
        "the same file was saved again",
        "numbers  12 → 15",
        "headline  Ferry returns → Ferry returns later",
        "dateline  KISUMU -",
        "source  Lake Post",
        "",
        "- The ferry sails on Monday.",
        "+ The ferry sails on Tuesday.",
        "",
        "  … 1 paragraph(s) as before",
        "+ A second vessel follows in August.",
        "",
    ]


def test_a_step_for_machines() -> None:
    (step,) = history.steps([BEFORE, AFTER])
    said = json.loads(json.dumps(step.as_json()))

    assert [said[key] for key in ("before", "version", "position")] == [1, 3, 30]
    assert said["changed"] == [["12", "15"]]
    assert said["fields"][2] == {"field": "source", "before": "Lake Post", "after": ""}
    assert [edit["op"] for edit in said["edits"]] == ["changed", "same", "added"]


def test_what_was_removed_and_other_kinds() -> None:
    gone = version(2, "The ferry sails on Monday.")
    gone["paragraphs"].append({"n": 1, "kind": "crosshead", "text": "LATER"})
    (step,) = history.steps([BEFORE, gone])

    told = drawn(history.told(step), terminal())

    assert told[-4:] == ["- It was repaired.", "", "+ [crosshead] LATER", ""]


# --- a search -------------------------------------------------------------------------------------


def found(**changed: Any) -> Found:  # noqa: ANN401 -- of any field
    values: dict[str, Any] = {
        "article_id": UUID(ID),
        "uri": "urn:x",
        "version": 1,
        "position": 4,
        "score": 0.5,
        "headline": Marked("Ferry returns", ((0, 5),)),
        "excerpt": Marked("the ferry sails", ((4, 9),)),
        "source": "Lake Post",
        "language": "en",
        "published_at": datetime(2026, 3, 11, 12, tzinfo=UTC),
        **changed,
    }
    return Found(**values)


def test_what_was_found_for_people() -> None:
    assert drawn(lines(found()), terminal()) == [
        "Ferry returns",
        f"Lake Post  2026-03-11 12:00  en  {ID}",
        "the ferry sails",
        "",
    ]
    assert drawn(lines(found(source=None, published_at=None)), terminal())[1] == f"en  {ID}"


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        pytest.param(Findings((found(),), 1), "1 of 1", id="all"),
        pytest.param(
            Findings((found(),), 480, capped=True), "1 of the newest 480 that match", id="many"
        ),
        pytest.param(Findings((), 0), "nothing found", id="none"),
        pytest.param(
            Findings((), 0, common=True),
            "nothing is left to look for: such words are in every text",
            id="words that are too common",
        ),
        pytest.param(
            Findings((), 0, names=("William Ruto", "Rut\x1bh")),
            "did you mean William Ruto, Rut\\x1bh?",
            id="another name",
        ),
        pytest.param(
            Findings((found(),), 0, alike=True),
            "Nothing has these words. Headlines that look like them:",
            id="alike",
        ),
    ],
)
def test_how_a_search_ends(
    findings: Findings, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tell(findings)

    told = capsys.readouterr()
    assert expected in told.err.splitlines()
    assert told.out == ""


def test_what_was_found_for_machines() -> None:
    said = json.loads(json.dumps(as_object(found(), alike=False)))

    assert said == {
        "id": ID,
        "uri": "urn:x",
        "version": 1,
        "position": 4,
        "score": 0.5,
        "alike": False,
        "headline": "Ferry returns",
        "headline_matches": [[0, 5]],
        "excerpt": "the ferry sails",
        "excerpt_matches": [[4, 9]],
        "source": "Lake Post",
        "language": "en",
        "published_at": "2026-03-11T12:00:00+00:00",
    }
    assert as_object(found(published_at=None), alike=True)["published_at"] is None


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        pytest.param(["search"], "say what to search for", id="for nothing"),
        pytest.param(["search", "x" * 1_001], "1,000 characters", id="for a whole article"),
        pytest.param(["search", "a", "--since", "soon"], "neither a time", id="no time"),
        pytest.param(["show", "a", "--original", "--diff"], "it goes with", id="both"),
        pytest.param(["show", "a", "--original", "--json"], "it goes with", id="bytes in JSON"),
        pytest.param(["show", "a", "--version", "2"], "--version goes with", id="of what"),
    ],
)
def test_what_cannot_be_searched_or_shown(arguments: list[str], complaint: str) -> None:
    run = CliRunner().invoke(app, arguments)

    assert isinstance(run.exception, UsageError)
    assert complaint in str(run.exception)
