"""A small file system of its own, to be filled."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.registry import Skip


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """Mounted at *folder* as long as the context lasts; raises ``Skip`` where that is denied."""
    folder.mkdir()
    mount = ("/bin/mount", "-t", "tmpfs", "-o", "size=1g", "none", str(folder))
    made = subprocess.run(mount, check=False, capture_output=True, text=True)
    if made.returncode:
        raise Skip(f"a small file system cannot be mounted: {made.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["/bin/umount", str(folder)], check=True)
