import io
import json
import zipfile
from collections.abc import Sequence
from functools import partial
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.articles import STORY, TAGS, read, text
from worker.core import dedupe
from worker.core.article import Article, Tags
from worker.core.errors import Rejected, UsageError
from worker.core.expanding.rules import Rules
from worker.core.ledger import Reason
from worker.core.policy import Policy
from worker.dry_run import BATCH_FILES, DryRun, Explained
from worker.pipeline import Stages

SCORES = ["containment", "jaccard", "weighted", "title", "numbers"]
KEYS = "path outcome reason relation article_id of scores relations joins article".split()
REVISED = STORY.replace("14 days", "19 days").replace("3 million", "5 million")


def read_or_refuse(content: bytes, name: str) -> Article:
    if not content:
        raise Rejected(Reason.EMPTY)
    return read(content, name)


def tag(articles: Sequence[Article]) -> list[Tags]:
    if any("untaggable" in article.body_text for article in articles):
        raise ValueError("a defect of the tagger")
    return [TAGS for _ in articles]


def dry_run() -> DryRun:
    judge = partial(dedupe.decide, policy=Policy())
    rules = Rules(exclude=("README*",), member_bytes=100_000)
    return DryRun(Stages(read_or_refuse, judge, tag), rules, max_bulk_bytes=200_000)


def write(folder: Path, **contents: str) -> list[Path]:
    """Files named after the keywords, in their order."""
    for name, content in contents.items():
        (folder / name).write_text(content)
    return [folder / name for name in contents]


def explain(paths: Sequence[Path]) -> list[Explained]:
    return list(dry_run().explain(paths))


@pytest.mark.parametrize(
    ("second", "outcome", "reason", "relation"),
    [
        pytest.param(text(1), "stored", None, "new", id="another story"),
        pytest.param(STORY, "duplicate", "exact", "exact", id="the same text"),
        pytest.param(f"{STORY}\nThe end.", "duplicate", "near", "near", id="nearly the same text"),
        pytest.param(REVISED, "revised", None, "revision", id="other numbers"),
        pytest.param("", "quarantined", "empty", None, id="nothing"),
        pytest.param("x" * 100_001, "quarantined", "too_large", None, id="too much"),
    ],
)
def test_a_file_is_judged_against_those_before_it(
    tmp_path: Path, second: str, outcome: str, reason: str | None, relation: str | None
) -> None:
    _, answer = (e.as_json() for e in explain(write(tmp_path, a=STORY, b=second)))

    assert (answer["outcome"], answer["reason"], answer["relation"]) == (outcome, reason, relation)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        pytest.param("a.txt.part", "temporary_name", id="temporary"),
        pytest.param("README.md", "excluded_by_pattern", id="excluded"),
    ],
)
def test_a_name_that_the_watcher_ignores_is_ignored(tmp_path: Path, name: str, reason: str) -> None:
    (answer,) = (e.as_json() for e in explain(write(tmp_path, **{name: STORY})))

    assert (answer["outcome"], answer["reason"], answer["article"]) == ("ignored", reason, None)


def test_only_the_last_part_of_a_path_can_make_it_temporary(tmp_path: Path) -> None:
    (tmp_path / ".hidden").mkdir()

    (answer,) = explain(write(tmp_path / ".hidden", a=STORY))

    assert answer.outcome == "stored"


def test_the_line_has_the_keys_that_others_rely_on(tmp_path: Path) -> None:
    stored, refused = (e.as_json() for e in explain(write(tmp_path, a=STORY, b="")))

    assert list(stored) == list(refused) == KEYS
    assert stored["relations"] == []
    assert stored["scores"] == dict.fromkeys(SCORES, 0)
    assert [refused[key] for key in KEYS[4:]] == [None, None, None, [], [], None]


def test_articles_that_stay_apart_are_named(tmp_path: Path) -> None:
    rival = "\n".join(STORY.replace("Ferry service", "Bus service").split("\n")[:4])

    first, second = explain(write(tmp_path, a=STORY, b=rival))

    (related,) = second.as_json()["relations"]
    assert first.as_json()["relations"] == []
    assert (second.outcome, related["other_id"]) == ("stored", first.as_json()["article_id"])
    assert related["relation"] == "recurring"
    assert "each headline names what the other does not" in related["evidence"]
    assert list(related["scores"]) == SCORES


def test_a_copy_names_the_article_that_it_is_of(tmp_path: Path) -> None:
    first, second = explain(write(tmp_path, a=STORY, b=STORY))

    assert first.as_json()["of"] is None
    assert second.as_json()["of"] == second.as_json()["article_id"] == first.as_json()["article_id"]
    assert second.of_path == str(tmp_path / "a")


def test_a_copy_has_its_own_text_and_tags(tmp_path: Path) -> None:
    """The pipeline does not tag copies; a dry run does."""
    mine = STORY.replace("Ferry service resumes", "Ferry resumes")
    first, second = (e.as_json() for e in explain(write(tmp_path, a=STORY, b=mine)))

    assert second["reason"] == "near"
    assert second["article"]["headline"] == mine.split("\n")[0]
    assert second["article"]["countries"] == [{"code": "KE", "relevance": 1.0}]
    assert second["article"]["tags_status"] == "complete"
    assert second["article"]["content_hash"] != first["article"]["content_hash"]


def test_a_revision_is_the_next_version_of_its_article(tmp_path: Path) -> None:
    first, second = (e.as_json() for e in explain(write(tmp_path, a=STORY, b=REVISED)))

    assert second["article_id"] == first["article_id"]
    assert (second["article"]["id"], second["article"]["version"]) == (first["article_id"], 2)


def test_articles_obey_the_schema(tmp_path: Path) -> None:
    schema = json.loads((files("schemas") / "article.v1.json").read_bytes())
    answers = explain(write(tmp_path, a=STORY, b=STORY, c=REVISED, d=text(1)))

    for answer in answers:
        Draft202012Validator(schema).validate(answer.article)
    assert len(answers) == 4


@pytest.mark.parametrize("between", [0, BATCH_FILES])
def test_a_path_that_comes_again_as_it_was_is_unchanged(tmp_path: Path, between: int) -> None:
    (path,) = write(tmp_path, a=STORY)
    others = write(tmp_path, **{f"b{n}": text(n + 1) for n in range(between)})

    first, *_, again = (e.as_json() for e in explain([path, *others, path]))

    assert (again["outcome"], again["reason"]) == ("duplicate", "unchanged")
    assert (again["relation"], again["of"]) == ("unchanged", first["article_id"])
    assert again["article"]["headline"] == first["article"]["headline"]
    assert again["article"]["tags_status"] == "complete"


def test_a_refused_path_that_comes_again_is_refused_again(tmp_path: Path) -> None:
    (path,) = write(tmp_path, a="")

    first, again = (e.as_json() for e in explain([path, path]))

    assert first == again


def test_answers_come_in_the_order_of_the_files(tmp_path: Path) -> None:
    """Also when batches hold refusals, copies and articles in turn."""
    contents = [text(1), "", STORY, text(2)] * (BATCH_FILES // 2)
    paths = write(tmp_path, **{f"{n:03}": content for n, content in enumerate(contents)})

    answers = explain(paths)

    assert [answer.path for answer in answers] == [str(path) for path in paths]
    assert [bool(answer.article) for answer in answers] == [bool(content) for content in contents]


def test_the_same_files_give_the_same_answer(tmp_path: Path) -> None:
    paths = write(tmp_path, a=STORY, b=REVISED, c=STORY, d="", e=text(3))

    assert [e.as_json() for e in explain(paths)] == [e.as_json() for e in explain(paths)]


def test_answers_stream(tmp_path: Path) -> None:
    """The first batch is answered before the files after it are even looked for."""
    paths = write(tmp_path, **{f"{n}": text(n + 1) for n in range(BATCH_FILES)})

    answers = dry_run().explain([*paths, tmp_path / "missing"])

    assert next(answers).path == str(paths[0])


@pytest.mark.parametrize("copy", [False, True], ids=["an article", "a copy"])
def test_a_text_that_cannot_be_tagged_spoils_no_other(tmp_path: Path, *, copy: bool) -> None:
    untaggable = f"{STORY}\nThis text is untaggable."
    contents = {"a": STORY if copy else text(5), "b": untaggable, "c": text(1)}

    answers = explain(write(tmp_path, **contents))

    assert [e.article["tags_status"] for e in answers if e.article] == [
        "complete",
        "failed",
        "complete",
    ]
    assert answers[1].outcome == ("duplicate" if copy else "stored")


@pytest.mark.parametrize("name", ["missing", "."], ids=["missing", "a folder"])
def test_what_is_no_file_is_a_mistake_of_the_person(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=str(tmp_path)):
        explain([tmp_path / name])


def test_a_name_that_is_not_utf8_is_spelt_out(tmp_path: Path) -> None:
    name = b"caf\xe9.txt"
    Path(str(tmp_path)).joinpath(name.decode("utf-8", "surrogateescape")).write_text(STORY)

    (answer,) = explain([tmp_path / name.decode("utf-8", "surrogateescape")])

    assert answer.path == f"{tmp_path}/caf\\xe9.txt"


# --- containers -----------------------------------------------------------------------------------


def wire(*texts: str) -> str:
    return "".join(json.dumps({"text": each}) + "\n" for each in texts)


def outcomes(folder: Path, answers: Sequence[Explained]) -> list[tuple[str, str, str | None]]:
    lines = [answer.as_json() for answer in answers]
    return [(a["path"].removeprefix(f"{folder}/"), a["outcome"], a["reason"]) for a in lines]


def test_articles_that_a_text_shows_to_be_one_are_named(tmp_path: Path) -> None:
    headline, *lines = STORY.split("\n")
    parts = {"a": lines[:2], "b": lines[2:], "c": lines}
    files = {name: "\n".join([headline, *part]) for name, part in parts.items()}

    a, b, c = (answer.as_json() for answer in explain(write(tmp_path, **files)))

    assert {c["article_id"], *c["joins"]} == {a["article_id"], b["article_id"]}
    assert a["joins"] == b["joins"] == []


def test_a_container_is_followed_by_its_members(tmp_path: Path) -> None:
    """Its line has no article, and no reason either."""
    files = {"a": STORY, "w.jsonl": wire(text(1), STORY) + '{"broken\n', "z": text(1)}
    answers = explain(write(tmp_path, **files))

    assert outcomes(tmp_path, answers) == [
        ("a", "stored", None),
        ("w.jsonl", "expanded", None),
        ("w.jsonl#1", "stored", None),
        ("w.jsonl#2", "stored", None),
        ("w.jsonl#3", "quarantined", "malformed"),
        ("z", "stored", None),
    ]
    assert [bool(answer.article) for answer in answers] == [True, False, True, True, False, True]
    assert list(answers[1].as_json()) == KEYS


def test_containers_in_containers_are_told_where_they_stand(tmp_path: Path) -> None:
    inner, outer = io.BytesIO(), tmp_path / "o.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("b.txt", text(2))
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("i.zip", inner.getvalue())
        archive.writestr("a.txt", text(1))
        archive.writestr("README", "not for us")
        archive.writestr("empty.txt", "")

    answers = explain([outer])

    assert outcomes(tmp_path, answers) == [
        ("o.zip", "expanded", None),
        ("o.zip!i.zip", "expanded", None),
        ("o.zip!i.zip!b.txt", "stored", None),
        ("o.zip!a.txt", "stored", None),
        ("o.zip!README", "ignored", "excluded_by_pattern"),
        ("o.zip!empty.txt", "quarantined", "empty"),
    ]


def test_a_container_that_comes_again_tells_only_what_is_new(tmp_path: Path) -> None:
    (path,) = write(tmp_path, **{"w.jsonl": wire(text(1), text(2))})
    run = dry_run()

    first = list(run.explain([path]))
    again = list(run.explain([path]))
    write(tmp_path, **{"w.jsonl": wire(text(1), text(2), text(3))})
    grown = list(run.explain([path]))

    assert [len(first), len(again), len(grown)] == [3, 1, 2]
    assert outcomes(tmp_path, grown) == [
        ("w.jsonl", "expanded", None),
        ("w.jsonl#3", "stored", None),
    ]


@pytest.mark.parametrize(
    ("name", "size", "outcome"),
    [
        pytest.param("w.jsonl", 199_000, "expanded", id="a container"),
        pytest.param("w.jsonl", 201_000, "quarantined", id="a larger one"),
        pytest.param("w.json", 199_000, "quarantined", id="its name might be one's"),
        pytest.param("w.txt", 199_000, "quarantined", id="no container"),
    ],
)
def test_a_container_may_be_larger_than_an_article(
    tmp_path: Path, name: str, size: int, outcome: str
) -> None:
    line = wire(STORY)
    content = line * (size // len(line)) if outcome == "expanded" else "x" * size

    answers = explain(write(tmp_path, **{name: content}))

    assert answers[0].outcome == outcome
    assert answers[0].reason == (None if outcome == "expanded" else "too_large")
