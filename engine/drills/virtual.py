"""What the drills in virtual time share: a world with the operator's configuration, and questions about it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal

from engine.clock import SECOND
from engine.config import Config
from engine.drills.drill import Bench
from engine.drills.simulation.hands import PressRecord
from engine.drills.simulation.world import World
from engine.safety.supervisor import Transition
from engine.words import Decision, Degradation, Mode

PROFILE = "drill"
WARM_UP_S = 3.0
PATIENCE_S = 600.0


class SceneError(RuntimeError):
    """The world did not come to the scene that the drill needs; says which."""


def changed(config: Config, section: str, **values: object) -> Config:
    """A copy with other values in a section, unchecked: how a sabotage puts a limit out of reach."""
    old = getattr(config, section)
    return config.model_copy(update={section: old.model_copy(update=values)})


@contextmanager
def world(
    bench: Bench, name: str, *, config: Config | None = None, disk: Literal["ram", "real"] = "ram"
) -> Iterator[World]:
    """A world in a directory of its own, with the bench's configuration under a profile that takes stand-ins."""
    config = (config or bench.config).model_copy(update={"profile": PROFILE})
    made = World(bench.directory / name, seed=bench.seed, config=config, disk=disk)
    try:
        yield made
    finally:
        made.close()


def arm(made: World) -> None:
    """Let everything come up, and go LIVE."""
    made.run(WARM_UP_S)
    made.arm()
    if made.mode is not Mode.LIVE:
        raise SceneError(f"not LIVE after arming: {made.mode}, {made.session.reason}")


def come_to(made: World, what: str, condition: Callable[[], bool], limit_s: float = PATIENCE_S) -> None:
    """Let time pass until a scene is there; SceneError that names it when it does not come."""
    if not made.until(condition, limit_s):
        raise SceneError(f"{what} did not come within {limit_s:.0f} s: {made.mode}, {made.session.reason}")


def in_hand(made: World) -> bool:
    """Whether a hand is in flight in which the hero still plays."""
    state = made.session.state
    return state is not None and state.to_act is not None and bool(state.hole) and not state.seat(state.hero).folded


def our_turn(made: World) -> bool:
    """Whether the table waits for the hero and the session has seen it."""
    state = made.session.state
    return made.table.heros_turn and state is not None and state.hero_to_act


def new_hands(made: World, count: int) -> Callable[[], bool]:
    """A condition: so many more hands are on record."""
    target = made.hands_played + count
    return lambda: made.hands_played >= target


def made_since(made: World, at: int) -> list[PressRecord]:
    """Presses that were made after a time."""
    return [press for press in made.presses if press.made and press.at > at]


def landed(presses: Sequence[PressRecord]) -> bool:
    """Whether the table took every one of them for an action: nothing illegal was attempted."""
    return all(press.effect != "nothing" for press in presses)


def rows_since(made: World, kind: str, count: int) -> list[Mapping[str, Any]]:
    """The journal's rows of a kind after the first ``count`` of this session."""
    new = made.journal.counts[kind] - count
    return made.journal.of(kind)[-new:] if new else []


def decisions_since(made: World, count: int) -> list[Decision]:
    """The decisions after the first ``count`` of this session."""
    return [row["decision"] for row in rows_since(made, "decision", count)]


def degradation(made: World, what: Degradation, *, begun: bool) -> Callable[[], bool]:
    """A condition: the degradation is in force, or is no longer."""
    return lambda: (what in made.session.degraded) is begun


def stop_of(made: World) -> Transition | None:
    """The transition that led to STOPPED last, if any."""
    return next((change for change in reversed(made.transitions) if change.target is Mode.STOPPED), None)


def seconds_since(made: World, at: int) -> float:
    """Virtual seconds since a time."""
    return (made.clock.now() - at) / SECOND
