"""docs/drills.md is what the catalogue and the measured figures make it."""

from engine.drills.catalogue import CATALOGUE
from engine.drills.document import FIGURES, PAGE, figures, text


def test_the_page_is_the_generated_one() -> None:
    assert PAGE.read_text(encoding="utf-8") == text(figures()), "write it anew: python -m engine.drills"


def test_every_drill_was_measured_and_passed() -> None:
    measured = figures()
    assert set(measured) == set(CATALOGUE), f"measure anew: ./run drill --all --figures {FIGURES.name}"
    assert [name for name, found in measured.items() if not found["passed"]] == []


def test_the_figures_are_of_the_criteria_there_are() -> None:
    for name, found in figures().items():
        judged = [one["text"] for one in found["criteria"]]
        assert judged == [criterion.text for criterion in CATALOGUE[name].criteria], name
