"""What a recogniser finds: a stretch of text and what kind of name it is."""

from dataclasses import dataclass
from enum import StrEnum


class Label(StrEnum):
    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Span:
    start: int  # code points into the text given
    end: int  # exclusive
    label: Label
