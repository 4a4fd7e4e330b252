"""The state machine over the permit: random histories in bursts, since single steps hardly ever line up.

So many bad frames in a row, a silence of one part, the same intent again: each ends in a request to press, and
``World`` objects to every press that the design forbids.
"""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from engine.clock import MILLISECOND, SECOND
from engine.permit.page import PermitMode
from tests.permit.world import BESIDE, STEP, World

OWNERS = ("console", "command", "watchdog")
PURPOSES = ("check", "fold", "call", "raise", "amount")
VIEWS = st.sampled_from([5, 5, 5, 6])
LONG = st.sampled_from([100, 201, 226, 251, 301, 501, 1001])
MOMENTS = st.integers(0, 110)


class PermitMachine(RuleBasedStateMachine):
    """Random histories of page, engine, eyes, watchdog and actuator; ``World`` objects to every wrong press."""

    def __init__(self) -> None:
        super().__init__()
        self._directory = TemporaryDirectory()
        self.world = World(Path(self._directory.name))

    def teardown(self) -> None:
        self.world.close()
        self._directory.cleanup()

    @initialize()
    def arm(self) -> None:
        self.world.go_on()
        self.world.enter(PermitMode.LIVE)

    # one step of one part

    @rule(count=st.integers(1, 20))
    def everybody_goes_on(self, count: int) -> None:
        for _ in range(count):
            self.world.asleep(STEP)
            self.world.go_on()

    @rule(mode=st.sampled_from(list(PermitMode)))
    def another_mode(self, mode: PermitMode) -> None:
        self.world.enter(mode)

    @rule(mode=st.sampled_from([PermitMode.LIVE, PermitMode.SAFE]))
    def armed_again(self, mode: PermitMode) -> None:
        self.world.enter(mode)

    @rule(view=VIEWS, passive_seen=st.booleans())
    def a_good_frame(self, view: int, passive_seen: bool) -> None:
        self.world.asleep(STEP)
        self.world.frame(self.world.now(), True, view, passive_seen)

    @precondition(lambda self: not self.world.account.stopped)
    @rule(owner=st.sampled_from(OWNERS))
    def a_stop(self, owner: str) -> None:
        self.world.stop(owner)

    @precondition(lambda self: self.world.account.stopped)
    @rule()
    def reset(self) -> None:
        self.world.reset()
        self.world.go_on()

    @rule()
    def another_actuator(self) -> None:
        self.world.start_actuator()

    @rule(hours=st.sampled_from([1, 8]))
    def the_machine_sleeps(self, hours: int) -> None:
        self.world.asleep(hours * 3600 * SECOND)

    # bursts that end in a request to press

    @rule(purpose=st.sampled_from(PURPOSES), view=VIEWS, lively=st.booleans())
    def a_request(self, purpose: str, view: int, lively: bool) -> None:
        self.world.lively = lively
        self.world.ask(self.world.intent(purpose, view))

    @rule(purpose=st.sampled_from(PURPOSES), mode=st.sampled_from([PermitMode.LIVE, PermitMode.SAFE]))
    def a_request_that_must_be_carried_out(self, purpose: str, mode: PermitMode) -> None:
        """Liveness: with everything in order a press is made, and it is not the safety that prevents all."""
        world = self.world
        if world.account.stopped:
            return
        world.enter(mode)
        world.asleep(STEP)
        world.go_on()
        world.lively = True
        report = world.ask(world.intent(purpose))
        allowed = mode is PermitMode.LIVE or purpose in ("check", "fold")
        assert (report["status"] == "pressed") == allowed, report

    @rule(purpose=st.sampled_from(["check", "fold"]))
    def the_engine_takes_another_button_for_check_or_fold(self, purpose: str) -> None:
        world = self.world
        world.enter(PermitMode.SAFE)
        world.asleep(STEP)
        world.go_on()
        world.lively = True
        x, y = BESIDE
        world.ask(world.intent(purpose, x=x, y=y))

    @rule(bad=st.integers(1, 4), purpose=st.sampled_from(PURPOSES))
    def bad_frames_and_a_request(self, bad: int, purpose: str) -> None:
        world = self.world
        world.go_on()
        for _ in range(bad):
            world.asleep(STEP)
            world.frame(world.now(), False, 5)
            world.engine_beats()
        world.lively = False
        world.ask(world.intent(purpose))

    @rule(late=st.integers(0, 60), good_first=st.booleans())
    def a_frame_comes_later_than_a_newer_bad_one(self, late: int, good_first: bool) -> None:
        world = self.world
        world.go_on()
        taken = world.now() if good_first else world.now() + 1
        world.asleep(STEP)
        world.frame(world.now(), False, 5)
        world.asleep(late * MILLISECOND)
        world.frame(taken, True, 5)
        world.engine_beats()
        world.watchdog_beats()
        world.lively = False
        world.ask(world.intent("fold"))

    @rule(silent=st.sampled_from(["eyes", "engine", "watchdog"]), duration=LONG)
    def one_part_is_silent_and_a_request(self, silent: str, duration: int) -> None:
        world = self.world
        world.go_on()
        world.asleep(duration * MILLISECOND)
        if silent != "eyes":
            world.frame(world.now(), True, 5)
        if silent != "engine":
            world.engine_beats()
        if silent != "watchdog":
            world.watchdog_beats()
        world.lively = False
        world.ask(world.intent("fold"))

    @rule(early=st.sampled_from(["eyes", "engine", "watchdog", "request"]), ahead=st.integers(60, 10_000))
    def one_time_lies_in_the_future(self, early: str, ahead: int) -> None:
        """A time of capture that lies in the future shuts the eyes of this page for good: it takes a reset."""
        world = self.world
        world.lively = False
        world.asleep(STEP)
        world.go_on()
        step = ahead * MILLISECOND
        if early == "eyes":
            world.frame(world.now() + step, True, 5)
        elif early == "engine":
            world.engine_beats(step)
        elif early == "watchdog":
            world.watchdog_beats(step)
        asked_at = world.now() + (step if early == "request" else 0)
        world.ask(world.intent("fold", asked_at=asked_at))
        if early == "eyes":
            world.reset()
        world.go_on()

    @rule(again=st.integers(1, 3), another_actuator=st.booleans())
    def the_same_intent_again(self, again: int, another_actuator: bool) -> None:
        world = self.world
        world.go_on()
        world.lively = True
        message = world.intent("fold")
        world.ask(message)
        for _ in range(again):
            if another_actuator:
                world.start_actuator()
            world.ask(message | {"asked_at": world.now()})

    @rule(back=st.integers(1, 3))
    def an_older_intent(self, back: int) -> None:
        world = self.world
        world.go_on()
        world.lively = True
        number = max(0, world.next_intent - 1 - back)
        world.ask(world.intent("fold", intent_id=number))

    @rule(between=st.sampled_from([PermitMode.HOLD, PermitMode.STANDBY, PermitMode.SAFE]), waits=st.integers(1, 300))
    def a_request_waits_while_the_mode_goes_and_comes_back(self, between: PermitMode, waits: int) -> None:
        world = self.world
        mode = world.account.mode
        message = world.intent("fold")
        world.asleep(waits * MILLISECOND)
        world.enter(between)
        world.asleep(STEP)
        world.go_on()
        world.enter(mode)
        world.lively = True
        world.ask(message)

    @rule(epoch_of_before=st.booleans())
    def a_request_for_another_page(self, epoch_of_before: bool) -> None:
        world = self.world
        message = world.intent("fold")
        if epoch_of_before:
            world.reset()
            world.go_on()
            world.enter(PermitMode.LIVE)
        else:
            message["epoch"] ^= 1
        world.lively = True
        world.ask(message)

    @rule(
        moment=MOMENTS,
        what=st.sampled_from(["stop", "bad frame", "hold", "safe", "another view", "sleep", "silence", "flicker"]),
        purpose=st.sampled_from(PURPOSES),
    )
    def something_happens_during_the_gesture(self, moment: int, what: str, purpose: str) -> None:
        world = self.world
        world.go_on()
        world.lively = True
        world.events.append((world.now() + moment * MILLISECOND, partial(self._happen, what)))
        world.ask(world.intent(purpose))
        world.events.clear()

    def _happen(self, what: str) -> None:
        world = self.world
        world.lively = what in ("stop", "hold", "safe", "sleep", "flicker")
        if what == "stop" and not world.account.stopped:
            world.stop("console")
        elif what == "bad frame":
            world.asleep(1)
            world.frame(world.now(), False, 5)
        elif what == "another view":
            world.asleep(1)
            world.frame(world.now(), True, 6)
        elif what == "sleep":
            world.asleep(3600 * SECOND)
            world.go_on()
        elif what in ("hold", "flicker"):
            mode = world.account.mode
            world.enter(PermitMode.HOLD)
            world.asleep(1)
            if what == "flicker":
                world.enter(mode)
        elif what == "safe":
            world.enter(PermitMode.SAFE)


def explore(examples: int, *, shrink: bool) -> None:
    """Run the machine; the same histories every time."""
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)
    run_state_machine_as_test(
        PermitMachine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            database=None,
            phases=phases,
            suppress_health_check=list(HealthCheck),
        ),
    )
