"""The house rules that no type can say: which way arrows point, and what stays at the door."""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCT = ("worker", "schemas", "seeds", "deploy")
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")

LAYERS = "Arrows point one way"
PURE = "The core is pure"


# --- arrows ---------------------------------------------------------------------------------------


def broken(tree: Path) -> list[str]:
    """The contracts that *tree* breaks, as import-linter reports them."""
    run = subprocess.run(
        [LINT_IMPORTS, "--no-cache", "--no-logo"],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
        env={"COLUMNS": "1000", "PYTHONPATH": str(tree)},
    )
    names = re.findall(r"^(.+) (?:BROKEN|KEPT)$", run.stdout, re.MULTILINE)
    assert len(names) == 2, run.stdout
    assert run.returncode == (" BROKEN" in run.stdout)
    return re.findall(r"^(.+) BROKEN$", run.stdout, re.MULTILINE)


def test_arrows_point_one_way() -> None:
    assert broken(ROOT) == []


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for package in ("worker", "schemas"):
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("module", "arrow", "contracts"),
    [
        pytest.param("core/feed.py", "import worker.ports", [LAYERS], id="core to a port"),
        pytest.param("core/feed.py", "import worker.settings", [LAYERS], id="core to settings"),
        pytest.param("core/feed.py", "import time", [PURE], id="core to the clock"),
        pytest.param("core/feed.py", "from os import environ", [PURE], id="core to environment"),
        pytest.param("core/readers/plain.py", "import socket", [PURE], id="a reader to a network"),
        pytest.param("core/tagging/span.py", "import sqlalchemy", [PURE], id="a tagger to SQL"),
        pytest.param("core/feed.py", "import schemas.tables", [PURE], id="core to tables"),
        pytest.param("ports/desk.py", "import worker.adapters.memory", [LAYERS], id="to adapter"),
        pytest.param("pipeline.py", "import worker.tasks", [LAYERS], id="pipeline to its edge"),
        pytest.param("clerk.py", "import worker.watcher", [LAYERS], id="clerk to watcher"),
        pytest.param(
            "tasks.py", "import worker.bootstrap.working", [LAYERS], id="edge to the root"
        ),
        pytest.param("adapters/folder.py", "import worker.settings", [LAYERS], id="to settings"),
        pytest.param("tasks.py", "import worker.adapters.memory", [LAYERS], id="edge to adapter"),
        pytest.param(
            "bootstrap/working.py", "import worker.cli", [LAYERS], id="root to the command"
        ),
    ],
)
def test_an_arrow_against_them_is_seen(
    copy: Path, module: str, arrow: str, contracts: list[str]
) -> None:
    file = copy / "worker" / module
    file.write_text(f"{file.read_text()}\n{arrow}\n")

    assert [name.partition(":")[0] for name in broken(copy)] == contracts


# --- what stays at the door -----------------------------------------------------------------------


def modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for folder in folders:
        for file in sorted((ROOT / folder).rglob("*.py")):
            yield file.relative_to(ROOT).as_posix(), ast.parse(file.read_text())


def named(tree: ast.Module) -> set[str]:
    """Every name in *tree*, of whatever it is a name."""
    nodes = list(ast.walk(tree))
    return {
        *(node.attr for node in nodes if isinstance(node, ast.Attribute)),
        *(node.id for node in nodes if isinstance(node, ast.Name)),
        *(a.name for node in nodes if isinstance(node, ast.ImportFrom) for a in node.names),
    }


def called(tree: ast.Module) -> set[str]:
    """The name of every function that is called in *tree*, methods with a dot before it."""
    functions = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {
        *(f".{f.attr}" for f in functions if isinstance(f, ast.Attribute)),
        *(f.id for f in functions if isinstance(f, ast.Name)),
    }


ENVIRONMENT = {"environ", "environb", "getenv", "getenvb", "putenv"}


def test_the_environment_is_read_at_one_door() -> None:
    readers = [path for path, tree in modules("worker", "schemas") if ENVIRONMENT & named(tree)]

    assert readers == ["worker/settings.py"]


# Methods and built-ins, which no import contract sees. An archive's own ``open`` opens no file.
IMPURE = {"open", "print", "input", "uuid1", "uuid4", ".uuid1", ".uuid4"} | {
    ".now",
    ".utcnow",
    ".today",
    ".read_text",
    ".read_bytes",
}


def test_the_core_asks_nobody_the_time_and_opens_nothing() -> None:
    impure = {
        path: found for path, tree in modules("worker/core") if (found := IMPURE & called(tree))
    }

    assert impure == {}


def swallows_all(node: ast.AST) -> bool:
    """Whether *node* is a handler that catches whatever comes, and does not raise it again."""
    if not isinstance(node, ast.ExceptHandler):
        return False
    caught = ast.walk(node.type) if node.type else [ast.Name("BaseException")]
    broad = any(isinstance(n, ast.Name) and n.id in ("Exception", "BaseException") for n in caught)
    return broad and not isinstance(node.body[-1], ast.Raise)


def test_one_handler_swallows_all() -> None:
    """The pipeline's, which ends one file with a reason: what is swallowed elsewhere is lost."""
    found = [
        path
        for path, tree in modules("worker", "schemas")
        for node in ast.walk(tree)
        if swallows_all(node)
    ]

    assert found == ["worker/pipeline.py"]


# Written so that this file does not speak of them.
OF_THIS_MACHINE = re.compile(
    r"(?<![\w.])/(?:work|root|home/\w+)/\w|[.]{2}/share[d]\b|/tmp/[w]/|COPYDESK_TEST_|DESIG[N] §",
)
REGISTRIES = re.compile(
    r"pypi\.(?:org|python)|python[h]osted|--(?:extra-)?index-ur[l]|artifactory|\bnexus[.-]|registry\.\w+\.\w+",
    re.IGNORECASE,
)


def product_files() -> Iterator[Path]:
    for folder in PRODUCT:
        yield from sorted(file for file in (ROOT / folder).rglob("*") if _is_ours(file))
    yield from sorted(
        file for file in ROOT.iterdir() if file.is_file() and not file.name.startswith(".")
    )


def _is_ours(file: Path) -> bool:
    return file.is_file() and "__pycache__" not in file.parts


@pytest.mark.parametrize(
    "foreign",
    [
        pytest.param(OF_THIS_MACHINE, id="paths of the machine it was written on"),
        pytest.param(REGISTRIES, id="where packages come from"),
    ],
)
def test_no_file_speaks_of(foreign: re.Pattern[str]) -> None:
    spoken = [
        f"{file.relative_to(ROOT)}: {found.group()}"
        for file in product_files()
        if (found := foreign.search(file.read_text(encoding="utf-8", errors="replace")))
    ]

    assert spoken == []


def test_files_are_looked_at() -> None:
    """Else the rules above would hold for want of files."""
    looked_at = {file.relative_to(ROOT).parts[0] for file in product_files()}

    assert {*PRODUCT[:3], "pyproject.toml", "LICENSE"} <= looked_at
