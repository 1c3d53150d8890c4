"""Write data files the way all of them are written, and the manifest that verifies them.

The same data gives the same bytes: nothing carries a date, and what has no order is sorted first.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MANIFEST = "MANIFEST.json"


def write(name: str, data: dict[str, Any]) -> None:
    """Write one data file, and the manifest of all."""
    (HERE / name).write_text(_json(data), encoding="utf-8")
    write_manifest()


def write_manifest() -> None:
    """Hash every data file."""
    found = (*HERE.glob("*.json"), *HERE.glob("*.gz"))
    files = sorted(path.name for path in found if path.name != MANIFEST)
    hashes = {name: sha256((HERE / name).read_bytes()).hexdigest() for name in files}
    (HERE / MANIFEST).write_text(_json(hashes), encoding="utf-8")


def _json(data: dict[str, Any]) -> str:
    """One entry or rule a line: compact, and a change can be read in a diff."""
    parts = (f"{_line(key)}: {_block(part)}" for key, part in data.items())
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _block(part: object) -> str:
    if isinstance(part, list) and part and isinstance(part[0], dict | list):
        return "[\n" + ",\n".join(map(_line, part)) + "\n]"
    return _line(part)


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
