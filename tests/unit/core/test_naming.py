from uuid import UUID

import pytest

from worker.core.naming import between, number

WHOLE = "0195851f-2f60-7c3a-9d1e-5b7a1f0c2d44"


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        pytest.param(WHOLE, WHOLE, WHOLE, id="all of it"),
        pytest.param(f" {WHOLE.upper()} ", WHOLE, WHOLE, id="in capitals, with blanks"),
        pytest.param(UUID(WHOLE).hex, WHOLE, WHOLE, id="without hyphens"),
        pytest.param(UUID(WHOLE).urn, WHOLE, WHOLE, id="as a urn"),
        pytest.param(
            "0195851f-2",
            "0195851f-2000-0000-0000-000000000000",
            "0195851f-2fff-ffff-ffff-ffffffffffff",
            id="its beginning",
        ),
        pytest.param(
            "0195",
            "01950000-0000-0000-0000-000000000000",
            "0195ffff-ffff-ffff-ffff-ffffffffffff",
            id="the least of it",
        ),
    ],
)
def test_beginning_of_an_id(name: str, first: str, last: str) -> None:
    assert between(name) == (UUID(first), UUID(last))


@pytest.mark.parametrize("name", ["", "019", "https://a.example/b", f"{WHOLE}0", "ferry", "0195é"])
def test_no_id(name: str) -> None:
    assert between(name) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        pytest.param("7", 7, id="a number"),
        pytest.param("9" * 18, 10**18 - 1, id="the greatest"),
        pytest.param("9" * 19, None, id="greater than any file's"),
        pytest.param("0195", None, id="the beginning of an id"),
        pytest.param("\u0667", None, id="digits of another script"),
        pytest.param("a.txt", None, id="a path"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_number_of_a_file(name: str, expected: int | None) -> None:
    assert number(name) == expected
