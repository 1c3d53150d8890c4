"""What was promised stays promised."""

import json
from copy import deepcopy
from importlib.resources import files
from typing import Any

import pytest

from schemas.compatibility import breaks


def load(path: str) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(files("schemas").joinpath(path).read_text(encoding="utf-8"))
    return schema


@pytest.mark.parametrize("name", ["article.v1.json", "message.v1.json"])
def test_no_promise_of_the_last_release_is_broken(name: str) -> None:
    """If one must be: raise the version in its $id and in its name, and keep the old one beside."""
    assert breaks(load(f"released/{name}"), load(name)) == []


SCHEMA: dict[str, Any] = {
    "$id": "urn:example:v1",
    "properties": {
        "name": {"type": "string", "minLength": 1, "description": "What it is called."},
        "kind": {"enum": ["one", "other"]},
        "parts": {"items": {"$ref": "#/$defs/part"}},
        "gone": False,
    },
    "required": ["name", "kind"],
    "additionalProperties": False,
    "$defs": {"part": {"type": ["integer", "null"]}},
}


def changed(*path: str, to: Any) -> dict[str, Any]:  # noqa: ANN401 -- whatever JSON can say
    """SCHEMA with something else at *path*; None: without it."""
    schema = deepcopy(SCHEMA)
    *way, last = path
    place = schema
    for step in way:
        place = place[step]
    if to is None:
        del place[last]
    else:
        place[last] = to
    return schema


@pytest.mark.parametrize(
    "present",
    [
        pytest.param(SCHEMA, id="the same"),
        pytest.param(changed("properties", "more", to={"type": "null"}), id="a key more"),
        pytest.param(changed("required", to=["name", "kind", "more"]), id="which is always there"),
        pytest.param(changed("$defs", "more", to={}), id="a definition more"),
        pytest.param(
            changed("properties", "kind", "enum", to=["one", "two", "other"]), id="a word"
        ),
        pytest.param(changed("properties", "name", "description", to="A name."), id="other words"),
        pytest.param(changed("properties", "name", "examples", to=["Ann"]), id="an example"),
        pytest.param(changed("$id", to="urn:example:v2") | {"properties": {}}, id="a new version"),
    ],
)
def test_allowed(present: dict[str, Any]) -> None:
    assert breaks(SCHEMA, present) == []


@pytest.mark.parametrize(
    ("present", "complaint"),
    [
        pytest.param(
            changed("properties", "name", to=None), "/properties/name is gone", id="a key is gone"
        ),
        pytest.param(
            changed("required", to=["name"]),
            "/required has no 'kind' any more",
            id="a key may be missing",
        ),
        pytest.param(
            changed("properties", "kind", "enum", to=["one"]),
            "/properties/kind/enum has no 'other' any more",
            id="a word is gone",
        ),
        pytest.param(
            changed("$defs", "part", "type", to="integer"),
            "/$defs/part/type was ['integer', 'null'], and is 'integer'",
            id="narrower",
        ),
        pytest.param(
            changed("properties", "name", "type", to=["string", "null"]),
            "/properties/name/type was 'string', and is ['string', 'null']",
            id="wider",
        ),
        pytest.param(
            changed("properties", "name", "maxLength", to=9),
            "/properties/name/maxLength is new",
            id="a new bound",
        ),
        pytest.param(
            changed("properties", "parts", "items", "$ref", to="#/$defs/other"),
            "/properties/parts/items/$ref was '#/$defs/part', and is '#/$defs/other'",
            id="another thing below",
        ),
        pytest.param(
            changed("properties", "gone", to={}), "/properties/gone was False, and is {}", id="back"
        ),
        pytest.param(changed("$defs", to=None), "/$defs is gone", id="no definitions"),
    ],
)
def test_breaks(present: dict[str, Any], complaint: str) -> None:
    assert breaks(SCHEMA, present) == [complaint]
