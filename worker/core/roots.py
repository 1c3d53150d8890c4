"""Names that give a format away to those who must know it and read nothing.

Apart from the readers: the watcher asks what a file is, and must not load what reads it.
"""

from typing import Final

from worker.core.wordlist import words

FEED: Final = frozenset({"rss", "rdf", "feed", "entry"})
"""Roots of RSS and Atom, in lower case and without a prefix."""
NEWSML: Final = frozenset({"newsitem", "newsmessage"})
"""Roots of NewsML-G2, likewise."""
LISTS: Final = words("articles data docs documents entries hits items news records results stories")
"""What exports call a list of records in an object, in any case."""
