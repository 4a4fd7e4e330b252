"""The checks that keep the committed files fit to publish: pure functions that return what is wrong, one line each."""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LARGEST_FILE = 2_000_000

HOST = re.compile(
    r"(?i)\b(?:pypi\.org|files\.pythonhosted\.org|[a-z0-9.-]*(?:artifactory|nexus|devpi|jfrog)[a-z0-9.-]*\.[a-z]{2,})"
)
INDEX_LINE = re.compile(r"(?m)^\s*(?:-i|--index-url|--extra-index-url|--find-links|-f|--trusted-host)[ =]\S+")
LOCAL_PATH = re.compile(r"(?:^|[\s\"'(=:`])((?:/root|/work|/home/[a-z]\w*|/Users/[A-Za-z]\w*|/tmp/\w+)(?:/|\b))")
REQUIREMENT = re.compile(r"^[A-Za-z0-9]")


def published_text_problems(name: str, text: str) -> Iterator[str]:
    """Registry hosts, index options and paths of one machine in a file."""
    for kind, pattern in (("registry host", HOST), ("index option", INDEX_LINE), ("path of one machine", LOCAL_PATH)):
        for found in pattern.finditer(text):
            line = text.count("\n", 0, found.start(found.lastindex or 0)) + 1
            yield f"{name}:{line}: {kind} {found.group(0).strip()!r}"


def lock_problems(text: str) -> Iterator[str]:
    """Requirements that are not pinned to one version or carry no hash."""
    for entry in text.replace("\\\n", " ").splitlines():
        if not REQUIREMENT.match(entry):
            continue
        if not re.match(r"[\w.-]+==[\w.+!-]+", entry):
            yield f"not pinned: {entry[:60]}"
        if not re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry):
            yield f"no hash: {entry[:60]}"


def module_problems(name: str, source: str) -> Iterator[str]:
    """A module whose first statement is not a docstring that begins on its first line."""
    tree = ast.parse(source)
    first = (ast.get_docstring(tree, clean=False) or "").split("\n")[0].strip()
    if not first:
        yield f"{name}: no docstring whose first line says what the module is for"


def imported_roots(source: str) -> set[str]:
    """The first words of everything a module imports, wherever in it."""
    roots: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            roots |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            roots.add(node.module or "")
    return roots


def beyond_standard_library(name: str, source: str, allowed: str) -> Iterator[str]:
    """Imports that are neither the standard library's nor of the package ``allowed``."""
    for module in sorted(imported_roots(source)):
        own = module == allowed or module.startswith(f"{allowed}.")
        if not own and module.split(".")[0] not in sys.stdlib_module_names:
            yield f"{name}: imports {module}, and {allowed} stands on the standard library alone"


def size_problems(files: Iterable[Path]) -> Iterator[str]:
    """Files too large for the repository."""
    for file in files:
        if file.stat().st_size > LARGEST_FILE:
            yield f"{file}: {file.stat().st_size} bytes, more than {LARGEST_FILE}"
