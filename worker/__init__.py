"""Copydesk: drop news articles into a folder, read clean, deduplicated, tagged ones from Postgres.

Arrows point one way, and import-linter checks them::

    cli, celery_app → bootstrap → settings → tasks | adapters → pipeline | watcher | clerk
                                                                        → ports → core
"""

PIPELINE = "2"
"""Version of the code that decides what is stored; kept with every article. Raise it when the
same bytes would be read, judged or tagged differently."""
