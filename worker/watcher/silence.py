"""Find out that the events of a folder do not come, by nothing but their absence.

On network shares, and on some mounts of containers, a watch is granted and never heard of again.
Such a folder gives itself away: a scan meets its new files, and no event tells of them by the time
the next scan begins. It is called silent until an event comes from it. To call one silent by
mistake costs more frequent scans; to trust it by mistake lets its files wait.

What is known of a path is judged by ``noticing``; here are only the names.
"""

KEPT = 1_000  # suspects, and folders; more say nothing new


class Silence:
    def __init__(self) -> None:
        self._suspects: set[bytes] = set()
        self._folders: set[bytes] = set()

    def __bool__(self) -> bool:
        return bool(self._folders)

    def heard(self, path: bytes) -> None:
        """Take in that an event told of *path*."""
        self._suspects.discard(path)
        self._folders.discard(_folder(path))

    def met(self, path: bytes) -> None:
        """Take in that a scan met *path*, of which an event should have told."""
        if len(self._suspects) < KEPT:
            self._suspects.add(path)

    def judge(self) -> bool:
        """At the beginning of a scan: whether a folder fell silent since the last one."""
        found = {_folder(path) for path in self._suspects} - self._folders
        self._suspects.clear()
        if len(self._folders) + len(found) <= KEPT:
            self._folders |= found
        return bool(found)

    def sentence(self) -> str:
        if not self._folders:
            return ""
        first, more = min(self._folders), len(self._folders) - 1
        name = repr(first.decode("utf-8", "backslashreplace")) if first else "the inbox itself"
        return f"no events come from {name}" + (f" and {more} more folder(s)" if more else "")


def _folder(path: bytes) -> bytes:
    return path.rpartition(b"/")[0]
