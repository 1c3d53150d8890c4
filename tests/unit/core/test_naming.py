from uuid import UUID

import pytest

from worker.core.naming import between

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
