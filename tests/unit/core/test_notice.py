import pytest

from worker.core.article import Withdrawn
from worker.core.notice import embargo, reviews, signal, withdrawn


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
        ("KILL: the band's new album", None),
        ("KILL - or be killed: a memoir", None),
        ("KILL ORDER ISSUED - ARMY", None),
        ("WITHDRAWN: A PILL THAT TRADERS SOLD", None),
        ("URGENT: WITHDRAWN - TROOPS LEAVE MARKET", None),
        ("URGENT: EDITORS: WITHDRAWN: Market opens", "kill"),
        ("ADVISORY: Kenya travel warning withdrawn", None),
        ("ADVISORY-Troops withdrawn from market, county says", None),
        ("Fwd: KILL: Market opens", "kill"),
        ("FW: Fwd: KILL KILL KILL", "kill"),
        ("Fwd: KILL THE BILL", None),
        ("fwd:CORRECTION: Market opens", "correction"),
        ("Re: KILL: Market opens", None),
        ("FW de Klerk: KILL: a life", None),
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
        pytest.param(
            "Fwd: KILL: Market opens", "One.", Withdrawn(None, "Market opens"), id="forwarded"
        ),
    ],
)
def test_what_a_kill_is_of(headline: str, text: str, of: Withdrawn) -> None:
    assert withdrawn(headline, [text]) == of


REVIEW = ["Asha returns to the lake of her childhood, and to those who wronged her. " * 3] * 3


@pytest.mark.parametrize(
    ("headline", "texts", "story"),
    [
        pytest.param("KILL: A FILM REVIEW", REVIEW, True, id="a review"),
        pytest.param("KILL - The album that traders hum", REVIEW, True, id="a work"),
        pytest.param("Fwd: KILL: A FILM REVIEW", REVIEW, True, id="forwarded"),
        pytest.param("KILL: A FILM REVIEW", ["KILL: A FILM REVIEW", *REVIEW], True, id="headed"),
        pytest.param("KILL: A FILM REVIEW", ["Asha " * 80], True, id="just long enough"),
        pytest.param("KILL: A FILM REVIEW", ["Asha " * 79], False, id="too short for an article"),
        pytest.param(
            "KILL: A FILM REVIEW", ["KILL: A FILM REVIEW", "Asha " * 79], False, id="its own words"
        ),
        pytest.param("KILL: MARKET OPENS", REVIEW, False, id="of no work"),
        pytest.param("KILL KILL: A FILM REVIEW", REVIEW, False, id="said to desks"),
        pytest.param("EDITORS: KILL: A FILM REVIEW", REVIEW, False, id="said to editors"),
        pytest.param(
            "KILL: A FILM REVIEW", ["Please kill this review.", *REVIEW], False, id="please kill"
        ),
        pytest.param(
            "KILL: A FILM REVIEW", ["It was sent in error.", *REVIEW], False, id="an error"
        ),
        pytest.param("KILL: A FILM REVIEW", [*REVIEW, "urn:lake:film7"], False, id="it names one"),
        pytest.param(
            "KILL: A FILM REVIEW",
            [*REVIEW, *REVIEW, *REVIEW, "Subscribers pay."],
            True,
            id="only at its start",
        ),
    ],
)
def test_an_article_about_a_work_is_no_kill(
    headline: str, texts: list[str], *, story: bool
) -> None:
    assert signal(headline) == "kill"
    assert reviews(headline, texts) == story


def test_what_it_says_first_counts() -> None:
    texts = ["urn:a1:first, titled “One two”", "urn:a1:second, titled “Three four”"]

    assert withdrawn("KILL", texts) == Withdrawn("urn:a1:first", "One two")


def test_only_its_first_paragraphs_are_looked_at() -> None:
    assert withdrawn("KILL", [*(["One."] * 8), "urn:a1:late"]) == Withdrawn()


@pytest.mark.parametrize(
    ("line", "until"),
    [
        ("EMBARGOED UNTIL 06:00 EAT, Friday 7 March 2025", "Friday 7 March 2025 06:00 EAT"),
        ("Embargoed until: 6.00 am on 7 March 2025", "7 March 2025 6.00 am"),
        ("Strictly embargoed till 7 March 2025", "7 March 2025"),
        ("Embargo: until 2025-03-07", "2025-03-07"),
        ("EMBARGO: 7 March 2025, 06:00 EAT", "7 March 2025, 06:00 EAT"),
        ("Embargoed until 6 on Friday", "6 on Friday"),
        ("Embargo: 5 ports close to ships", None),
        ("Embargo on 3 ports ends", None),
        ("Embargoed until March 7.", "March 7"),
        ("STRICTLY EMBARGOED UNTIL 00.01HRS ON 7 MARCH 2025", "7 MARCH 2025 00.01"),
        ("UNDER EMBARGO UNTIL 7 MARCH 2025 AT 10.00 A.M.", "7 MARCH 2025 AT 10.00 A.M"),
        ("EMBARGO 0001 HRS FRIDAY 7 MARCH 2025", "FRIDAY 7 MARCH 2025 0001"),
        ("[EMBARGOED FOR RELEASE: 7 March 2025]", "7 March 2025"),
        ("NOT FOR PUBLICATION UNTIL 6AM FRIDAY 7 MARCH 2025", "FRIDAY 7 MARCH 2025 6AM"),
        ("Not for release before 9am on 7 March 2025", "7 March 2025 9am"),
        ("HOLD FOR RELEASE until Friday, March 7th at 6 a.m. ET", "Friday, March 7th at 6 a.m. ET"),
        ("PRESS RELEASE - EMBARGOED UNTIL 00:01 GMT 7 MARCH 2025", "7 MARCH 2025 00:01 GMT"),
        ("This story is embargoed until 7 March 2025.", "7 March 2025"),
        ("Embargo until 2026", None),
        ("Embargo until 2026 rattles traders", None),
        ("Under embargo until 7 March for its crimes", None),
        ("Embargo: 5 May 2025 vote delayed", None),
        ("Embargo 10 years on", None),
        ("Hold for release", None),
        ("Embargoed until noon", None),
        ("Embargoed until 7 March 2025 " + "x" * 80, None),
    ],
)
def test_embargo(line: str, until: str | None) -> None:
    assert embargo(line) == until


@pytest.mark.parametrize(
    ("headline", "until"),
    [
        ("EMBARGOED UNTIL 7 MARCH 2025: Market opens", "7 MARCH 2025"),
        ("Embargoed until 06:00 EAT, 7 March 2025 - Market opens", "7 March 2025 06:00 EAT"),
        ("[Embargoed until 7 March] " + "Market opens " * 10, "7 March"),
        ("Embargoed until 7 March 2025", "7 March 2025"),
        ("Embargoed until 7 March 2025, market opens", None),
        ("Embargo until 7 March 2025: oil", None),
        ("Embargoed until: 5ive, the band", None),
        ("Market opens", None),
    ],
)
def test_an_embargo_above_a_headline(headline: str, until: str | None) -> None:
    assert embargo(headline, headed=True) == until
