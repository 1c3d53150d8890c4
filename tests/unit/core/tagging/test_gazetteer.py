import pytest

from tests.unit.core.tagging.makers import GAZETTEER
from worker.core.tagging.gazetteer import Gazetteer, Rank, Spot


def test_a_city() -> None:
    spots = GAZETTEER.called("Gallup")

    assert spots == (Spot(Rank.CITY, "Gallup", 5468773, "US", "NM", 35.5281, -108.7426, 22670),)


def test_a_region_is_no_point() -> None:
    (spot,) = GAZETTEER.called("Louisiana")

    assert (spot.latitude, spot.longitude, spot.population) == (None, None, 0)
    assert spot.area == ("US", "LA")


@pytest.mark.parametrize(
    ("name", "identifiers"),
    [
        pytest.param("Kiambu", [192709, 192710], id="a region and a town"),
        pytest.param("KIAMBU COUNTY", [192709], id="another name, in capitals"),
        pytest.param("New-Mexico", [5481136], id="a hyphen"),
        pytest.param("dorp", [1], id="another name, small"),
        pytest.param("Atlantis", [], id="nowhere"),
        pytest.param("Kenya", [], id="a country, which is known by its code"),
    ],
)
def test_names(name: str, identifiers: list[int]) -> None:
    assert [spot.geonames for spot in GAZETTEER.called(name)] == identifiers
    assert (name in GAZETTEER) is bool(identifiers)


@pytest.mark.parametrize(("code", "identifier"), [("KE", 192950), ("XX", None)])
def test_countries_by_their_codes(code: str, identifier: int | None) -> None:
    spot = GAZETTEER.country(code)

    assert (spot.geonames if spot else None) == identifier


def test_apostrophes_are_one() -> None:
    places = Gazetteer.of(["C\tMurang'a\t1\tKE\t\t\t\t\t"])

    assert "Murang\N{RIGHT SINGLE QUOTATION MARK}a" in places
