"""Memory that is used again: never by two at once, and always clear."""

import numpy as np

from engine.solver.subgame import Subgame
from engine.solver.subgame.room import LEAST_BLOCK, Room
from engine.solver.tree.build import build
from tests.solver.subgames import spot

TURN = spot("Td9d6hQc")


def test_what_is_taken_overlaps_nothing_and_is_clear() -> None:
    room = Room()
    for _ in range(3):
        parts = [room.zeros(size) for size in (10, LEAST_BLOCK, 3, LEAST_BLOCK // 2, 7)]
        for number, part in enumerate(parts):
            assert not part.any()
            part.fill(number + 1)
        assert all((part == number + 1).all() for number, part in enumerate(parts))
        room.clear()


def test_what_was_held_is_used_again() -> None:
    room = Room()
    room.zeros(3 * LEAST_BLOCK)
    held = room.bytes
    room.clear()
    room.zeros(3 * LEAST_BLOCK)
    assert room.bytes == held


def test_a_subgame_in_used_memory_is_the_same_subgame() -> None:
    room, answers = Room(), []
    for _ in range(2):
        room.clear()
        subgame = Subgame(TURN, build(TURN), room=room)
        assert all(subgame.step(lambda: False) for _ in range(5))
        answers.append((subgame.evs(), subgame.exploitability(), subgame.strategy(0)))
        subgame.close()
    assert answers[0][:2] == answers[1][:2]
    np.testing.assert_array_equal(answers[0][2], answers[1][2])
