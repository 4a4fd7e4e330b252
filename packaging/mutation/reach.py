"""Which tests can notice a change of a module: those that import it, themselves or through what they import."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def tests_of(module: str) -> list[str]:
    """The test files of the module's room that reach it, those named after it first, as paths below the root."""
    room, name = Path(module).parent.name, Path(module).stem
    files = sorted((ROOT / "tests" / room).glob("test_*.py"), key=lambda file: (name not in file.stem, file.name))
    return [file.relative_to(ROOT).as_posix() for file in files if ROOT / module in reached(file)]


@cache
def reached(file: Path) -> frozenset[Path]:
    """Every file of the house that runs when ``file`` is imported."""
    found: set[Path] = set()
    waiting = [file]
    while waiting:
        for other in imported(waiting.pop()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return frozenset(found)


@cache
def imported(file: Path) -> frozenset[Path]:
    """The files of the house that ``file`` imports by name, wherever in it."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    paths = (ROOT / Path(*name.split(".")) for node in ast.walk(tree) for name in _names(node))
    candidates = (path for base in paths for path in (base.with_suffix(".py"), base / "__init__.py"))
    return frozenset(path for path in candidates if path.is_file())


def _names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
