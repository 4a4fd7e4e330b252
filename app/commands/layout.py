"""`pitboss layout`: builds the layout packs of the practice table from its own painter."""

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from app.practice.themes import THEMES
from app.teach.practice_table import SIZES, description, labelled, specimens
from engine.vision.learn import LabelledFrame, learn

RESOURCES = Path(__file__).parents[2] / "resources"


def main(arguments: list[str]) -> int:
    """Build the packs of all themes, or of those named."""
    parser = argparse.ArgumentParser(prog="pitboss layout", description="Build layout packs of the practice table.")
    parser.add_argument("action", choices=["build"], help="build: learn the packs anew")
    parser.add_argument("--theme", action="append", choices=sorted(THEMES), help="only this theme (may be repeated)")
    parser.add_argument("--into", type=Path, default=RESOURCES / "layouts", help="folder of the packs")
    options = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication.instance() or QGuiApplication([])
    for theme in options.theme or sorted(THEMES):
        _build(theme, options.into)
    del application
    return 0


def _build(theme: str, into: Path) -> None:
    accepted = learn(description(theme), _painted(theme), into / "practice" / theme)
    print(f"\r{theme}: learned from {len(SIZES)} sizes          ", file=sys.stderr)
    for kind, (limit, margin) in sorted(accepted.items()):
        print(f"  {kind:16} distance <= {limit:.5f}, lead >= {margin:.5f}")


def _painted(theme: str) -> Iterator[LabelledFrame]:
    for done, (width, height) in enumerate(SIZES):
        print(f"\r{theme}: {done} of {len(SIZES)} sizes painted", end="", file=sys.stderr, flush=True)
        for view, look in specimens():
            yield labelled(view, THEMES[theme], width, height, look)
