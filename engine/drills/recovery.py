"""Drill recovery: stop, restart, reset behind its gate, validation of the stopped session, arming, and play goes on."""

from pathlib import Path

from engine.drills.drill import Bench, Criterion, Drill, Sabotage
from engine.drills.simulation.faults import GARBAGE, NO_FAULT
from engine.drills.simulation.world import World
from engine.drills.stopped_session import validate
from engine.drills.virtual import arm, come_to, made_since, new_hands, seconds_since, world
from engine.safety.latch import PERMISSION_NAME
from engine.safety.supervisor import InvalidTransitionError
from engine.words import Mode

HANDS_BEFORE, HANDS_AFTER = 5, 3
STOP_WITHIN_S = 5.0
IDLE_S = 30.0
DAMAGE = b"not what was written\n"

CRITERIA = (
    Criterion("holds", "The stop holds over a crash and a restart of the program", "STOPPED, 0 presses"),
    Criterion("no-arm", "Arming over the stop is refused", "refused"),
    Criterion("gate", "A reset waits for two healthy snapshots and for a sound risk state", "refused with its reason"),
    Criterion("standby", "The operator's reset leads to STANDBY, and nothing acts there", "STANDBY, 0 presses"),
    Criterion(
        "journal", "The stopped session's journal is whole, and its decisions repeat from their seeds", "no problem"
    ),
    Criterion("resumes", "After arming, which is a second act, play goes on", f"{HANDS_AFTER} hands, LIVE"),
)


class ForgetfulDisk:
    """The sabotage: writes of the permission are taken and never made."""

    def __init__(self, made: World) -> None:
        self._write = made.disk.write

    def write(self, path: Path, content: bytes) -> None:
        """Forget the permission, write everything else."""
        if path.name != PERMISSION_NAME:
            self._write(path, content)


def run(bench: Bench) -> None:
    """One stop and the way back."""
    with world(bench, "world", disk="real") as made:
        if bench.sabotaged:
            made.disk.write = ForgetfulDisk(made).write  # type: ignore[method-assign]
            made.restart()
        bench.step("play, then three bad frames", 0.05)
        arm(made)
        come_to(made, "some hands", new_hands(made, HANDS_BEFORE))
        made.eyes.fault = GARBAGE
        come_to(made, "the stop", lambda: made.mode is Mode.STOPPED, STOP_WITHIN_S)
        session, at = made.session_id, made.clock.now()
        bench.step("crash and restart", 0.3)
        made.crash()
        made.restart()
        made.eyes.fault = NO_FAULT
        _refused(bench, made, "before two healthy snapshots")
        _stopped(bench, made, at)
        bench.step("the reset and its gate", 0.5)
        _reset(bench, made)
        bench.step("validation of the stopped session", 0.7)
        _validated(bench, made, session)
        bench.step("arming", 0.8)
        _resumed(bench, made, at)


def _stopped(bench: Bench, made: World, at: int) -> None:
    made.run(IDLE_S)
    late = len(made_since(made, at))
    bench.judge("holds", made.mode is Mode.STOPPED and late == 0, f"{made.mode}, {late} presses")
    bench.judge("no-arm", *_arming_refused(made))


def _arming_refused(made: World) -> tuple[bool, str]:
    try:
        made.arm()
    except InvalidTransitionError as error:
        return True, str(error)
    return False, f"{made.mode} after arming"


def _reset(bench: Bench, made: World) -> None:
    """First over a damaged risk state, which has to be refused; then as it should be."""
    state = made.directory / "risk.json"
    sound = state.read_bytes()
    state.write_bytes(DAMAGE)
    _refused(bench, made, "over a damaged risk state")
    state.write_bytes(sound)
    why, at = made.reset(), made.clock.now()
    made.run(IDLE_S)
    late = len(made_since(made, at))
    bench.judge("standby", not why and made.mode is Mode.STANDBY and late == 0, why or f"{made.mode}, {late} presses")


def _refused(bench: Bench, made: World, when: str) -> None:
    why = made.try_reset()
    refused = bool(why) and made.mode is Mode.STOPPED
    bench.judge("gate", refused, why if refused else f"{made.mode} all the same {when}")


def _validated(bench: Bench, made: World, session: str) -> None:
    found = validate(made.directory / "journals" / f"{session}.sqlite", session)
    said = found.problems[0] if found.problems else f"{found.decisions} decisions made again"
    bench.judge("journal", not found.problems and found.decisions > 0, said)
    bench.figure("decisions made again", found.decisions, "")


def _resumed(bench: Bench, made: World, stopped_at: int) -> None:
    if made.mode is Mode.STANDBY:
        made.arm()
    before = made.hands_played
    played = made.until(new_hands(made, HANDS_AFTER), 600.0)
    bench.judge("resumes", played and made.mode is Mode.LIVE, f"{made.hands_played - before} hands, {made.mode}")
    bench.figure("from the stop to the third hand after it", seconds_since(made, stopped_at), "s")


DRILL = Drill(
    name="recovery",
    title="Recovery run",
    purpose="Comes back from a panic stop: restart, reset behind its gate, validation of what was recorded, arming.",
    criteria=CRITERIA,
    sabotage=Sabotage("the permission never reaches the disk", ("holds",)),
    needs_screen=False,
    run=run,
)
