import pytest

from worker.core.article import Kind
from worker.core.asides import address, is_credit, kind_of, source


@pytest.mark.parametrize(
    "text",
    [
        "— Reporting by Jane Wanjiru",
        "[Writing & editing by Ali Noor]",
        "ALSO READ: Roads come next",
        "Related articles: Roads",
        "Watch: the market opens",
        "Subscribe now and get our weekly updates",
        "Follow Lake Post on Telegram",
        "Join our WhatsApp channel for more",
        "Download the Lake Post app",
        "Get the morning newsletter",
        "Advertisement",
        "Article continues below",
        "- Ends -",
        "ENDS/",
        "-30-",
        "- 30 -",
        "Enditem",
        "###",
        "====================",
        "Share",
        "Comments (3)",
        "Related Stories",
        "More by this author",
        "FOR IMMEDIATE RELEASE",
        "PRESS RELEASE",
        "Media contact:",
        "Updated 2 hours ago",
        "4 min read",
        "Tags: Nakuru, market",
        "Source: Lake News Agency",
        "Home > News > Counties",
        "À lire aussi : les routes",
        "jane@lake.example",
        "@janewanjiru",
        "© Lake Post 2025",
        "The views expressed in this column are the writer's.",
        "https://lake.example/a",
        "Link: https://lake.example/a",
    ],
)
def test_boilerplate(text: str) -> None:
    assert kind_of(text) is Kind.BOILERPLATE


@pytest.mark.parametrize(
    "text",
    [
        "FILE PHOTO: A stall",
        "Photo: Jane Wanjiru",
        "Photo credit: Jane Wanjiru",
        "Photo | Jane Wanjiru | Lake Post",
        "Photo by Jane Wanjiru",
        "Picha: Jane Wanjiru",
        "Traders in Nakuru. PHOTO | ALI NOOR",
        "A stall in Nakuru. (Photo by Jane Wanjiru/AFP)",
        "A stall in Nakuru. [File, Lake Post]",
        "A stall in Nakuru. Jane Wanjiru/AFP via Getty Images",
    ],
)
def test_caption(text: str) -> None:
    assert kind_of(text) is Kind.CAPTION


@pytest.mark.parametrize(
    "text",
    [
        "Reporting by phone was the only way.",
        "Ends are loose still.",
        "???",
        "30",
        "----",
        "Share prices rose.",
        "share.",
        "Updated figures come next.",
        "Source: it was said. So it is.",
        "5 > 3 > 1",
        "The photograph of the profile was filed.",
        "Photos of the market were shown.",
        "Follow the money on its way.",
        "Written by Ali Noor in 1999, the song was a hit with traders.",
        "Subscribe to a paper, he said.",
        "Related to the first, it burnt too.",
        "See https://lake.example/a for more.",
        "The photo by the gate was taken down.",
        "Also read: " + "x" * 300,
    ],
)
def test_text(text: str) -> None:
    assert kind_of(text) is Kind.TEXT


def test_a_long_text_is_no_credit() -> None:
    credit = "Reporting by Jane Wanjiru"

    assert is_credit(credit)
    assert not is_credit(credit.ljust(301, "."))


def test_address() -> None:
    assert address("Source: https://lake.example/a") == "https://lake.example/a"
    assert address("https://lake.example/a and more") is None


def test_source() -> None:
    assert source("Source: Lake News Agency") == "Lake News Agency"
    assert source("Sources: many") is None
