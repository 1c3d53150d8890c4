"""The list of cases: each does its harm to a line, and says when it is over."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.faults.line import Line

Harm = Callable[[Line, Random], None]


class Skip(Exception):  # noqa: N818 -- not an error
    """The case cannot be tried on this machine; the message says why."""


@dataclass(frozen=True, slots=True)
class Case:
    name: str  # for the command line
    title: str  # for people
    harm: Harm
    group: str
    small_disk: bool = False  # the servers keep their data on one of their own


CASES: dict[str, Case] = {}


def case(name: str, title: str, *, small_disk: bool = False) -> Callable[[Harm], Harm]:
    """List a function that does harm, under its module's name."""

    def enlist(harm: Harm) -> Harm:
        group = harm.__module__.rpartition(".")[2]
        CASES[name] = Case(name, title, harm, group, small_disk)
        return harm

    return enlist
