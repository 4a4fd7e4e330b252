"""A drill always ends in a report: every criterion judged, a reason for what was not, and its sabotage told apart."""

import json
import os
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from engine.drills.catalogue import CATALOGUE
from engine.drills.drill import Bench, DrillReport
from engine.drills.keeping import ReportError, keep
from engine.drills.runner import NOT_JUDGED, run
from engine.records.journal_reading import read, verify
from tests.drills_virtual.conftest import setting, small_drill


def nowhere(text: str, done: float) -> None:
    pass


def test_a_drill_that_holds_passes_with_its_figures() -> None:
    steps: list[tuple[str, float]] = []
    report = run(small_drill(), setting(), lambda text, done: steps.append((text, done)))
    assert (report.passed, report.well, report.caught, report.problem) == (True, True, False, "")
    assert [judged.passed for judged in report.criteria] == [True, True]
    assert [(figure.name, figure.value, figure.unit) for figure in report.figures] == [("size", 3, "bytes")]
    assert steps == [("preparing", 0.0), ("writing", 0.5)]
    assert (report.machine, report.version, report.config) == ("machine", "1.0", "c" * 64)


def test_a_sabotaged_drill_must_measure_the_failure() -> None:
    report = run(small_drill(), setting(sabotaged=True), nowhere)
    assert (report.passed, report.caught, report.well) == (False, True, True)
    assert [judged.passed for judged in report.criteria] == [False, True]


def test_a_sabotage_that_only_breaks_the_drill_is_not_taken_for_a_find() -> None:
    def broken(bench: Bench) -> None:
        raise OSError("no disk")

    report = run(small_drill(broken), setting(sabotaged=True), nowhere)
    assert (report.passed, report.caught, report.well) == (False, False, False)


def test_a_sabotage_that_changes_nothing_is_told() -> None:
    def unimpressed(bench: Bench) -> None:
        bench.judge("whole", True, "fine")
        bench.judge("there", True, "fine")

    report = run(small_drill(unimpressed), setting(sabotaged=True), nowhere)
    assert (report.passed, report.well) == (True, False)


def test_an_exception_fails_what_was_not_judged_and_says_why() -> None:
    def half(bench: Bench) -> None:
        bench.judge("whole", True, "fine")
        raise ValueError("two\nlines")

    report = run(small_drill(half), setting(), nowhere)
    assert (report.passed, report.problem) == (False, "ValueError: two lines")
    assert [(judged.passed, judged.measured) for judged in report.criteria] == [(True, "fine"), (False, NOT_JUDGED)]


def test_a_criterion_that_nobody_judged_has_failed() -> None:
    report = run(small_drill(lambda bench: bench.judge("whole", True, "fine")), setting(), nowhere)
    assert (report.passed, report.problem) == (False, "")


def test_a_judgement_of_no_criterion_fails_the_drill() -> None:
    def wrong(bench: Bench) -> None:
        for key in ("whole", "there", "hole"):
            bench.judge(key, True, "fine")

    report = run(small_drill(wrong), setting(), nowhere)
    assert not report.passed
    assert "hole" in report.problem


def test_one_bad_part_fails_a_criterion_that_is_judged_in_parts() -> None:
    def parts(bench: Bench) -> None:
        bench.judge("whole", True, "first")
        bench.judge("whole", False, "second")
        bench.judge("whole", True, "third")
        bench.judge("there", True, "fine")

    judged = run(small_drill(parts), setting(), nowhere).criteria[0]
    assert (judged.passed, judged.measured) == (False, "second")


def test_without_a_screen_a_drill_that_needs_one_fails_with_the_reason() -> None:
    def no_screen() -> None:
        raise RuntimeError("install xvfb")

    given = setting()
    asked = type(given)(given.config, given.digest, given.machine, given.version, no_screen)  # type: ignore[arg-type]
    report = run(small_drill(needs_screen=True), asked, nowhere)
    assert (report.passed, report.problem) == (False, "RuntimeError: install xvfb")


def test_the_directory_of_a_drill_is_its_own_and_goes_with_it() -> None:
    seen: list[Path] = []

    def look(bench: Bench) -> None:
        seen.append(bench.directory)
        assert list(bench.directory.iterdir()) == []

    run(small_drill(look), setting(), nowhere)
    assert not seen[0].exists()


# what is kept


def made(*, sabotaged: bool = False) -> DrillReport:
    return run(small_drill(), setting(sabotaged=sabotaged), nowhere)


def test_a_report_is_kept_four_ways(tmp_path: Path) -> None:
    report = made()
    kept = keep(report, "Shows it.", tmp_path / "drills")
    assert kept.folder.name == "20260102T030405.678Z-replace"
    assert json.loads(kept.json.read_text(encoding="utf-8")) == json.loads(json.dumps(report.to_json()))
    assert verify(kept.journal) == []
    rows = list(read(kept.journal, "drill"))
    assert [row.data["report"]["drill"] for row in rows] == ["replace"]
    assert rows[0].data["digest"] == kept.digest


def test_a_second_report_of_the_same_moment_has_its_own_folder(tmp_path: Path) -> None:
    first, second = keep(made(), "", tmp_path), keep(made(), "", tmp_path)
    assert first.folder != second.folder
    assert second.folder.name.endswith("-2")


def test_the_junit_report_has_a_case_for_each_criterion(tmp_path: Path) -> None:
    kept = keep(made(sabotaged=True), "", tmp_path)
    assert kept.folder.name.endswith("-sabotage")
    root = ElementTree.parse(kept.junit).getroot()
    suite = root.find("testsuite")
    assert suite is not None
    assert (root.tag, suite.get("name"), suite.get("tests"), suite.get("failures")) == (
        "testsuites",
        "replace",
        "2",
        "1",
    )
    cases = suite.findall("testcase")
    assert [(case.get("name"), case.find("failure") is not None) for case in cases] == [
        ("A reader & its file", True),
        ("It is replaced", False),
    ]
    assert all(case.get("classname") and case.get("time") for case in cases)
    assert [part.tag for part in suite] == ["properties", "testcase", "testcase", "system-out", "system-err"]
    assert suite.get("timestamp") == "2026-01-02T03:04:05"
    assert suite.findtext("system-out") == "size: 3 bytes"


def test_a_drill_that_broke_is_an_error_in_its_junit_report(tmp_path: Path) -> None:
    def broken(bench: Bench) -> None:
        raise OSError("no disk")

    kept = keep(run(small_drill(broken), setting(), nowhere), "", tmp_path)
    suite = ElementTree.parse(kept.junit).getroot().find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "2", "1")
    assert len(suite.findall("testcase")) == 3
    assert suite.find("testcase/error") is not None
    assert suite.findtext("system-err") == "OSError: no disk"


def test_the_page_needs_nothing_else_and_escapes_what_was_measured(tmp_path: Path) -> None:
    text = keep(made(), "Shows that a reader keeps <the old> file.", tmp_path).html.read_text(encoding="utf-8")
    assert "&lt;the old&gt;" in text
    assert "A reader &amp; its file" in text
    assert "Passed" in text
    assert "prefers-color-scheme" in text
    assert "@media print" in text
    assert "src=" not in text
    assert "href=" not in text


class Tags(HTMLParser):
    """The tags that are open, and those that were closed out of their turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


@pytest.mark.parametrize("sabotaged", [False, True])
def test_the_page_is_whole(tmp_path: Path, sabotaged: bool) -> None:
    tags = Tags()
    tags.feed(keep(made(sabotaged=sabotaged), "", tmp_path).html.read_text(encoding="utf-8"))
    tags.close()
    assert (tags.open, tags.wrong) == ([], [])


def test_signs_that_no_xml_may_hold_do_not_spoil_the_report(tmp_path: Path) -> None:
    def odd(bench: Bench) -> None:
        bench.judge("whole", False, "read \x00\x1b[0m\ufffe")

    kept = keep(run(small_drill(odd), setting(), nowhere), "", tmp_path)
    assert ElementTree.parse(kept.junit).getroot().find("testsuite/testcase/failure") is not None


@pytest.mark.skipif(os.name == "nt", reason="a folder's rights are POSIX's")
def test_a_report_that_cannot_be_kept_says_where(tmp_path: Path) -> None:
    (tmp_path / "drills").write_text("in the way", encoding="utf-8")
    with pytest.raises(ReportError, match="free or mend the disk"):
        keep(made(), "", tmp_path / "drills")


# the catalogue


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_drill_has_criteria_limits_and_a_sabotage(name: str) -> None:
    drill = CATALOGUE[name]
    assert drill.name == name
    keys = [criterion.key for criterion in drill.criteria]
    assert len(keys) == len(set(keys)) > 0
    assert all(criterion.text and criterion.limit for criterion in drill.criteria)
    assert drill.sabotage.fails
    assert set(drill.sabotage.fails) <= set(keys)
    assert drill.purpose.endswith(".")
