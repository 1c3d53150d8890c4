"""The rules of ninjs 3.1, as a JSON Schema of our own, for those properties that a text may have.

IPTC's schema is the measure: https://www.iptc.org/std/ninjs/ninjs-schema_3.1.json
"""

from typing import Any

from jsonschema import Draft202012Validator

TEXT = {"type": "string"}
URI = {"type": "string", "pattern": r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+$"}
TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)$"}
PERCENT = {"type": "integer", "minimum": 0, "maximum": 100}


def closed(required: str = "", /, **properties: object) -> dict[str, Any]:
    """An object that has these properties, and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": required.split(),
        "additionalProperties": False,
    }


def listed(item: object) -> dict[str, Any]:
    return {"type": "array", "items": item}


CONCEPT: dict[str, object] = {"name": TEXT, "rel": TEXT, "uri": URI, "literal": TEXT}

# The standard's rules, of those properties that a text may have. IPTC's own schema says the same.
STANDARD = closed(
    "uri",
    uri=URI,
    type={"enum": ["text", "audio", "video", "picture", "graphic", "composite", "component"]},
    representationType={"enum": ["full", "partial"]},
    profile=TEXT,
    version=TEXT,
    firstCreated=TIME,
    versionCreated=TIME,
    contentCreated=TIME,
    embargoedUntil=TIME,
    pubStatus={"enum": ["usable", "withheld", "canceled"]},
    urgency={"type": "integer", "minimum": 1, "maximum": 9},
    copyrightHolder=TEXT,
    copyrightNotice=TEXT,
    usageTerms=TEXT,
    edNote=TEXT,
    language=TEXT,
    headlines=listed(closed("value", role=TEXT, contentType=TEXT, value=TEXT)),
    bodies=listed(
        closed(
            "value",
            role=TEXT,
            contentType=TEXT,
            charCount={"type": "integer"},
            wordCount={"type": "integer"},
            value=TEXT,
        )
    ),
    people=listed(closed(**CONCEPT)),
    organisations=listed(closed(**CONCEPT)),
    places=listed(closed(**CONCEPT)),
    subjects=listed(closed(**CONCEPT, creator=TEXT, relevance=PERCENT, confidence=PERCENT)),
    infoSources=listed(closed(name=TEXT, role=TEXT, uri=URI, literal=TEXT)),
    title=TEXT,
    by=TEXT,
    slugline=TEXT,
    located=TEXT,
    renditions=listed(closed("name", name=TEXT, href=URI, contentType=TEXT, title=TEXT)),
    altIds=listed(closed(role=TEXT, value=TEXT)),
    standard=closed(name=TEXT, version=TEXT, schema=URI),
)


def faults(value: object) -> list[str]:
    validator = Draft202012Validator(STANDARD)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]
