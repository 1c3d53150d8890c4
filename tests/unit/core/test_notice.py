import pytest

from worker.core.article import Withdrawn
from worker.core.notice import signal, withdrawn


@pytest.mark.parametrize(
    ("headline", "said"),
    [
        ("KILL: Market opens", "kill"),
        ("KILL - Market opens", "kill"),
        ("KILL KILL KILL", "kill"),
        ("KILL NOTICE: Market opens", "kill"),
        ("EDITORS: MANDATORY KILL - Market opens", "kill"),
        ("EDITORS: WITHDRAWN: Market opens", "kill"),
        ("STORY WITHDRAWN: Market opens", "kill"),
        ("ADVISORY-Kenya market story withdrawn", "kill"),
        ("CORRECTION: Market opens", "correction"),
        ("CORRECTED-Market opens", "corrected"),
        ("REFILE-Market opens", "refile"),
        ("UPDATE 2-Market opens", "update"),
        ("UPDATE-Market opens", None),
        ("Kill: the film opens", None),
        ("KILL THE BILL, SAY TRADERS", None),
        ("KILL-JOYS CLOSE MARKET", None),
        ("WITHDRAWN: A PILL THAT TRADERS SOLD", None),
        ("ADVISORY-Troops withdrawn from market, county says", None),
        ("Market opens", None),
    ],
)
def test_signal(headline: str, said: str | None) -> None:
    assert signal(headline) == said


@pytest.mark.parametrize(
    ("headline", "text", "of"),
    [
        pytest.param(
            "KILL: Market opens", "One.", Withdrawn(None, "Market opens"), id="its own headline"
        ),
        pytest.param(
            "KILL: market",
            "Kill the story headlined “Market opens,” sent on Tuesday.",
            Withdrawn(None, "Market opens"),
            id="a headline in its text",
        ),
        pytest.param(
            "MANDATORY KILL",
            "Headline: Market opens",
            Withdrawn(None, "Market opens"),
            id="a field",
        ),
        pytest.param(
            "KILL KILL KILL",
            "Kill urn:newsml:lakepost.example:20250304:market.",
            Withdrawn("urn:newsml:lakepost.example:20250304:market", None),
            id="an identifier",
        ),
        pytest.param(
            "KILL: Market opens",
            "It is at https://lakepost.example/a?id=7, in error.",
            Withdrawn("https://lakepost.example/a?id=7", "Market opens"),
            id="an address",
        ),
        pytest.param(
            "ADVISORY-Kenya market story withdrawn", "It was wrong.", Withdrawn(), id="nothing"
        ),
    ],
)
def test_what_a_kill_is_of(headline: str, text: str, of: Withdrawn) -> None:
    assert withdrawn(headline, [text]) == of


def test_what_it_says_first_counts() -> None:
    texts = ["urn:a1:first, titled “One two”", "urn:a1:second, titled “Three four”"]

    assert withdrawn("KILL", texts) == Withdrawn("urn:a1:first", "One two")


def test_only_its_first_paragraphs_are_looked_at() -> None:
    assert withdrawn("KILL", [*(["One."] * 8), "urn:a1:late"]) == Withdrawn()
