"""Sections of the product's own documents, for reading inside the console."""

import re
from pathlib import Path

from engine.config.places import root

_HEADING = re.compile(r"^(#{1,6}) +(.*?) *$")


def page_section(page: str, folder: Path | None = None) -> str:
    """The Markdown that ``document.md#anchor`` names, below the product's root; what is missing is said in words."""
    name, _, anchor = page.partition("#")
    try:
        text = ((folder or root()) / name).read_text(encoding="utf-8")
    except OSError:
        return f"The page {name} is not there."
    if not anchor:
        return text
    return section(text, anchor) or f"The page {name} has no section {anchor}."


def section(text: str, anchor: str) -> str:
    """From the heading with that anchor to the next one of its level or above; empty without one."""
    kept: list[str] = []
    level = 0
    for line in text.splitlines():
        heading = _HEADING.match(line)
        if heading is not None and level and len(heading[1]) <= level:
            break
        if heading is not None and not level and slug(heading[2]) == anchor:
            level = len(heading[1])
        elif level:
            kept.append(line)
    return "\n".join(kept).strip()


def slug(heading: str) -> str:
    """A heading's anchor, as code hosts make it: lower case, blanks as hyphens, without other marks."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
