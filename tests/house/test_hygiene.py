"""What is committed can be published: no host, no path of one machine, hashed pins, documented modules."""

import re
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import distributions
from pathlib import Path

import pytest

from tests.house.hygiene import (
    LARGEST_FILE,
    ROOT,
    beyond_standard_library,
    imported_roots,
    lock_problems,
    module_problems,
    published_text_problems,
    size_problems,
)

CHECKERS = "tests/house/"  # these files spell out what they look for


def committed(*patterns: str) -> list[Path]:
    """The files under version control that are still there."""
    told = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in told.stdout.split("\0") if name and (ROOT / name).is_file()]


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def text_of(file: Path) -> str:
    """The file's text, or "" when it is not text."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def problems_of(files: Iterable[Path]) -> list[str]:
    found: list[str] = []
    for file in files:
        if not name_of(file).startswith(CHECKERS):
            found += published_text_problems(name_of(file), text_of(file))
    return found


def test_no_committed_file_names_a_registry_host_or_a_path_of_one_machine() -> None:
    problems = problems_of(committed())
    temporary = [line for line in problems if "'/tmp" in line and line.startswith(("tests/", "docs/"))]
    assert sorted(set(problems) - set(temporary)) == []


@pytest.mark.parametrize(
    "planted",
    [
        "https://pypi.org/simple",
        "https://files.pythonhosted.org/packages/x.whl",
        "http://devpi.example.net/root",
        "--index-url https://mirror.example/simple",
        'HOME = "/root/.config"',
        "cd /work/thing",
        "open('/home/anna/notes')",
        "path=/Users/Bob/x",
        "see `/tmp/scratch`",
    ],
)
def test_a_planted_host_or_path_is_caught(planted: str) -> None:
    assert len(list(published_text_problems("planted", f"first line\n{planted}\n"))) == 1


def test_words_that_only_look_like_hosts_and_paths_are_let_through() -> None:
    text = "PyPI's packaging; https://example.com/work/x; docs/work/x; a/home/b; app.main; numpy==2.0 --hash=sha256:00"
    assert list(published_text_problems("fine", text)) == []


@pytest.mark.parametrize(
    "lock",
    [
        "requirements.lock",
        "packaging/setup/tools-uv.txt",
        "packaging/setup/build-constraints.txt",
        "packaging/mutation/tools.txt",
    ],
)
def test_every_locked_requirement_is_pinned_and_hashed(lock: str) -> None:
    assert list(lock_problems((ROOT / lock).read_text(encoding="utf-8"))) == []


def test_a_requirement_without_pin_or_hash_is_caught() -> None:
    assert len(list(lock_problems("mss==10.2\nnumpy>=2 \\\n    --hash=sha256:" + "0" * 64 + "\n"))) == 2


def locked_versions() -> dict[str, str]:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return dict(re.findall(r"(?m)^([\w.-]+)==(\S+)", text))


def test_the_lock_holds_what_the_dependency_notes_promise() -> None:
    versions = locked_versions()
    assert tuple(map(int, versions["pyside6-essentials"].split(".")))[:2] < (6, 12), "6.12 crashes on Python 3.11"
    assert versions["pyside6-essentials"] == versions["shiboken6"]
    assert not {"pyside6", "opencv-python", "pyside6-addons"} & set(versions)


@pytest.mark.parametrize("name", ["mouseinfo", "pymsgbox", "python3-xlib"])
def test_what_is_kept_out_is_locked_for_no_platform_and_not_installed(name: str) -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    assert all("sys_platform == 'never'" in line for line in lines if line.startswith(f"{name}=="))
    assert name not in {found.metadata["Name"].lower() for found in distributions()}


def test_every_module_begins_with_what_it_is_for() -> None:
    found: list[str] = []
    for file in committed("*.py"):
        if file.name == "__init__.py" and name_of(file).startswith("tests/"):
            continue  # a folder of tests is named after what it tests
        found += module_problems(name_of(file), text_of(file))
    assert found == []


def test_a_module_without_a_purpose_is_caught() -> None:
    assert list(module_problems("bare.py", "import os\n"))
    assert list(module_problems("empty.py", ""))
    assert list(module_problems("late.py", '"""\nToo late.\n"""\n'))
    assert not list(module_problems("good.py", '"""Reads cards."""\n'))


def test_the_engine_names_no_qt_anywhere() -> None:
    for file in committed("engine/*.py"):
        roots = {module.split(".")[0] for module in imported_roots(text_of(file))}
        assert not roots & {"PySide6", "shiboken6", "pyqtgraph", "app"}, name_of(file)


def permit_modules() -> list[Path]:
    return committed("engine/permit/*.py")


def test_the_permit_stands_on_the_standard_library_alone() -> None:
    found: list[str] = []
    for file in permit_modules():
        found += beyond_standard_library(name_of(file), text_of(file), "engine.permit")
    assert found == []


def test_the_permit_is_imported_where_nothing_is_installed() -> None:
    names = [name_of(file).removesuffix(".py").removesuffix("/__init__").replace("/", ".") for file in permit_modules()]
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import {', '.join(names)}"
    told = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr


def test_an_import_beyond_the_standard_library_is_caught() -> None:
    source = (
        "import mmap\nimport numpy as np\nfrom engine.permit.page import open_page\nfrom engine.words import Mode\n"
    )
    assert len(list(beyond_standard_library("planted", source, "engine.permit"))) == 2


def test_the_packaging_folder_does_not_hide_the_package_of_that_name() -> None:
    assert not (ROOT / "packaging" / "__init__.py").exists()
    code = "import packaging.version"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_no_committed_file_is_large(tmp_path: Path) -> None:
    assert list(size_problems(committed())) == []
    large = tmp_path / "large"
    large.write_bytes(bytes(LARGEST_FILE + 1))
    assert len(list(size_problems([large]))) == 1
