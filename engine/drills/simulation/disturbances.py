"""What can be done to a world: faults of every port, crashes, sleep, and the operator; each with the cause it aims at.

A disturbance begins, lasts for a time drawn from its seed, and ends. ``BURST`` ones come several in a row.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from engine.clock import MILLISECOND, SECOND
from engine.drills.simulation.faults import NO_FAULT, Fault, FaultKind
from engine.drills.simulation.world import World
from engine.permit.words import StopCode
from engine.safety.latch import PERMISSION_NAME, LatchError
from engine.safety.supervisor import InvalidTransitionError
from engine.words import Cause, Mode

Begin = Callable[[World, random.Random], None]


@dataclass(frozen=True, slots=True)
class Disturbance:
    """``port`` and ``kind`` name it in the report; ``aims`` are the causes it is meant to bring about, if any."""

    port: str
    kind: str
    begin: Begin
    aims: tuple[Cause, ...] = ()


def _for(world: World, chance: random.Random, shortest: float, longest: float, end: Callable[[], None]) -> None:
    """Do ``end`` after a time between the two (seconds); short ones come more often."""
    seconds = shortest + (longest - shortest) * chance.random() ** 2
    world.agenda.at(world.clock.now() + round(seconds * SECOND), end)


def _fault(
    port: str,
    kind: FaultKind,
    times: tuple[float, float],
    *aims: Cause,
    amounts: tuple[int, int] = (0, 6),
    heals: bool | None = None,
) -> Disturbance:
    def begin(world: World, chance: random.Random) -> None:
        place = getattr(world, port)
        lasting = heals if heals is not None else chance.random() < 0.8
        place.fault = fault = Fault(kind, chance.randint(*amounts), lasting)

        def end() -> None:
            if place.fault is fault:
                place.fault = NO_FAULT

        _for(world, chance, *times, end)

    return Disturbance(port, str(kind), begin, aims)


def _bad_frames(world: World, chance: random.Random) -> None:
    """A burst of bad frames: one to five that count, at ten a second."""
    world.eyes.fault = fault = Fault(FaultKind.GARBAGE, chance.randint(0, 3))
    frames = chance.choice((1, 2, 3, 3, 4, 5))

    def end() -> None:
        if world.eyes.fault is fault:
            world.eyes.fault = NO_FAULT

    world.agenda.at(world.clock.now() + (frames * 100 + chance.randrange(40)) * MILLISECOND, end)


def _flicker(world: World, chance: random.Random) -> None:
    """One or two bad frames and good ones again, several times over: nothing that may stop the bot."""
    at = world.clock.now()

    def spoil(fault: Fault) -> None:
        if not world.eyes.fault:
            world.eyes.fault = fault

    def clear(fault: Fault) -> None:
        if world.eyes.fault is fault:
            world.eyes.fault = NO_FAULT

    for _ in range(chance.randint(3, 6)):
        fault = Fault(FaultKind.GARBAGE, chance.randint(0, 3))
        lasts = chance.choice((80, 140)) * MILLISECOND
        world.agenda.at(at, partial(spoil, fault))
        world.agenda.at(at + lasts, partial(clear, fault))
        at += lasts + chance.randint(450, 900) * MILLISECOND


def _eyes_stand_at_a_press(world: World, chance: random.Random) -> None:
    """The next gesture takes so long that the permit runs out under it, since no new picture comes."""

    def begin() -> None:
        if not (world.eyes.fault or world.hands.fault):
            world.hands.fault, world.eyes.fault = (
                Fault(FaultKind.SLOW, chance.randint(150, 400)),
                Fault(FaultKind.STUCK),
            )
            _for(world, chance, 0.5, 1.5, end)

    def end() -> None:
        world.hands.fault = world.eyes.fault = NO_FAULT

    world.hands.at_next.append((0, begin))


def _engine_stands_at_a_press(world: World, chance: random.Random) -> None:
    """The next gesture takes so long that the engine's beat grows old under it."""

    def begin() -> None:
        if not world.hands.fault:
            world.hands.fault = Fault(FaultKind.SLOW, chance.randint(220, 500))
            world.engine_stuck_until = world.clock.now() + chance.randint(300, 1500) * MILLISECOND
            _for(world, chance, 0.5, 1.5, lambda: setattr(world.hands, "fault", NO_FAULT))

    world.hands.at_next.append((0, begin))


def _time_runs_out_at_a_press(world: World, chance: random.Random) -> None:
    """The table acts for the hero while the pointer is on its way."""

    def run_out() -> None:
        if world.table.heros_turn:
            world.table.due = world.clock.now()

    world.hands.at_next.append((chance.randint(5, 45) * MILLISECOND, run_out))


def _person(world: World, chance: random.Random) -> None:
    world.hands.person = True
    _for(world, chance, 0.2, 6.0, lambda: setattr(world.hands, "person", False))


def _hotkey(world: World, chance: random.Random) -> None:
    world.watchdog.hotkey = True
    _for(world, chance, 0.1, 0.3, lambda: setattr(world.watchdog, "hotkey", False))


def _corner(world: World, chance: random.Random) -> None:
    world.watchdog.corner = True
    _for(world, chance, 0.3, 1.5, lambda: setattr(world.watchdog, "corner", False))


def _window(world: World, chance: random.Random) -> None:
    world.calendar.announce("maintenance", chance.choice((0.0, 5.0)), chance.uniform(3.0, 30.0))


def _disk_full(world: World, chance: random.Random) -> None:
    world.disk.full = True
    _for(world, chance, 1.0, 12.0, lambda: setattr(world.disk, "full", False))


def _disk_slow(world: World, chance: random.Random) -> None:
    world.disk.slow_ms = chance.choice((20, 100, 240, 260, 900))
    _for(world, chance, 0.5, 10.0, lambda: setattr(world.disk, "slow_ms", 0))


def _disk_hangs(world: World, chance: random.Random) -> None:
    world.disk.slow_ms = chance.randint(1000, 6000)
    _for(world, chance, 0.5, 3.0, lambda: setattr(world.disk, "slow_ms", 0))


def _pressure(world: World, chance: random.Random) -> None:
    world.pace.late = 0.95
    _for(world, chance, 0.5, 20.0, lambda: setattr(world.pace, "late", 0.0))


def _sleep(world: World, chance: random.Random) -> None:
    world.suspend(chance.choice((0.1, 0.3, 2.0, 30.0, 120.0)), noticed=True)


def _unnoticed_sleep(world: World, chance: random.Random) -> None:
    world.suspend(chance.choice((0.1, 0.2, 0.3, 1.0, 8.0)), noticed=False)


def _desk(world: World, chance: random.Random) -> None:
    world.desk_changed("the screen was locked")


def _engine_stands(world: World, chance: random.Random) -> None:
    world.engine_stuck_until = world.clock.now() + round(chance.choice((0.1, 0.3, 1.0, 3.5, 5.0)) * SECOND)


def _crash(world: World, chance: random.Random) -> None:
    if world.up:
        world.crash()


def _crash_in_a_write(world: World, chance: random.Random) -> None:
    """kill -9 in one of the next writes, before it or after it."""
    world.disk.kill_in = chance.randint(1, 6)


def _crash_and_spoil(world: World, chance: random.Random) -> None:
    """kill -9, and the permission file is damaged before the next start."""
    if world.up:
        world.crash()
    spoilt = chance.choice((b"", b"{", b'{"schema": 1}', b"\x00" * 64))
    (world.directory / PERMISSION_NAME).write_bytes(spoilt)


def _button(world: World, chance: random.Random) -> None:
    world.stop()


def _stop_command(world: World, chance: random.Random) -> None:
    world.page.command.stop(StopCode.COMMAND)
    world.safety.revoked()


def _commanded(command: Cause) -> Begin:
    def begin(world: World, chance: random.Random) -> None:
        try:
            world.command(command)
        except (InvalidTransitionError, LatchError, OSError):
            world.invalid += 1

    return begin


def _finish(world: World, chance: random.Random) -> None:
    """By the console's button or the command line's word on the page."""
    if chance.random() < 0.5:
        world.page.command.ask_finish()
    else:
        _commanded(Cause.FINISH)(world, chance)


def _stands_at_a_command(world: World, chance: random.Random) -> None:
    """The engine stands still while the operator, who has disarmed, arms again: for as long as he waits, or longer.
    Every other time he stops it meanwhile.
    """
    _commanded(Cause.DISARM)(world, chance)
    world.engine_stuck_until = world.clock.now() + chance.choice((1000, 4900, 5500, 8000)) * MILLISECOND
    world.agenda.at(world.clock.now() + chance.randrange(20, 300) * MILLISECOND, partial(_arm, world, chance))
    if chance.random() < 0.5:
        stop = chance.choice((_button, _stop_command))
        world.agenda.at(world.clock.now() + chance.randrange(750, 950) * MILLISECOND, partial(stop, world, chance))


def _arm(world: World, chance: random.Random) -> None:
    try:
        world.arm()
    except (InvalidTransitionError, LatchError, OSError):
        world.invalid += 1


def _reset(world: World, chance: random.Random) -> None:
    world.invalid += bool(world.try_reset())


def _all_in(world: World, chance: random.Random) -> None:
    """The next decisions are for all the chips, which is more than a hand may cost."""
    world.solver.bold = True
    _for(world, chance, 10.0, 40.0, lambda: setattr(world.solver, "bold", False))


def _safe_misfires(world: World, chance: random.Random) -> None:
    """Finishing while our presses go astray, or a person keeps the pointer: safe mode cannot be held."""
    if world.session.mode is not Mode.LIVE:
        return
    if chance.random() < 0.5:
        world.hands.fault = fault = Fault(FaultKind.WRONG, 0)
        _for(world, chance, 12.0, 20.0, lambda: setattr(world.hands, "fault", NO_FAULT))
        del fault
    else:
        world.hands.person = True
        _for(world, chance, 14.0, 20.0, lambda: setattr(world.hands, "person", False))
    _commanded(Cause.FINISH)(world, chance)


OFF, STUCK, GARBAGE, WRONG, SLOW = (
    FaultKind.OFF,
    FaultKind.STUCK,
    FaultKind.GARBAGE,
    FaultKind.WRONG,
    FaultKind.SLOW,
)

DISTURBANCES: tuple[Disturbance, ...] = (
    _fault("eyes", OFF, (0.05, 6.0), Cause.BLIND, Cause.EYES_BACK),
    _fault("eyes", OFF, (11.0, 14.0), Cause.HOLD_LIMIT),
    _fault("eyes", STUCK, (0.1, 5.0), heals=True),
    _fault("eyes", WRONG, (0.1, 3.0)),
    _fault("eyes", SLOW, (1.0, 10.0), amounts=(50, 700)),
    Disturbance("eyes", "stand at a press", _eyes_stand_at_a_press),
    Disturbance("table", "time runs out at a press", _time_runs_out_at_a_press),
    Disturbance("eyes", "flicker", _flicker),
    Disturbance("eyes", "garbage", _bad_frames, (Cause.CONFIDENCE,)),
    _fault("solver", OFF, (0.5, 20.0), Cause.SOLVER_LOST, Cause.SOLVER_BACK, heals=True),
    _fault("solver", OFF, (20.0, 30.0), Cause.RESTART_BUDGET, heals=False),
    _fault("solver", STUCK, (0.5, 20.0)),
    _fault("solver", GARBAGE, (0.5, 20.0)),
    _fault("solver", WRONG, (0.5, 20.0)),
    _fault("solver", SLOW, (0.5, 20.0), amounts=(50, 3000)),
    _fault("advisers", OFF, (0.5, 20.0), Cause.ADVISERS_LOST, Cause.ADVISERS_BACK),
    _fault("advisers", STUCK, (0.5, 20.0)),
    _fault("advisers", GARBAGE, (0.5, 20.0)),
    _fault("advisers", WRONG, (0.5, 20.0)),
    _fault("advisers", SLOW, (0.5, 20.0), amounts=(50, 3000)),
    _fault("hands", OFF, (0.5, 3.0), Cause.ACTUATOR_LOST),
    _fault("hands", STUCK, (0.5, 12.0)),
    _fault("hands", GARBAGE, (5.0, 25.0), Cause.ENGINE_FAULT),
    _fault("hands", WRONG, (5.0, 25.0), Cause.MISFIRE, amounts=(0, 1)),
    _fault("hands", SLOW, (0.5, 12.0), amounts=(20, 600)),
    Disturbance("hands", "person", _person),
    Disturbance("hands", "misfire in SAFE", _safe_misfires, (Cause.SAFE_FAILED,)),
    _fault("guard", OFF, (5.0, 25.0), Cause.TABLE_GUARD),
    _fault("guard", STUCK, (5.0, 25.0), amounts=(800, 5000)),
    _fault("guard", GARBAGE, (5.0, 25.0)),
    _fault("guard", SLOW, (5.0, 25.0), amounts=(5, 400)),
    _fault("watchdog", OFF, (0.5, 2.0), Cause.WATCHDOG_LOST),
    Disturbance("watchdog", "hotkey", _hotkey, (Cause.OPERATOR_HOTKEY,)),
    Disturbance("watchdog", "corner", _corner, (Cause.OPERATOR_CORNER,)),
    _fault("calendar", OFF, (20.0, 100.0)),
    _fault("calendar", STUCK, (20.0, 100.0)),
    _fault("calendar", GARBAGE, (1.0, 120.0)),
    _fault("calendar", WRONG, (1.0, 10.0), Cause.CALENDAR_STALE),
    _fault("calendar", SLOW, (1.0, 60.0), amounts=(1000, 90_000)),
    Disturbance("calendar", "window", _window, (Cause.EVENT_WINDOW,)),
    Disturbance("disk", "full", _disk_full, (Cause.JOURNAL,)),
    Disturbance("disk", "slow", _disk_slow),
    Disturbance("disk", "stuck", _disk_hangs),
    Disturbance("machine", "pressure", _pressure, (Cause.RESOURCES, Cause.RESOURCES_BACK)),
    Disturbance("machine", "sleep", _sleep, (Cause.DESK_CHANGED,)),
    Disturbance("machine", "unnoticed sleep", _unnoticed_sleep),
    Disturbance("machine", "desk", _desk, (Cause.DESK_CHANGED,)),
    Disturbance("engine", "stands at a press", _engine_stands_at_a_press),
    Disturbance("engine", "stands", _engine_stands, (Cause.WATCHDOG,)),
    Disturbance("engine", "crash", _crash, (Cause.UNCLEAN_END,)),
    Disturbance("engine", "crash in a write", _crash_in_a_write),
    Disturbance("engine", "crash, file spoilt", _crash_and_spoil, (Cause.LATCH_UNREADABLE,)),
    Disturbance("operator", "button", _button, (Cause.OPERATOR_BUTTON,)),
    Disturbance("operator", "stop command", _stop_command, (Cause.OPERATOR_COMMAND,)),
    Disturbance("engine", "stands at a command", _stands_at_a_command, (Cause.DISARM,)),
    Disturbance("operator", "finish", _finish, (Cause.FINISH, Cause.HAND_OVER)),
    Disturbance("operator", "disarm", _commanded(Cause.DISARM), (Cause.DISARM,)),
    Disturbance("operator", "reset at any time", _reset),
    Disturbance("operator", "arm at any time", _arm),
    Disturbance("solver", "all-in", _all_in, (Cause.RISK_LIMIT,)),
)
