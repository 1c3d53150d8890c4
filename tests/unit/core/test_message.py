import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.core.message import MOST_IDS, VERSION, decode, encode

IDS = st.integers(min_value=1, max_value=(1 << 63) - 1)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["v", "ids"]), inner)
    ),
    max_leaves=8,
)


@given(st.lists(IDS, max_size=MOST_IDS))
def test_what_is_rung_is_heard(ids: list[int]) -> None:
    assert decode(encode(ids)) == tuple(ids)


def test_a_ring_names_no_more_than_a_message_holds() -> None:
    heard = decode(encode(range(1, MOST_IDS + 2)))

    assert heard == tuple(range(1, MOST_IDS + 1))


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(None, id="nothing"),
        pytest.param([7], id="not an object"),
        pytest.param({"ids": [7]}, id="no version"),
        pytest.param({"v": VERSION + 1, "ids": [7]}, id="a later version"),
        pytest.param({"v": VERSION}, id="no ids"),
        pytest.param({"v": VERSION, "ids": "7"}, id="ids that are a string"),
        pytest.param({"v": VERSION, "ids": ["7"]}, id="an id that is a string"),
        pytest.param({"v": VERSION, "ids": [7, True]}, id="an id that is a truth value"),
        pytest.param({"v": VERSION, "ids": [7.0]}, id="an id that is a fraction"),
        pytest.param({"v": VERSION, "ids": [0]}, id="ids begin at one"),
        pytest.param({"v": VERSION, "ids": [1 << 63]}, id="an id that no bigint holds"),
        pytest.param({"v": VERSION, "ids": [7] * (MOST_IDS + 1)}, id="too many"),
    ],
)
def test_anything_else_names_nobody(said: object) -> None:
    assert decode(said) == ()


@pytest.mark.parametrize("edge", [1, (1 << 63) - 1])
def test_the_least_and_the_greatest_id_are_heard(edge: int) -> None:
    assert decode({"v": VERSION, "ids": [edge]}) == (edge,)


@given(JSON)
def test_no_message_breaks_it(said: object) -> None:
    assert all(0 < i < 1 << 63 for i in decode(said))
