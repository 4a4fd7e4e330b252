"""What the documents say is so: commands exist, dependencies are explained, links lead somewhere."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import launch
import tiers
from tests.house.hygiene import ROOT

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def shown_commands(text: str) -> list[list[str]]:
    """The words of every ``./run`` and ``./test`` line in a text's code, comments cut off."""
    return [
        re.split(r"#|\s{2,}", line.strip())[0].split() for line in re.findall(r"(?m)^\s*(\./(?:run|test)\b.*)$", text)
    ]


def direct_dependencies() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    return [re.split(r"[^\w.-]", name)[0] for name in wanted]


def test_the_readme_shows_both_commands_and_they_are_there() -> None:
    commands = {words[0] for words in shown_commands((ROOT / "README.md").read_text(encoding="utf-8"))}
    assert commands == {"./run", "./test"}
    for name in (*commands, ".ci/run", "packaging/relock"):
        assert (ROOT / name).stat().st_mode & 0o111, f"{name} must be executable"


@pytest.mark.parametrize("text", [tiers.USAGE, *(file.read_text(encoding="utf-8") for file in DOCUMENTS)])
def test_every_tier_shown_exists(text: str) -> None:
    for words in shown_commands(text):
        if words[0] == "./test":
            tiers.split([word for word in words[1:] if word != "--help"])


def shown_subcommands() -> list[str]:
    texts = [launch.USAGE, *(file.read_text(encoding="utf-8") for file in DOCUMENTS)]
    words = [words[1] for text in texts for words in shown_commands(text) if words[0] == "./run" and len(words) > 1]
    return sorted({word for word in words if word.islower() and not word.startswith("-")})


@pytest.mark.parametrize("subcommand", shown_subcommands())
def test_every_subcommand_shown_exists(subcommand: str) -> None:
    command = [sys.executable, "-m", "app", subcommand, "--help"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr


def test_every_tier_is_in_the_help() -> None:
    assert all(re.search(rf"(?m)^  {tier}\b", tiers.USAGE) for tier in (*tiers.PYTEST, "release"))


def test_the_help_of_run_shows_the_main_job_first() -> None:
    assert launch.USAGE.splitlines()[0].split()[:2] == ["usage:", "./run"]


@pytest.mark.parametrize("name", direct_dependencies())
def test_every_direct_dependency_is_explained(name: str) -> None:
    table = re.findall(r"(?m)^\| (.+?) \|", (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8"))
    assert any(name in re.split(r",? ", row) for row in table), f"say in docs/dependencies.md why {name} is here"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: file.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    links = re.findall(r"(?<!!)\[[^\]]+\]\(([^)#:]+)\)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_the_licence_is_the_one_that_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["license"] == "Apache-2.0"
    assert "Apache License\n" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Version 2.0, January 2004" in (ROOT / "LICENSE").read_text(encoding="utf-8")
