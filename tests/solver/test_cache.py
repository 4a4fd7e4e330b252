"""Stored answers: for exactly their spot, bounded, on the disk for the next run, and never believed when damaged."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.game.state import TableState
from engine.solver.cache import FILE_NAME, SolutionCache, spot_key
from engine.words import ActionValue, Solution
from tests.solver.spots import CHECK, FOLD, bet, call, spot, states_met

RIVER = spot("AsKs", "QsJsTs3c2d", [call(10), CHECK], [CHECK, CHECK], [CHECK, CHECK], [bet(20)])
OTHERS = [spot("AsKs", "QsJsTs3c2d", [call(10), CHECK], [CHECK, CHECK], [CHECK, CHECK], [bet(to)]) for to in (40, 60)]


def solution(equity: float = 0.5, source: str = "baseline") -> Solution:
    return Solution(source, (ActionValue(FOLD, 1.0, 0.0),), equity, None, "as told", 77)


@contextmanager
def cache(directory: Path | None = None, solver: str = "test", capacity: int = 100) -> Iterator[SolutionCache]:
    """A cache that has read its file, and has written all when the block ends."""
    kept = SolutionCache(solver, directory, capacity)
    try:
        assert kept.wait()
        yield kept
        assert kept.wait()
    finally:
        kept.close()


def filled(directory: Path, *states: TableState) -> Path:
    """The file of a cache with an answer to each state, its equity the state's number."""
    with cache(directory) as kept:
        for number, state in enumerate(states):
            kept.put(state, solution(number / 10))
    return directory / FILE_NAME


def test_an_answer_comes_back_for_its_spot_in_any_hand_and_says_that_it_was_stored() -> None:
    with cache() as kept:
        assert kept.get(RIVER) is None
        kept.put(RIVER, solution())
        assert kept.get(replace(RIVER, hand_id="another")) == replace(solution(), source="cache", took_ns=0)
        assert (kept.status.entries, kept.status.hits, kept.status.misses) == (1, 1, 1)


def test_spots_that_differ_in_anything_have_different_names() -> None:
    states = [state for players in (2, 3, 6) for state in states_met(15, players, seed=players)]
    distinct = {replace(state, hand_id="") for state in states}
    assert len(distinct) > 100
    assert len({spot_key(state) for state in states}) == len(distinct)
    for changed in (
        replace(RIVER, button=1 - RIVER.button),
        replace(RIVER, hole=("Kh", "As")),
        replace(RIVER, pot=RIVER.pot + 1),
        replace(RIVER, history=RIVER.history[1:]),
        replace(RIVER, certain=False),
    ):
        assert spot_key(changed) != spot_key(RIVER)


def test_the_longest_unused_leaves_first() -> None:
    with cache(capacity=2) as kept:
        kept.put(RIVER, solution(0.1))
        kept.put(OTHERS[0], solution(0.2))
        assert kept.get(RIVER) is not None
        kept.put(OTHERS[1], solution(0.3))
        assert kept.get(OTHERS[0]) is None
        assert kept.get(RIVER) is not None
        assert kept.status.entries == 2


def test_an_answer_that_was_cut_short_never_replaces_a_whole_one() -> None:
    with cache() as kept:
        for equity, whole, now in ((0.1, False, 0.1), (0.2, True, 0.2), (0.3, False, 0.2), (0.4, True, 0.2)):
            kept.put(RIVER, solution(equity), whole=whole)
            found = kept.get(RIVER)
            assert found is not None
            assert found.equity == now


def test_the_next_run_knows_what_this_one_learned(tmp_path: Path) -> None:
    filled(tmp_path, RIVER, *OTHERS)
    with cache(tmp_path) as kept:
        assert kept.status.entries == 3
        found = kept.get(OTHERS[1])
        assert found is not None
        assert found.equity == 0.2
        assert kept.status.problem == ""


def test_answers_of_another_solver_are_not_taken_in(tmp_path: Path) -> None:
    filled(tmp_path, RIVER)
    with cache(tmp_path, solver="another") as kept:
        assert kept.status.entries == 0
        assert kept.status.problem == ""
        kept.put(OTHERS[0], solution())
    with cache(tmp_path, solver="another") as kept:
        assert kept.status.entries == 1


def test_a_line_that_a_crash_broke_off_is_dropped_and_the_file_mended(tmp_path: Path) -> None:
    file = filled(tmp_path, RIVER, OTHERS[0])
    os.truncate(file, file.stat().st_size - 10)
    with cache(tmp_path) as kept:
        assert kept.status.entries == 1
        assert kept.status.problem == ""
        kept.put(OTHERS[1], solution())
    with cache(tmp_path) as kept:
        assert kept.status.entries == 2
        assert kept.status.problem == ""


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_changed_byte_sets_the_file_aside_and_begins_anew(data: st.DataObject) -> None:
    with TemporaryDirectory() as name:
        directory = Path(name)
        file = filled(directory, RIVER, OTHERS[0])
        content = bytearray(file.read_bytes())
        at = data.draw(st.integers(0, len(content) - 2))
        content[at] = data.draw(st.integers(0, 255).filter(lambda value: value != content[at]))
        file.write_bytes(content)
        with cache(directory) as kept:
            assert kept.status.entries == 0
            assert "set aside as solutions.log.damaged" in kept.status.problem
            assert (directory / "solutions.log.damaged").read_bytes() == content
            kept.put(OTHERS[1], solution())
        with cache(directory) as kept:
            assert kept.status.entries == 1
            assert kept.status.problem == ""


@pytest.mark.parametrize("content", [b"", b"\n", b"not a cache", b"\x00" * 4096, b"{}\n" * 5])
def test_a_file_that_is_none_is_survived(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with cache(tmp_path) as kept:
        assert kept.status.entries == 0
        kept.put(RIVER, solution())
    with cache(tmp_path) as kept:
        assert kept.status.entries == 1


def test_cleared_answers_are_gone_until_they_are_restored(tmp_path: Path) -> None:
    filled(tmp_path, RIVER, OTHERS[0])
    with cache(tmp_path) as kept:
        kept.clear()
        assert kept.get(RIVER) is None
        kept.put(OTHERS[1], solution(0.9))
        kept.put(OTHERS[0], solution(0.8))
        kept.restore()
        assert kept.wait()
        found = [kept.get(state) for state in (RIVER, *OTHERS)]
        assert [answer and answer.equity for answer in found] == [0.0, 0.8, 0.9]
    with cache(tmp_path) as kept:
        assert kept.status.entries == 3


def test_what_was_cleared_stays_gone_for_the_next_run(tmp_path: Path) -> None:
    filled(tmp_path, RIVER)
    with cache(tmp_path) as kept:
        kept.clear()
    with cache(tmp_path) as kept:
        assert kept.status.entries == 0
        kept.restore()
        assert kept.wait()
        assert kept.status.entries == 1


def test_a_disk_that_fails_leaves_the_memory_and_is_caught_up_with(tmp_path: Path) -> None:
    directory = tmp_path / "state"
    directory.mkdir()
    with cache(directory) as kept:
        kept.put(RIVER, solution())
        assert kept.wait()
        (directory / FILE_NAME).unlink()
        directory.rmdir()
        directory.write_text("no directory")
        kept.put(OTHERS[0], solution())
        assert kept.wait()
        assert kept.get(OTHERS[0]) is not None
        assert "in memory alone" in kept.status.problem
        directory.unlink()
        kept.put(OTHERS[1], solution())
        assert kept.wait()
        assert kept.status.problem == ""
    with cache(directory) as kept:
        assert kept.status.entries == 3


def test_the_file_does_not_grow_without_end(tmp_path: Path) -> None:
    with cache(tmp_path, capacity=5) as kept:
        states = list(states_met(10, 3, seed=8))
        for state in states:
            kept.put(state, solution())
        assert kept.wait()
        assert len(states) > 30
        assert (tmp_path / FILE_NAME).read_bytes().count(b"\n") <= 11


def test_the_file_is_closed_to_nobody_and_a_second_close_does_nothing(tmp_path: Path) -> None:
    kept = SolutionCache("test", tmp_path)
    kept.put(RIVER, solution())
    kept.close()
    kept.close()
    kept.put(OTHERS[0], solution())
    assert kept.get(OTHERS[0]) is not None
    with cache(tmp_path) as again:
        assert again.status.entries == 1
