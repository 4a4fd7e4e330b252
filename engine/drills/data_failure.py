"""Drill data-failure: stored answers, event calendar and risk state fail while a hand is in flight."""

from engine.config import Config
from engine.drills.drill import Bench, Criterion, Drill, Sabotage
from engine.drills.file_calendar import FileCalendar
from engine.drills.kept_answers import KeepingSolver
from engine.drills.simulation.world import World
from engine.drills.virtual import (
    arm,
    changed,
    come_to,
    decisions_since,
    degradation,
    in_hand,
    landed,
    new_hands,
    seconds_since,
    world,
)
from engine.records.journal_reading import read
from engine.risk.reconstruct import played, reconstruct
from engine.risk.store import replace_state
from engine.words import Cause, Degradation, Mode

STALE_AFTER_H = 0.05
STALE_AFTER_S = STALE_AFTER_H * 3600
FALLBACK_LEFT_S = 100.0
REFRESH_MIN = 1.0
FILL_HANDS = 5
LOST_S = 12.0
BACK_WITHIN_S = 240.0
DISK_WITHIN_S = 10.0
DAMAGE = b"not what was written\n"

CRITERIA = (
    Criterion(
        "cache", "With the answers cleared and the solver away, check and fold to go on", "cache-only, source safe"
    ),
    Criterion("restored", "When all is healthy, new answers are kept and the cleared ones are back", "all of them"),
    Criterion("damaged", "A damaged file of answers is set aside and said; play goes on", "begun anew, LIVE"),
    Criterion("fallback", "Without its primary source the calendar takes the fallback, and play goes on", "LIVE"),
    Criterion("stale", "With both sources stale the hand is ended in SAFE, then STANDBY", "SAFE, then STANDBY"),
    Criterion(
        "risk", "A damaged risk state is refused, and rebuilt from the journal to the same figures", "equal figures"
    ),
    Criterion("no-crash", "Nothing crashes: no fault of the program in any of it", "0 faults"),
)


def run(bench: Bench) -> None:
    """Answers, calendar, risk state."""
    bench.step("stored answers are cleared in the middle of a hand", 0.05)
    _answers(bench)
    bench.step("the calendar loses its sources in the middle of a hand", 0.35)
    _calendar(bench)
    bench.step("the risk state is damaged in the middle of a hand", 0.75)
    _risk(bench)


def _judge_sound(bench: Bench, made: World) -> None:
    faults = [change for change in made.transitions if change.cause is Cause.ENGINE_FAULT]
    sound = not faults and landed([press for press in made.presses if press.made])
    bench.judge("no-crash", sound, "0 faults" if sound else faults[0].measured if faults else "a press was no action")


# stored answers


def _answers(bench: Bench) -> None:
    with world(bench, "answers") as made:
        solver = KeepingSolver(made.clock, bench.seed, bench.directory / "cache")
        try:
            made.solver = solver
            made.restart()
            arm(made)
            come_to(made, "some hands", new_hands(made, FILL_HANDS))
            _cleared(bench, made, solver)
            _restored(bench, made, solver)
            _damaged(bench, made, solver)
            _judge_sound(bench, made)
        finally:
            solver.cache.close()


def _cleared(bench: Bench, made: World, solver: KeepingSolver) -> None:
    come_to(made, "a hand in flight", lambda: in_hand(made))
    bench.figure("stored answers when they are cleared", solver.cache.status.entries, "")
    solver.cache.clear()
    solver.connected, count = False, made.journal.counts["decision"]
    lost = made.until(degradation(made, Degradation.CACHE_ONLY, begun=True), LOST_S) or made.mode is Mode.SAFE
    made.run(LOST_S)
    sources = {one.source for one in decisions_since(made, count)}
    bench.judge("cache", lost and sources <= {"safe"} and bool(sources), f"played: {', '.join(sources) or 'nothing'}")


def _restored(bench: Bench, made: World, solver: KeepingSolver) -> None:
    at = made.clock.now()
    solver.connected = True
    back = made.until(degradation(made, Degradation.CACHE_ONLY, begun=False), BACK_WITHIN_S)
    bench.figure("from the solver's return to full play", seconds_since(made, at), "s")
    come_to(made, "two more hands", new_hands(made, 2))
    fresh = solver.cache.status.entries
    solver.cache.restore()
    solver.cache.wait(DISK_WITHIN_S)
    entries = solver.cache.status.entries
    bench.judge("restored", back and 0 < fresh < entries, f"{fresh} new answers, {entries} with those of before")


def _damaged(bench: Bench, made: World, solver: KeepingSolver) -> None:
    come_to(made, "a hand in flight", lambda: in_hand(made))
    solver.file.write_bytes(DAMAGE)
    solver.cache.restore()
    solver.cache.wait(DISK_WITHIN_S)
    said = solver.cache.status.problem
    come_to(made, "two more hands", new_hands(made, 2))
    bench.judge("damaged", bool(said) and made.mode is Mode.LIVE, said or "nothing was said")


# the calendar


def _with_calendar(bench: Bench) -> Config:
    return changed(
        bench.config,
        "calendar",
        enabled=True,
        primary="primary.csv",
        fallback="fallback.csv",
        stale_after_h=STALE_AFTER_H,
        refresh_min=REFRESH_MIN,
    )


def _calendar(bench: Bench) -> None:
    with world(bench, "calendar", config=_with_calendar(bench)) as made:
        calendar = FileCalendar(
            made.config.calendar, made.directory, made.clock, made.disk.write, trusting=bench.sabotaged
        )
        calendar.confirm(calendar.primary)
        calendar.confirm(calendar.fallback)
        made.calendar = calendar
        made.restart()
        arm(made)
        come_to(made, "a hand in flight", lambda: in_hand(made))
        calendar.primary.unlink()
        made.run(STALE_AFTER_S - FALLBACK_LEFT_S)
        calendar.confirm(calendar.fallback)
        made.run(FALLBACK_LEFT_S + REFRESH_MIN * 60)
        source = calendar.status().source
        used = str(calendar.fallback) in source and made.mode is Mode.LIVE
        bench.judge("fallback", used, f"{made.mode} with {'the fallback' if used else source}")
        _both_gone(bench, made, calendar)
        _judge_sound(bench, made)


def _both_gone(bench: Bench, made: World, calendar: FileCalendar) -> None:
    """Until the fallback is stale too; a hand in flight is then ended by check and fold."""
    before, at = len(made.transitions), made.clock.now()
    stale = made.until(lambda: bool(calendar.status().stale), 2 * STALE_AFTER_S)
    ended = stale and made.until(lambda: made.mode is Mode.STANDBY, BACK_WITHIN_S)
    new = made.transitions[before:]
    way = [change.target.value for change in new]
    right = ended and all(change.target in (Mode.SAFE, Mode.STANDBY) for change in new)
    bench.judge("stale", right, f"{', then '.join(way) or made.mode} after {seconds_since(made, at):.0f} s")
    bench.judge("stale", not right or _cannot_arm(made), "SAFE, then STANDBY" if right else "arming is not refused")


def _cannot_arm(made: World) -> bool:
    try:
        made.arm()
    except Exception:
        return made.mode is Mode.STANDBY
    return False


# the risk state


def _risk(bench: Bench) -> None:
    with world(bench, "risk", disk="real") as made:
        arm(made)
        come_to(made, "some hands", new_hands(made, FILL_HANDS))
        come_to(made, "a hand in flight", lambda: in_hand(made))
        before = made.risk.status(None).session_result
        state, journal = made.directory / "risk.json", made.directory / "journals" / f"{made.session_id}.sqlite"
        made.crash()
        state.write_bytes(DAMAGE)
        refused = made.restart()
        rebuilt = reconstruct([played(journal.stem, read(journal))])
        replace_state(state, rebuilt, state.with_name("risk.json.kept"))
        again = made.restart()
        equal = rebuilt.session_result == before
        total = made.risk.status(None).bankroll
        bench.judge("risk", bool(refused), "refused" if refused else "a damaged state was taken for sound")
        said = f"refused, then {rebuilt.session_result:+d} chips rebuilt, {before:+d} before"
        bench.judge("risk", equal and not again, again if again else said)
        bench.figure("bankroll after the reconstruction", total, "chips")
        _plays_on(bench, made)
        _judge_sound(bench, made)


def _plays_on(bench: Bench, made: World) -> None:
    """The crash was a stop: reset, arm, a hand more."""
    latched = made.mode is Mode.STOPPED
    why = made.reset()
    arm(made)
    come_to(made, "a hand more", new_hands(made, 1))
    said = f"latched, reset, {made.hands_played} hands" if latched and not why else why or "the crash was no stop"
    bench.judge("no-crash", latched and not why, said)
    bench.figure("hands played over all", made.hands_played, "")


DRILL = Drill(
    name="data-failure",
    title="Data failure",
    purpose="Clears the stored answers, takes the event calendar's sources away and damages the risk state while a "
    "hand is in flight.",
    criteria=CRITERIA,
    sabotage=Sabotage("no source of the calendar ever counts as stale", ("stale",)),
    needs_screen=False,
    run=run,
)
