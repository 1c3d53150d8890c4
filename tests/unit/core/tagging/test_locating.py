import pytest

from tests.unit.core.tagging.makers import GAZETTEER, article
from worker.core.tagging.gazetteer import Gazetteer
from worker.core.tagging.locating import Asked, Setting, home, locate


def located(
    *asked: str | Asked, countries: dict[str, float] | None = None, at_home: str | None = None
) -> dict[str, int]:
    questions = [Asked(a) if isinstance(a, str) else a for a in asked]
    spots = locate(questions, Setting(countries or {}, at_home), GAZETTEER)
    return {name: spot.geonames for name, spot in spots.items()}


@pytest.mark.parametrize(
    ("asked", "countries", "expected"),
    [
        pytest.param("Alexandria", {}, 361058, id="the most populous"),
        pytest.param("Alexandria", {"US": 1.0}, 4314550, id="the country of the story"),
        pytest.param("Alexandria", {"US": 0.1, "EG": 0.1}, 361058, id="hardly of the story"),
        pytest.param("Nairobi", {"KE": 0.5}, 184745, id="a capital before its region"),
        pytest.param("Kiambu", {"KE": 0.5}, 192709, id="a region before its town"),
        pytest.param("Gallup", {}, None, id="few people, and nothing speaks for it"),
        pytest.param("Gallup", {"US": 1.0}, 5468773, id="or something does"),
        pytest.param("Africa", {"TN": 1.0}, None, id="a continent"),
        pytest.param("Atlantis", {}, None, id="nowhere"),
        pytest.param("North East", {"BW": 0.1}, 4, id="a side, of the story's country"),
        pytest.param("North East", {"GB": 1.0}, None, id="or of none"),
        pytest.param("Western District", {}, None, id="a side and a kind"),
    ],
)
def test_one_name(asked: str, countries: dict[str, float], expected: int | None) -> None:
    assert located(asked, countries=countries).get(asked) == expected


@pytest.mark.parametrize("qualifier", ["Louisiana", "La", "LA"])
def test_what_stands_after_it(qualifier: str) -> None:
    assert located(Asked("Alexandria", (qualifier,))) == {"Alexandria": 4314550}


def test_a_region_that_is_named_speaks_for_what_lies_in_it() -> None:
    assert located("Alexandria", "Louisiana")["Alexandria"] == 4314550


def test_places_of_a_region_speak_for_each_other() -> None:
    """Neither is of many people; two of one region are enough."""
    places = Gazetteer.of(
        [
            "C\tLeft\t1\tUS\tOH\t0\t0\t20000\t",
            "C\tLeft\t2\tUS\tTX\t0\t0\t20001\t",
            "C\tRight\t3\tUS\tOH\t0\t0\t20000\t",
            "C\tInner\t4\tUS\tOH\t0\t0\t20000\t",
        ]
    )

    spots = locate(map(Asked, ("Left", "Right", "Inner")), Setting({}), places)

    assert {name: spot.geonames for name, spot in spots.items()} == {
        "Left": 1,
        "Right": 3,
        "Inner": 4,
    }


def test_the_publishers_country_counts() -> None:
    assert located("Gallup", at_home="US") == {"Gallup": 5468773}


@pytest.mark.parametrize(
    ("canonical", "url", "expected"),
    [
        (None, None, None),
        ("https://www.paper.co.ke/1", None, "KE"),
        (None, "http://paper.ke:80/1", "KE"),
        ("https://paper.co.uk/1", None, "GB"),
        ("https://paper.com/1", "https://paper.ug", "UG"),
        ("https://paper.io", None, None),
        ("urn:x", None, None),
    ],
)
def test_home(canonical: str | None, url: str | None, expected: str | None) -> None:
    assert home(article("x", canonical_url=canonical, url=url)) == expected


@pytest.mark.parametrize(
    ("countries", "expected"),
    [
        pytest.param(("US", "UY"), None, id="of two countries: nobody can tell"),
        pytest.param(("US", "US"), 1, id="of one: the first"),
    ],
)
def test_regions_that_are_as_likely(countries: tuple[str, str], expected: int | None) -> None:
    rows = [f"A\tFlora\t{n}\t{code}\t{n}\t\t\t\t" for n, code in enumerate(countries, 1)]

    spots = locate([Asked("Flora")], Setting({}), Gazetteer.of(rows))

    assert {name: spot.geonames for name, spot in spots.items()} == (
        {} if expected is None else {"Flora": expected}
    )
