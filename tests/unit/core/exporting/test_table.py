import pytest

from tests.unit.schemas.test_json_schemas import ARTICLE, example
from worker.core.exporting.table import COLUMNS, row


def cells(**changed: object) -> dict[str, str]:
    return dict(zip(COLUMNS, row({**example(), **changed}), strict=True))


def test_columns_are_keys_of_the_article() -> None:
    assert {key for key, _ in COLUMNS.values()} <= set(ARTICLE["properties"])


def test_a_list_becomes_its_names() -> None:
    people = [{"name": "Amina Juma"}, {"name": "Otieno Were"}]

    assert cells(people=people)["people"] == "Amina Juma; Otieno Were"
    assert cells(countries=[{"code": "KE", "relevance": 1}])["countries"] == "KE"
    assert cells(people=[])["people"] == ""


def test_null_is_empty() -> None:
    assert cells(byline=None)["byline"] == ""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_is_never_a_formula(start: str) -> None:
    assert cells(headline=f"{start}1+1")["headline"] == f"'{start}1+1"
    assert cells(people=[{"name": f"{start}A"}])["people"] == f"'{start}A"
