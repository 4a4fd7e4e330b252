"""Every drill passes, and fails without its guard: those in virtual time always, those with windows on a screen."""

from contextlib import AbstractContextManager

import pytest

from app.desk.virtual_screen import virtual_screen
from engine.config import load
from engine.config.models import DrillsSection
from engine.drills.catalogue import CATALOGUE
from engine.drills.drill import DrillReport
from engine.drills.runner import Setting, run

WITHOUT_SCREEN = [name for name, drill in CATALOGUE.items() if not drill.needs_screen]
ON_A_SCREEN = [name for name, drill in CATALOGUE.items() if drill.needs_screen]


def screen() -> AbstractContextManager[str]:
    return virtual_screen(1600, 900)


def drilled(name: str, *, sabotaged: bool = False, long: bool = False, seed: int = 1) -> DrillReport:
    """The report of a drill with the product's own configuration."""
    setting = Setting(
        config=load(None, "dev"),
        digest="c",
        machine="m",
        version="v",
        screen=screen,
        seed=seed,
        sabotaged=sabotaged,
        long=long,
    )
    return run(CATALOGUE[name], setting, lambda text, done: None)


def told(report: DrillReport) -> str:
    """What is wrong with a report, for the test's message."""
    failed = [f"{judged.text}: {judged.measured}" for judged in report.criteria if not judged.passed]
    return "\n".join([report.problem, *failed])


def assert_passed(report: DrillReport) -> None:
    assert report.passed, told(report)
    assert report.figures


def assert_caught(report: DrillReport) -> None:
    assert not report.passed
    assert report.caught, told(report)


def test_the_mandatory_drills_are_those_there_are() -> None:
    assert set(DrillsSection().mandatory) == set(CATALOGUE)


@pytest.mark.parametrize("name", WITHOUT_SCREEN)
def test_a_drill_in_virtual_time_passes(name: str) -> None:
    assert_passed(drilled(name))


@pytest.mark.parametrize("name", WITHOUT_SCREEN)
def test_a_drill_in_virtual_time_fails_without_its_guard(name: str) -> None:
    assert_caught(drilled(name, sabotaged=True))


@pytest.mark.xvfb
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", ON_A_SCREEN)
def test_a_drill_on_a_screen_passes(name: str) -> None:
    assert_passed(drilled(name))


@pytest.mark.xvfb
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", ON_A_SCREEN)
def test_a_drill_on_a_screen_fails_without_its_guard(name: str) -> None:
    assert_caught(drilled(name, sabotaged=True))


@pytest.mark.e2e
@pytest.mark.parametrize("seed", range(2, 12))
@pytest.mark.parametrize("name", WITHOUT_SCREEN)
def test_a_drill_in_virtual_time_passes_with_any_seed(name: str, seed: int) -> None:
    assert_passed(drilled(name, seed=seed))


@pytest.mark.e2e
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", ON_A_SCREEN)
def test_the_long_form_of_a_drill_on_a_screen_passes(name: str) -> None:
    assert_passed(drilled(name, long=True))
