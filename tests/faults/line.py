"""A whole line of real processes in a folder of its own, for a case to do harm to.

PostgreSQL, Valkey, ``copydesk watch`` and ``copydesk work`` are started directly, so that each can
be killed, stopped and started again by its pid. The line keeps what was dropped into its inbox,
and when the harm ended, so that in the end it can say what became of everything.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from math import inf
from pathlib import Path
from random import Random
from threading import Event, Lock, Thread

from sqlalchemy import TextClause, text
from sqlalchemy.exc import DBAPIError

import schemas.migrate
from tests import invariants
from tests.bench.texts import articles
from tests.faults.verdict import Verdict
from tests.processes import children, running
from worker.adapters.embedded import Servers, serve
from worker.adapters.postgres.engine import connect
from worker.core.errors import Unavailable
from worker.settings import Settings, environment

PATIENCE_SECONDS = 180.0  # until a line that has not converged counts as stuck
_POLL_SECONDS = 0.1
_MORTAL = ("celery", "-A", "tests.faults.mortal", "worker", "-l", "INFO", "-Ofair")

_FINAL = text("select count(*) from desk.file where finished_at is not null")
_OPEN = text("select count(*) from desk.file where state in ('noticed', 'processing')")
_JUST_CLAIMED = text("""
    select count(*) from desk.file
    where state = 'processing' and claimed_at > now() - interval '1 second'
""")
_ALIVE = text("select count(*) from desk.inbox where seen_at > now() - interval '5 seconds'")
_MISSING = text("""
    select count(*)
    from unnest(cast(:paths as bytea[]), cast(:hashes as bytea[])) as dropped(path, hash)
    where not exists (
        select from desk.file f where f.path_key = sha256(dropped.path) and f.sha256 = dropped.hash
    )
""")
_DOUBLED = text("""
    select count(*) from (
        select content_hash from desk.version v left join desk.merger m using (article_id)
        group by content_hash having count(distinct coalesce(m.into_id, v.article_id)) > 1
    ) twice
""")
_ARTICLES = text("select count(*) from feed_v1.articles")


class Line:
    def __init__(self, root: Path, servers: Servers, stack: ExitStack) -> None:
        self.root = root
        self.inbox = root / "inbox"
        self.spool = root / "spool"  # on the same file system, for renaming into place
        self.servers = servers
        self.data = root / "data"
        self._stories = Lock()
        self._expected_articles = 0
        self.only_noticed = False  # no worker runs, and none is meant to
        self._stack = stack
        self._dropped: set[tuple[bytes, bytes]] = set()  # path and hash
        self._over_at: float | None = None  # monotonic seconds
        self.engine = connect(servers.endpoints.owner_url, name="faults", patient=True)
        stack.callback(self.engine.dispose)
        self.inbox.mkdir()
        self.spool.mkdir()
        self._environment = environment(
            Settings.model_validate(
                {
                    "database_url": servers.endpoints.owner_url,
                    "broker_url": servers.endpoints.broker_url,
                    "inbox": self.inbox,
                    "data": self.data,
                    "workers": 2,
                    "tagger": "rules",
                }
            )
        )

    # --- processes -------------------------------------------------------------------------------

    def watch(self, **given: str) -> "subprocess.Popen[bytes]":
        return self._run("watch", *_ours(), "watch", given=given)

    def clerk(self, **given: str) -> "subprocess.Popen[bytes]":
        return self._run("clerk", *_ours(), "clerk", given=given)

    def work(self, **given: str) -> "subprocess.Popen[bytes]":
        return self._run("work", *_ours(), "work", given=given)

    def work_mortally(self, **given: str) -> "subprocess.Popen[bytes]":
        """Workers that die where ``tests.faults.mortal`` is told to by its environment."""
        return self._run("work", *_MORTAL, given={"TEST_PARENT": str(os.getpid()), **given})

    def _run(self, name: str, *argv: str, given: Mapping[str, str]) -> "subprocess.Popen[bytes]":
        process = running(
            *argv, log=self.root / f"{name}.log", environment={**self._environment, **given}
        )
        return self._stack.enter_context(process)

    def audit(self) -> str:
        """What ``copydesk audit`` says is wrong; empty: nothing."""
        asked = subprocess.run(
            [sys.executable, "-m", "worker.cli", "audit", "--json"],
            env={**os.environ, **self._environment},
            check=False,
            capture_output=True,
        )
        if not asked.stdout:
            return f"the audit ended with status {asked.returncode}"
        findings = json.loads(asked.stdout)["findings"]
        return ", ".join(f"{found['count']} {found['check']}" for found in findings)

    def server(self, name: str) -> int:
        """The pid of ``postgres`` or ``valkey``."""
        return int((self.data / f"{name}.lock").read_text(encoding="ascii"))

    def lives(self, name: str) -> bool:
        """Whether a server still runs, or is a zombie that nobody has asked after."""
        with suppress(FileNotFoundError):
            stat = Path(f"/proc/{self.server(name)}/stat").read_text(encoding="ascii")
            return stat.rpartition(")")[2].split()[0] != "Z"
        return False

    def backends(self) -> list[int]:
        """PostgreSQL and all its children."""
        postmaster = self.server("postgres")
        return [postmaster, *children(postmaster)]

    def try_to_revive(self) -> bool:
        """Start again whichever server is dead, as the supervisor of an installation would."""
        try:
            self.servers.check()
        except Unavailable:
            return False
        return True

    def revive(self) -> None:
        invariants.wait(self.try_to_revive, seconds=PATIENCE_SECONDS, what="the servers")

    def empty_broker(self) -> None:
        """Remove what a dead broker kept on disk."""
        for file in (self.data / "valkey" / "appendonlydir").iterdir():
            file.unlink()

    # --- files -----------------------------------------------------------------------------------

    def expect(self, path: str | bytes, content: str | bytes) -> None:
        raw = content.encode() if isinstance(content, str) else content
        self._dropped.add((os.fsencode(path), sha256(raw).digest()))

    def expect_articles(self, more: int) -> None:
        """Of what is dropped, so many more stories: each is one article in the end."""
        with self._stories:  # they are dropped by several threads
            self._expected_articles += more

    def drop(self, path: str, content: str) -> None:
        """Rename a file into place, the way careful producers do, and expect it."""
        aside = self.spool / sha256(path.encode()).hexdigest()
        aside.write_text(content, encoding="utf-8")
        aside.rename(self.inbox / path)
        self.expect(path, content)

    def drop_articles(self, count: int, seed: int, name: str = "file") -> None:
        """*count* articles, no two alike."""
        for n, story in enumerate(articles(count, seed)):
            self.drop(f"{name}{n}.txt", story)
        self.expect_articles(count)

    def under_load(
        self, random: Random, harm: Callable[[], None], *, times: int, per_second: float = 30
    ) -> None:
        """Do *harm* so often, at moments that nobody knows, while files pour in."""
        self.watch()
        self.work()
        self.warm()
        with self.pouring(random.randrange(1 << 30), per_second=per_second):
            for _ in range(times):
                time.sleep(random.uniform(0.5, 2.5))
                harm()
        self.over()

    @contextmanager
    def pouring(self, seed: int, *, per_second: float) -> Iterator[None]:
        """Articles without end, as long as the context lasts."""
        stop = Event()

        def pour() -> None:
            for n, story in enumerate(articles(1_000_000, seed)):
                if stop.wait(1 / per_second):
                    return
                self.drop(f"poured{n}.txt", story)
                self.expect_articles(1)

        thread = Thread(target=pour)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    # --- what is so ------------------------------------------------------------------------------

    def final(self) -> int:
        """Files with an outcome."""
        return self.count(_FINAL)

    def wait(self, until: Callable[[], bool], what: str) -> None:
        def true() -> bool:
            try:
                return until()
            except DBAPIError:
                return False

        invariants.wait(true, seconds=PATIENCE_SECONDS, what=what)

    def wait_for_final(self, count: int) -> None:
        self.wait(lambda: self.final() >= count, f"{count} files with an outcome")

    def wait_until_processing(self, *, files: float = inf) -> None:
        """Until a worker that lives holds files, or so many have an outcome.

        The dead hold theirs for a while too.
        """

        def at_work() -> bool:
            return self.count(_JUST_CLAIMED) > 0 or self.final() >= files

        self.wait(at_work, "a worker that holds files")

    def wait_until_watched(self) -> None:
        self.wait(lambda: self.count(_ALIVE) > 0, "a watcher that says it is alive")

    def warm(self) -> None:
        """Wait until the line is whole: one article has gone all the way."""
        final = self.final()
        self.drop_articles(1, seed=os.getpid(), name="warm")
        self.wait_for_final(final + 1)

    def over(self) -> None:
        """The harm ends now."""
        self._over_at = time.monotonic()

    def verdict(self) -> Verdict:
        """Wait for the line to converge, and say what became of everything."""
        over_at = time.monotonic() if self._over_at is None else self._over_at
        until = over_at + PATIENCE_SECONDS
        while not (done := self.converged()) and time.monotonic() < until:
            time.sleep(_POLL_SECONDS)
        seconds = time.monotonic() - over_at
        articles_now = self.count(_ARTICLES)
        return Verdict(
            files=len(self._dropped),
            lost=self._missing() + max(0, self._expected_articles - articles_now),
            doubled=self.count(_DOUBLED),
            split=max(0, articles_now - self._expected_articles),
            stuck=0 if self.only_noticed else self.count(_OPEN),
            seconds=seconds,
            complaint=self._complaint() if done and not self.only_noticed else "",
        )

    def converged(self) -> bool:
        with suppress(DBAPIError):
            rows = self.count(text("select count(*) from desk.file"))
            if rows < len(self._dropped) or self._missing():
                return False
            return self.only_noticed or self.count(_OPEN) == 0
        return False

    def _complaint(self) -> str:
        try:
            invariants.check(self.engine)
        except AssertionError as error:
            return str(error).partition("\n")[0]
        return self.audit()

    def _missing(self) -> int:
        dropped = sorted(self._dropped)
        given = {"paths": [p for p, _ in dropped], "hashes": [h for _, h in dropped]}
        with self.engine.connect() as connection:
            return int(connection.execute(_MISSING, given).scalar_one())

    def count(self, question: TextClause) -> int:
        with self.engine.connect() as connection:
            return int(connection.execute(question).scalar_one())


def _ours() -> tuple[str, ...]:
    """Our command, which ends with this process however that ends."""
    return ("worker.cli", "--ends-with", str(os.getpid()))


@contextmanager
def line(root: Path) -> Iterator[Line]:
    """A line with its servers and schema, and no process of ours yet."""
    with ExitStack() as stack:
        servers = stack.enter_context(serve(root / "data", command="tests.faults"))
        made = Line(root, servers, stack)
        schemas.migrate.upgrade(made.engine)
        yield made
