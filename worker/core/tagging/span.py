"""What a recogniser finds: a stretch of text and what kind of name it is."""

from enum import StrEnum
from typing import NamedTuple


class Label(StrEnum):
    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"


class Span(NamedTuple):
    start: int  # code points into the text given
    end: int  # exclusive
    label: Label
