"""Writers that write slowly, twice, badly or very much; watchers that die or are two."""

import os
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

from sqlalchemy import text

from tests.bench.texts import articles
from tests.faults.line import Line
from tests.faults.registry import case
from tests.processes import kill_group

BURST = 60_000
_VERSIONS = text("select count(*) from feed_v1.versions")


@case("trial-2", "SIGKILL of the watcher with a backlog, 5 times")
def trial_2(line: Line, random: Random) -> None:
    line.work()
    line.drop_articles(400, random.randrange(1 << 30))
    for _ in range(5):
        watch = line.watch()
        time.sleep(random.uniform(0.3, 1.5))
        kill_group(watch)
    line.watch()
    line.over()


@case("trial-3", "The watcher starts while a file is being written")
def trial_3(line: Line, random: Random) -> None:
    line.work()
    line.expect_articles(1)
    lines = next(articles(1, random.randrange(1 << 30))).splitlines(keepends=True)
    with (line.inbox / "slow.txt").open("w", encoding="utf-8") as file:
        for n, part in enumerate(lines):
            if n == 3:
                line.watch()
            file.write(part)
            file.flush()
            time.sleep(0.7)
    line.over()
    line.expect("slow.txt", "".join(lines))


@case("trial-4", "One name, a text, its correction, the first text again")
def trial_4(line: Line, random: Random) -> None:
    line.watch()
    line.work()
    line.warm()
    first = next(articles(1, random.randrange(1 << 30)))
    second = first.replace("Officials", "Two officials").replace("people", "persons")
    line.expect_articles(1)
    for n, content in enumerate((first, second, first), line.final() + 1):
        line.drop("story.txt", content)
        line.wait_for_final(n)
    line.over()


@case("a-b-a", "A, B, A at one path, faster than they can be read, then B")
def a_b_a(line: Line, random: Random) -> None:
    """What is gone before anybody could read it is nobody's loss; the last must be there."""
    line.watch()
    line.work()
    line.warm()
    first = next(articles(1, random.randrange(1 << 30)))
    second = first.replace("Officials", "Two officials").replace("people", "persons")
    line.expect_articles(1)
    for content in (first, second, first, second):
        (line.spool / "story").write_text(content, encoding="utf-8")
        (line.spool / "story").rename(line.inbox / "story.txt")
    line.over()
    line.expect("story.txt", second)


@case("trial-5", "Names that are no UTF-8, hold newlines, begin with a dash, are 255 long")
def trial_5(line: Line, random: Random) -> None:
    line.watch()
    line.work()
    line.warm()
    names = [b"caf\xe9.txt", b"two\nlines.txt", b"-rf.txt", b"n" * 251 + b".txt", b"\xff\xfe"]
    stories = articles(2 * len(names), random.randrange(1 << 30))
    for name in names:
        _write(line, name, next(stories))
    below = os.fsencode(line.inbox) + b"/d\xefr"
    os.mkdir(below)  # noqa: PTH102 -- bytes
    time.sleep(0.5)
    for name in names:
        _write(line, b"d\xefr/" + name, next(stories))
    line.over()


@case("trial-7", "A folder of ten is moved in; one of ten is copied in, twice")
def trial_7(line: Line, random: Random) -> None:
    line.watch()
    line.work()
    line.warm()
    for n in range(3):
        folder = line.spool / f"folder{n}"
        folder.mkdir()
        for m, story in enumerate(articles(10, random.randrange(1 << 30))):
            (folder / f"{m}.txt").write_text(story, encoding="utf-8")
            line.expect(f"folder{n}/{m}.txt", story)
        line.expect_articles(10)
        if n == 0:
            folder.rename(line.inbox / folder.name)
        else:
            shutil.copytree(folder, line.inbox / folder.name)
    line.over()


@case("half-written", "Half-written files: appended to, paused, rewritten, with old or equal times")
def half_written(line: Line, random: Random) -> None:
    line.watch()
    line.work()
    line.warm()
    stories = articles(5, random.randrange(1 << 30))
    line.expect_articles(5)
    headline, *rest = next(stories).splitlines(keepends=True)
    first, *others = rest
    _append(line.inbox / "append.txt", [headline + first, *others], line)
    _pause(line.inbox / "pause.txt", next(stories), line)
    _rewrite(line.inbox / "rewrite.txt", next(stories), line)
    _write_with_an_old_time(line.inbox / "old.txt", next(stories), line)
    _write_with_equal_stat(line.inbox / "equal.txt", next(stories), line)
    line.over()


@case("headline-first", "A file that is appended to and closed line by line, its headline first")
def headline_first(line: Line, random: Random) -> None:
    line.watch()
    line.work()
    line.warm()
    line.expect_articles(1)
    story = next(articles(1, random.randrange(1 << 30)))
    _append(line.inbox / "append.txt", story.splitlines(keepends=True), line)
    line.over()


@case("burst", f"{BURST:,} files are created at once, and no worker runs")
def burst(line: Line, random: Random) -> None:
    line.watch()
    line.wait_until_watched()
    for n in range(BURST):
        (line.inbox / f"{n}.txt").write_text(f"Story {n}\nOf no importance.", encoding="utf-8")
        line.expect(f"{n}.txt", f"Story {n}\nOf no importance.")
    line.over()
    line.only_noticed = True


@case("two-watchers", "Two watchers and two clerks on one folder, one of each killed")
def two_watchers(line: Line, random: Random) -> None:
    first = line.watch()
    line.watch()
    clerk = line.clerk()
    line.clerk()
    line.work()
    line.warm()
    with line.pouring(random.randrange(1 << 30), per_second=30):
        time.sleep(random.uniform(2, 4))
        kill_group(first)
        kill_group(clerk)
        time.sleep(2)
    line.over()


def _write(line: Line, name: bytes, story: str) -> None:
    with open(os.fsencode(line.inbox) + b"/" + name, "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(story)
    line.expect(name, story)
    line.expect_articles(1)


def _append(path: Path, parts: Sequence[str], line: Line) -> None:
    """Each with an open and a close of its own."""
    for part in parts:
        with path.open("a", encoding="utf-8") as file:
            file.write(part)
        time.sleep(0.3)
    line.expect(path.name, "".join(parts))


def _pause(path: Path, story: str, line: Line) -> None:
    """Longer than any window: the half that is taken is superseded by the whole."""
    with path.open("w", encoding="utf-8") as file:
        file.write(story[: len(story) // 2])
        file.flush()
        time.sleep(5)
        file.write(story[len(story) // 2 :])
    line.expect(path.name, story)


def _rewrite(path: Path, story: str, line: Line) -> None:
    """Truncated and written anew by a writer that has not closed it meanwhile."""
    with path.open("w", encoding="utf-8") as file:
        file.write(story[: len(story) // 2])
        file.flush()
        time.sleep(0.5)
        file.seek(0)
        file.truncate()
        file.write(story)
    line.expect(path.name, story)


def _write_with_an_old_time(path: Path, story: str, line: Line) -> None:
    path.write_text(story, encoding="utf-8")
    os.utime(path, (1, 1))
    line.expect(path.name, story)


def _write_with_equal_stat(path: Path, story: str, line: Line) -> None:
    """A correction that leaves size and mtime as they were; only ctime tells."""
    path.write_text(story, encoding="utf-8")
    line.expect(path.name, story)
    before = path.stat()
    time.sleep(2)
    corrected = story.replace("people", "elders")
    path.write_text(corrected, encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    line.expect(path.name, corrected)
