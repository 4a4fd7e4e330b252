"""How long the stages take that need no screen: decisions and the journal's commit."""

from functools import partial
from pathlib import Path

import pytest

from engine.agents.none import NoAdvisers
from engine.clock import SECOND, SystemClock
from engine.game.state import TableState
from engine.records.journal import SqliteJournal
from engine.solver.baseline import BaselineSolver
from engine.strategy.engine import StrategyEngine
from tests.benchmarks.figures import Figure, show
from tests.solver.spots import states_met

pytestmark = pytest.mark.bench

STREETS = ("pre-flop", "flop", "turn", "river")
A_STREET = 40


def test_decision() -> None:
    clock = SystemClock()
    solver, strategist = BaselineSolver(clock, 400), StrategyEngine()

    def decide(state: TableState, seed: int) -> None:
        solution = solver.solve(state, SECOND, seed)
        strategist.decide(state, solution, NoAdvisers().opinions(), seed)

    figures = [Figure(f"decision, {street}") for street in STREETS]
    for seed, state in enumerate(states_met(300, 4, 1)):
        figure = figures[state.street]
        if len(figure.wall) < A_STREET:
            figure.timed(partial(decide, state, seed))
    show("Decisions (baseline solver, 400 samples, four players)", *figures)
    assert all(figure.wall for figure in figures)


def test_journal_commit(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path, "bench", SystemClock())
    commit, note = Figure("commit of an intent (on the disk)"), Figure("record of an event (queued)")
    data = {"text": "x" * 4000}
    for _ in range(200):
        commit.timed(lambda: journal.commit("event", data, SECOND))
        note.timed(lambda: journal.record("event", data))
    journal.close()
    show("Journal (rows of 4 kB)", commit, note)
    assert len(commit.wall) == 200
