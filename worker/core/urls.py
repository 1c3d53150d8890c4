"""Write an address the one way that all spellings of it share, so that it can name a page.

Only what cannot change the page is changed: the case of scheme and host, a default port, a
fragment, an empty query, and parameters that trackers add. The order of parameters, the case of
the path and ``www`` stay: on some sites they matter, and two pages under one name are worse than
two names of one page.
"""

import re
from typing import Final
from urllib.parse import SplitResult, urlsplit, urlunsplit

from worker.core.wordlist import words

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_TRACKERS: Final = frozenset(
    words(
        "fbclid gclid dclid gbraid wbraid msclkid yclid twclid igshid mc_cid mc_eid _ga _gl cmpid"
    )
)
_TRACKING = re.compile(r"utm_\w*", re.IGNORECASE)


def canonical(url: str) -> str:
    """*url* in its common spelling; as it is where it is none of the web's."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:  # brackets in its host, or letters in its port
        return url
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not parts.hostname:
        return url
    host = parts.hostname if ":" not in parts.hostname else f"[{parts.hostname}]"
    if port not in (None, _DEFAULT_PORTS[scheme]):
        host = f"{host}:{port}"
    query = "&".join(each for each in parts.query.split("&") if not _tracks(each))
    return urlunsplit(SplitResult(scheme, host, parts.path or "/", query, ""))


def host(url: str) -> str | None:
    """The site that *url* is on, without ``www``."""
    try:
        name = urlsplit(url).hostname
    except ValueError:
        return None
    return name.removeprefix("www.") if name else None


def _tracks(parameter: str) -> bool:
    name = parameter.partition("=")[0]
    return name.lower() in _TRACKERS or _TRACKING.fullmatch(name) is not None
