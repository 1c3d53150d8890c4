"""What consumers see of entities: one row for all that are the same, and nothing withheld."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, text

from tests import articles
from tests.newsroom import KENYA, Newsroom, entity, tags
from worker.adapters.postgres.engine import transaction
from worker.adapters.postgres.entities import forget

NEVER = datetime(2999, 1, 1, tzinfo=UTC)


@pytest.fixture
def newsroom(engine: Engine) -> Newsroom:
    return Newsroom(engine)


def test_articles_share_entities_with_all_their_names(newsroom: Newsroom) -> None:
    kenya = entity("Kenya", "Kenya", "Kenyan", **KENYA)
    newsroom.drop(1, tags(entity("William Ruto", "President Ruto"), places=(kenya,)))
    newsroom.drop(2, tags(entity("WILLIAM RUTO"), places=(entity("Kenya", "Nairobi's", **KENYA),)))
    newsroom.drop(3, tags(entity("Ruto")))
    newsroom.work()

    assert newsroom.entities() == {
        "geonames:192950": ("Kenya", ["Kenya", "Kenyan", "Nairobi's"], 2),
        "person:william ruto": (
            "William Ruto",
            ["President Ruto", "WILLIAM RUTO", "William Ruto"],
            2,
        ),
        "person:ruto": ("Ruto", ["Ruto"], 1),
    }


def test_an_entity_leads_to_its_mentions(newsroom: Newsroom) -> None:
    headline = articles.text(1).split("\n")[0]
    newsroom.drop(1, tags(entity("Ferry", headline[:6], start=0), entity("Other")))
    newsroom.drop(2, tags(entity("Other")))
    newsroom.work()

    (mention,) = newsroom.rows("mentions", "entity_id = 'person:ferry'")
    (article,) = newsroom.rows("articles", f"id = '{mention.article_id}'")

    assert (mention.type, mention.name, mention.field) == ("person", "Ferry", "headline")
    assert article.headline[mention.start : mention.end] == mention.text == headline[:6]
    assert len(newsroom.rows("mentions")) == 3


def test_a_name_is_found_by_a_part_of_it_or_by_one_like_it(newsroom: Newsroom) -> None:
    newsroom.drop(1, tags(entity("Félix Tshisekedi", "Tshisekedi"), entity("Paul Kagame")))
    newsroom.work()

    with newsroom.engine.begin() as connection:
        found = {
            part: connection.execute(
                text("select alias, entity_id from feed_v1.search_names(:part)"), {"part": part}
            ).all()
            for part in ("seked", "Tshisekedy", "%", "t_hi")
        }

    names = {"Félix Tshisekedi", "Tshisekedi"}
    assert {part: {row.alias for row in rows} for part, rows in found.items()} == {
        "seked": names,
        "Tshisekedy": names,
        "%": set(),
        "t_hi": set(),
    }
    assert {row.entity_id for row in found["seked"]} == {"person:felix tshisekedi"}


@pytest.mark.parametrize(
    "terms",
    [
        pytest.param({"embargo_until": NEVER}, id="under an embargo"),
        pytest.param({"status": "withheld"}, id="withheld"),
        pytest.param({"status": "canceled"}, id="killed"),
    ],
)
def test_a_name_that_nobody_may_know_shows_nowhere(
    newsroom: Newsroom, terms: Mapping[str, object]
) -> None:
    """Neither an entity of its own nor an alias of one that all may see."""
    newsroom.drop(1, tags(places=(entity("Kenya", **KENYA),)))
    newsroom.work()
    secret = entity("Kenya", "Operation Linda", **KENYA)
    newsroom.drop(2, tags(entity("Jane Informer"), places=(secret,)))
    newsroom.work(**terms)

    shown = "".join(str(newsroom.rows(view)) for view in ("entities", "aliases", "mentions"))

    assert newsroom.entities() == {"geonames:192950": ("Kenya", ["Kenya"], 1)}
    assert "Informer" not in shown
    assert "Linda" not in shown


def test_a_name_goes_with_the_last_version_that_uses_it(newsroom: Newsroom) -> None:
    newsroom.drop(1, tags(entity("Jon Smith"), entity("Ann Otieno")), path="a.txt")
    newsroom.work()
    corrected = articles.text(1).replace("141 days1", "151 days1").replace("Ferry1", "Ship1")
    newsroom.drop(
        1, tags(entity("John Smith"), entity("Ann Otieno")), path="a.txt", content=corrected
    )
    newsroom.work()

    (article,) = newsroom.rows("articles")

    assert article.version == 2
    assert newsroom.entities() == {
        "person:john smith": ("John Smith", ["John Smith"], 1),
        "person:ann otieno": ("Ann Otieno", ["Ann Otieno"], 1),
    }


def test_names_of_an_erased_article_are_gone(newsroom: Newsroom) -> None:
    """From the tables, too; but for those that another article uses."""
    newsroom.drop(1, tags(entity("Jane Informer"), entity("Ann Otieno")))
    newsroom.drop(2, tags(entity("Ann Otieno")))
    newsroom.work()
    (mention,) = newsroom.rows("mentions", "name = 'Jane Informer'")

    with transaction(newsroom.engine) as connection:
        forget(connection, [mention.article_id])

    with newsroom.engine.connect() as connection:
        names = connection.execute(text("select name from desk.entity_name")).scalars().all()
    assert names == ["Ann Otieno"]
    assert newsroom.entities() == {"person:ann otieno": ("Ann Otieno", ["Ann Otieno"], 1)}
