"""What we write as ninjs obeys the standard, and says what the article says."""

import pytest

from tests.ninjs import faults
from tests.unit.schemas.test_json_schemas import example
from worker.core.exporting.ninjs import SCHEMA, ninjs


def test_an_article_is_valid_ninjs() -> None:
    assert faults(ninjs(example())) == []


def test_nulls_are_left_out() -> None:
    names = ("byline", "located", "published_at", "published_precision", "source", "url", "urgency")
    bare = {
        **example(),
        **dict.fromkeys([*names, "ed_note", "rights", "subjects", "people", "places"]),
        "organisations": [],
        "authors": [],
    }

    made = ninjs(bare)

    assert faults(made) == []
    assert set(made) == {
        "uri",
        "type",
        "representationType",
        "version",
        "firstCreated",
        "versionCreated",
        "pubStatus",
        "language",
        "headlines",
        "bodies",
        "altIds",
        "standard",
    }


def test_it_says_what_the_article_says() -> None:
    article = example()
    made = ninjs(article)

    assert made["uri"] == article["uri"]
    assert made["altIds"] == [{"role": "copydesk", "value": f"urn:uuid:{article['id']}"}]
    assert made["headlines"] == [{"role": "main", "value": article["headline"]}]
    assert made["bodies"][0]["value"] == article["body_text"]
    assert made["by"] == "Achieng Odera Were"
    assert made["contentCreated"] == article["published_at"]
    assert made["subjects"][0]["confidence"] == 70
    assert made["people"] == [{"name": "Amina Juma Magesa", "rel": "mentions"}]
    assert made["renditions"][0]["href"] == article["url"]
    assert made["standard"]["schema"] == SCHEMA


@pytest.mark.parametrize(
    ("uri", "is_one"),
    [
        pytest.param("urn:newsml:lake-post.example:20250310:ferry", True, id="urn"),
        pytest.param("https://lake-post.example/a?b=c#d", True, id="url"),
        pytest.param("tag:lake-post.example,2025:1", True, id="tag"),
        pytest.param("LP-2025-4711", False, id="number"),
        pytest.param("https://lake-post.example/a b", False, id="space"),
        pytest.param("https://lake-post.example/<a>", False, id="brackets"),
    ],
)
def test_what_is_no_uri_becomes_an_alternative_id(*, uri: str, is_one: bool) -> None:
    made = ninjs({**example(), "uri": uri})

    assert faults(made) == []
    assert (made["uri"] == uri) is is_one
    assert ({"role": "publisher", "value": uri} in made["altIds"]) is not is_one


@pytest.mark.parametrize("precision", ["year", "month"])
def test_a_vague_time_is_not_made_exact(precision: str) -> None:
    assert "contentCreated" not in ninjs({**example(), "published_precision": precision})


def test_ids_of_entities_become_uris() -> None:
    entity = {**example()["organisations"][0], "wikidata": "Q1736", "geonames": None}
    town = {**entity, "geonames": 191245}
    made = ninjs({**example(), "organisations": [entity], "places": [town, entity]})

    assert faults(made) == []
    assert made["organisations"][0]["uri"] == "http://www.wikidata.org/entity/Q1736"
    assert made["places"][0]["uri"] == "https://sws.geonames.org/191245/"
    assert made["places"][1]["uri"] == "http://www.wikidata.org/entity/Q1736"


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"headline": "x"}, id="a property of ninjs 1"),
        pytest.param({"urgency": 0}, id="urgency"),
        pytest.param({"versionCreated": "yesterday"}, id="time"),
        pytest.param({"uri": "no uri"}, id="uri"),
    ],
)
def test_the_rules_can_be_broken(wrong: dict[str, object]) -> None:
    assert faults({**ninjs(example()), **wrong}) != []
