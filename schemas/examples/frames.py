"""Articles and the people in them as data frames, for a notebook.

    python frames.py postgresql+psycopg://copydesk_reader@localhost/copydesk

Needs pandas, SQLAlchemy and psycopg.
"""

import sys

import pandas as pd
from sqlalchemy import create_engine, text

ARTICLES = text("""
    select id, headline, language, source, published_at, word_count, copies
    from feed_v1.articles
    where stored_at >= now() - make_interval(days => :days)
""")

# One row an article and person: a list in jsonb becomes rows in the database, not here.
PEOPLE = text("""
    select a.id, person ->> 'name' as name, (person ->> 'relevance')::float as relevance
    from feed_v1.articles a, jsonb_array_elements(a.people) person
    where a.stored_at >= now() - make_interval(days => :days)
""")


def main(url: str, days: int = 7) -> None:
    with create_engine(url).connect() as connection:
        articles = pd.read_sql(ARTICLES, connection, params={"days": days}, index_col="id")
        people = pd.read_sql(PEOPLE, connection, params={"days": days})
    print(articles.groupby("language").size())
    print(people.groupby("name")["relevance"].sum().nlargest(10))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1])
