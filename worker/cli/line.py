"""Run the whole line on this machine, and look after it: what ``copydesk up`` does.

This process owns the embedded servers and starts the roles as processes of their own. It works on
no file itself: when it is killed, the kernel ends the others, and nothing is lost, since whatever
was seen is in the ledger.
"""

import shlex
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit, urlunsplit

from worker.adapters.embedded import attach
from worker.adapters.folder import DiskFolder
from worker.bootstrap import folders, operating, serving, watching
from worker.bootstrap.serving import Running
from worker.cli import summary
from worker.cli.children import Children, Role
from worker.cli.console import machine, people, say
from worker.cli.observer import Observer
from worker.cli.scene import (
    STALLED_SECONDS,
    Drain,
    Meter,
    Observed,
    Places,
    Scene,
    Summary,
    articles,
    ended,
    waiting,
)
from worker.cli.signals import interrupting, stopping
from worker.cli.view import View, view
from worker.core.errors import Unavailable, UsageError
from worker.settings import Settings, environment

_PAUSE_SECONDS = 0.05
_CHECK_SECONDS = 1.0  # between looks at the servers
_HEADLINES = 100  # as many as a tall screen shows
_MESSAGES = 20  # kept

_WATCH = Role("watch")
_SCAN = Role("watch", ("--once",), ends=True)
_CLERK = Role("clerk")
_WORK = Role("work", patience_seconds=10.0)  # a batch takes a third of a second, as a rule


def run(settings: Settings, *, once: bool, as_json: bool) -> bool:
    """Until stopped, or with *once* until drained; whether it is."""
    DiskFolder(settings.inbox).check()
    result, drained, places = None, False, None
    try:
        with interrupting(), _own(settings) as running, _observed(running) as observer:
            places = _places(running)
            children = Children(Path(places.logs), environment(running.settings))
            line = Line(running, children, observer, places, began=observer.ask())
            result, drained = _work(line, once=once)
            if drained:
                _tidy(running)
    except KeyboardInterrupt:
        pass  # before there was anything to stop in order, or a second time
    summary.tell(result, places, once=once, drained=drained)
    if as_json and result is not None:
        machine(result.as_json())
    return drained


def _tidy(running: Running) -> None:
    """Take out of the inbox what ended after the watcher did."""
    with watching.after(running.settings) as after:
        if after is not None:
            after.tick()


@contextmanager
def _own(settings: Settings) -> Iterator[Running]:
    """Servers for this process, unless they are given; never another ``up``'s."""
    with serving.servers(settings, command="copydesk up") as running:
        if settings.embedded and running.embedded is None:
            owner = attach(settings.data)
            who = f"process {owner.pid}" if owner else "another process"
            raise UsageError(
                f"copydesk is running on {settings.data.resolve()} already, {who}; stop it first, "
                "or choose another folder with COPYDESK_DATA"
            )
        if not settings.embedded:
            serving.migrate(running.settings)
        yield running


@contextmanager
def _observed(running: Running) -> Iterator[Observer]:
    inbox = folders.inbox_name(running.settings)
    with (
        operating.reading(running.settings) as reading,
        Observer(reading, inbox, _HEADLINES) as observer,
    ):
        yield observer


def _work(line: "Line", *, once: bool) -> tuple[Summary, bool]:
    drained = False
    with stopping() as stop:
        try:
            with view(people(), once=once) as shown:
                drained = line.until_drained(stop, shown) if once else line.until(stop, shown)
            line.ended_at = time.monotonic()
            if stop.is_set():
                say("stopping the watcher, the workers, then the servers …")
            line.children.stop()
        except KeyboardInterrupt:
            say("… at once")
        finally:
            line.children.kill()
    return line.summary(drained=drained), drained


@dataclass(slots=True)
class Line:
    """The line at work: its processes, and what was seen of them."""

    running: Running
    children: Children
    observer: Observer
    places: Places
    began: Observed
    ended_at: float | None = None  # monotonic seconds: before it was stopped
    _began_at: float = field(default_factory=time.monotonic)
    _check_at: float = 0.0
    _messages: list[str] = field(default_factory=list)
    _meter: Meter = field(default_factory=Meter)
    _marked: Observed | None = None
    _per_second: float = 0.0

    def until(self, stop: Event, shown: View) -> bool:
        """Watch and work until *stop*."""
        self.children.add(_WATCH)
        self.children.add(_WORK)
        while not stop.wait(_PAUSE_SECONDS):
            self._turn(shown)
        return False

    def until_drained(self, stop: Event, shown: View) -> bool:
        """Work what the inbox holds, or give up; whether all of it is final."""
        scan = self.children.add(_SCAN)
        self.children.add(_WORK)
        drain = Drain(self._began_at)
        while not stop.wait(_PAUSE_SECONDS):
            self._turn(shown)
            before = drain.scanned_at
            if drain.look(time.monotonic(), self.observer.latest, scanned=scan.done):
                return True
            if before is None and drain.scanned_at is not None:
                self.children.add(_CLERK)  # until now, the watcher's companion
            if (complaint := self._complaint(drain)) is not None:
                self._say(complaint, shown)
                return False
        return False

    def summary(self, *, drained: bool) -> Summary:
        """How things stand, by the freshest answer that can be had."""
        observed = self.observer.latest or self.began
        seconds = (self.ended_at or time.monotonic()) - self._began_at
        if not drained:
            try:
                observed = self.observer.ask()
            except Unavailable as error:
                self._messages.append(str(error))
        done = articles(observed.status) - articles(self.began.status)
        left = waiting(observed.status) if drained else observed.status.in_flight
        return Summary(observed, seconds, done, left)

    def _turn(self, shown: View) -> None:
        for message in (*self.children.tend(), *self._check_servers()):
            self._say(message, shown)
        shown.show(self._scene())

    def _check_servers(self) -> list[str]:
        servers, now = self.running.embedded, time.monotonic()
        if servers is None or now < self._check_at:
            return []
        self._check_at = now + _CHECK_SECONDS
        try:
            return [str(restart) for restart in servers.check()]
        except Unavailable as error:
            return [str(error)]

    def _say(self, message: str, shown: View) -> None:
        told = f"{datetime.now().astimezone():%H:%M:%S} {message}"
        self._messages = [*self._messages, told][-_MESSAGES:]
        shown.say(told)

    def _scene(self) -> Scene:
        observed = self.observer.latest
        if observed is not None and observed is not self._marked:
            self._marked = observed
            self._per_second = self._meter.mark(observed.asked_at, ended(observed.status))
        return Scene(
            places=self.places,
            seconds=time.monotonic() - self._began_at,
            observed=observed,
            per_second=self._per_second,
            trouble=self.observer.trouble,
            messages=tuple(self._messages),
        )

    def _complaint(self, drain: Drain) -> str | None:
        """Why it makes no sense to wait any longer."""
        if (child := self.children.hopeless) is not None:
            return f"gave up: {child.role.name} does not stay up; its log: {child.log.path}"
        if drain.stalled(time.monotonic()):
            return f"gave up: nothing has moved for {STALLED_SECONDS:.0f} s"
        return None


def _places(running: Running) -> Places:
    return Places(
        inbox=str(running.settings.inbox),
        url=without_password(running.reader_url),
        psql=f"{_ourselves()} psql",
        logs=str(running.settings.data / "log"),
    )


def without_password(url: str) -> str:
    """*url* as it may be shown."""
    parts = urlsplit(url)
    if parts.password is None:
        return url
    user, _, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}:***@{host}"))


def _ourselves() -> str:
    """How this command was called, to be typed again in the same folder."""
    if Path(sys.argv[0]).name == "copydesk":
        return shlex.quote(sys.argv[0])
    return f"{shlex.quote(sys.executable)} -m worker.cli"
