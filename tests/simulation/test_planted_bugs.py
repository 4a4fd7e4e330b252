"""Bugs planted into the engine: the simulation finds each of them, by what breaks, within nine hours of virtual time.

Each is put in by a patch of the real part, as a slip of the keyboard would. An honest engine passes the same hours.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.drills.simulation.simulate import Setting, ViolationError, simulate
from engine.execution.gestures import as_intent
from engine.permit import rules
from engine.permit.page import PermitPage
from engine.risk.guard import RiskGuard
from engine.runtime.arming import Arming
from engine.runtime.command_queue import CommandQueue
from engine.runtime.links import ModeWord
from engine.runtime.rounds import Round
from engine.safety import supervisor, table
from engine.safety.latch import Latch
from engine.session.deliberation import Deliberation
from engine.session.hand_loop import HandLoop
from engine.session.pressing import Pressing
from engine.session.turn import Phase
from engine.words import Cause, Degradation, Mode

HOUR = Setting(seed=3, hours=1.0, gap_s=6.0)
CALM = Setting(seed=4, hours=1.0, gap_s=45.0)
"""Few faults and long recoveries, in which it shows what does not come back."""

BUSY = Setting(seed=3, hours=3.0, gap_s=3.0)
"""Many faults, and therefore many commands while something is wrong."""

Plant = Callable[[pytest.MonkeyPatch], None]


def test_an_honest_engine_passes_the_hours() -> None:
    report = simulate(HOUR)
    report.add(simulate(CALM))
    assert report.hands > 30
    assert report.presses > 50
    assert report.refused > 0
    assert report.crashes > 3


def permit_of_any_age(patch: pytest.MonkeyPatch) -> None:
    """A permit that a stale frame renews: its age is not looked at."""
    patch.setattr(rules, "PERMIT_LIMIT", 10**12)


def any_view(patch: pytest.MonkeyPatch) -> None:
    """A permit for a picture that is no longer there."""
    honest = rules._claim_refusal

    def careless(words: Any, claim: Any, last_intent: int) -> str:
        return honest(words, replace(claim, view_id=words.view_id), last_intent)

    patch.setattr(rules, "_claim_refusal", careless)


def engine_beat_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rules, "ENGINE_BEAT_LIMIT", 10**12)


def stop_words_unseen(patch: pytest.MonkeyPatch) -> None:
    """Nobody looks at the stop words."""
    patch.setattr(PermitPage, "stopped", lambda page: False)
    patch.setattr(PermitPage, "stops", lambda page: ())
    patch.setattr(rules, "_stop_refusal", lambda words: "")


def volatile_latch(patch: pytest.MonkeyPatch) -> None:
    """A stop that is not kept."""
    patch.setattr(Latch, "stop", lambda latch, event: True)


def armed_reads_as_clear(patch: pytest.MonkeyPatch) -> None:
    """A program that died while armed begins as if nothing had been."""
    honest = Latch.open.__func__  # type: ignore[attr-defined]

    def trusting(kind: type[Latch], directory: Path, *arguments: Any, **named: Any) -> Latch:
        latch: Latch = honest(kind, directory, *arguments, **named)
        if latch.event is not None and latch.event.cause is Cause.UNCLEAN_END:
            latch.reset()
        return latch

    patch.setattr(Latch, "open", classmethod(trusting))


def intents_uncommitted(patch: pytest.MonkeyPatch) -> None:
    """The press comes first, and the record after."""

    def hasty(pressing: Any, hands: Any, turn: Any, gesture: Any, seen: Any) -> None:
        intent = as_intent(gesture, pressing._next_intent, turn.state, seen)
        pressing._next_intent += 1
        turn.gesture, turn.intent, turn.phase = gesture, intent, Phase.REPORT
        turn.sent_at = pressing._clock.now()
        hands.press(intent)
        row = {"intent": intent, "observation": seen, "state": turn.state, "decision": turn.decision}
        pressing._journal.record("intent", row)

    patch.setattr(Pressing, "_send", hasty)


class DeafToNo:
    """A journal whose refusal to take a row is not heard."""

    def __init__(self, journal: Any) -> None:
        self._journal = journal

    def __getattr__(self, name: str) -> Any:
        return getattr(self._journal, name)

    def commit(self, kind: str, data: Any, timeout_ns: int) -> bool:
        self._journal.commit(kind, data, timeout_ns)
        return True


def refused_commits_pressed(patch: pytest.MonkeyPatch) -> None:
    honest = Pressing.__init__

    def deaf(pressing: Any, **parts: Any) -> None:
        honest(pressing, **{**parts, "journal": DeafToNo(parts["journal"])})

    patch.setattr(Pressing, "__init__", deaf)


def safe_lets_raises_through(patch: pytest.MonkeyPatch) -> None:
    """Neither the hand loop nor the permit holds safe mode to check and fold, and decisions are made as in LIVE."""
    patch.setattr(rules, "_safe_refusal", lambda words, claim: "")
    begin, poll, press = Deliberation.begin, Deliberation.poll, Pressing.advance
    patch.setattr(Deliberation, "begin", lambda self, *a, **n: begin(self, *a, **{**n, "mode": Mode.LIVE}))
    patch.setattr(Deliberation, "poll", lambda self, mode, degraded: poll(self, Mode.LIVE, degraded))
    patch.setattr(Pressing, "advance", lambda self, turn, sight, mode: press(self, turn, sight, Mode.LIVE))


def page_keeps_its_mode(patch: pytest.MonkeyPatch) -> None:
    """The permit page is not told of less."""
    honest = ModeWord.set_mode

    def optimistic(word: ModeWord, mode: Mode) -> None:
        if mode is not Mode.HOLD:
            honest(word, mode)

    patch.setattr(ModeWord, "set_mode", optimistic)


def reset_leads_to_live(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(table.COMMANDS, (Mode.STOPPED, Cause.RESET), Mode.LIVE)


def hands_booked_twice(patch: pytest.MonkeyPatch) -> None:
    honest = RiskGuard.hand_over
    patch.setattr(RiskGuard, "hand_over", lambda guard, hand_id, result: honest(guard, hand_id, 2 * result))


def commitment_unlimited(patch: pytest.MonkeyPatch) -> None:
    """The limit of a hand is held against the chips in it, without those of the action."""
    honest = RiskGuard.check

    def mild(guard: Any, state: Any, action: Any, **named: Any) -> Any:
        return honest(guard, state, type(action)(type(action.kind).FOLD), **named)

    patch.setattr(RiskGuard, "check", mild)


def bad_frames_never_reset(patch: pytest.MonkeyPatch) -> None:
    """A counter that goes on over good frames."""
    honest = supervisor._counted

    def forgetful(state: Any, now: int, signals: Any, limits: Any) -> Any:
        counted = honest(state, now, signals, limits)
        return replace(counted, bad_frames=max(counted.bad_frames, state.bad_frames))

    patch.setattr(supervisor, "_counted", forgetful)


def bad_frames_never_counted(patch: pytest.MonkeyPatch) -> None:
    honest = supervisor._counted
    patch.setattr(supervisor, "_counted", lambda *arguments: replace(honest(*arguments), bad_frames=0))


def hold_never_ends(patch: pytest.MonkeyPatch) -> None:
    """A cleared cause that does not clear."""
    honest = supervisor._counted
    patch.setattr(supervisor, "_counted", lambda *arguments: replace(honest(*arguments), eyes_good_since=None))


def degradations_never_end(patch: pytest.MonkeyPatch) -> None:
    honest = supervisor.update

    def sticky(state: Any, now: int, signals: Any, limits: Any) -> Any:
        kept = Degradation.GTO_ONLY in state.degraded
        changed, made = honest(state, now, signals, limits)
        if kept:
            changed = replace(changed, degraded=changed.degraded | {Degradation.GTO_ONLY})
        return changed, made

    patch.setattr("engine.session.session.update", sticky)


def turns_forgotten(patch: pytest.MonkeyPatch) -> None:
    """Every other turn is not begun: the bot is alive, and does not play."""
    honest = HandLoop._begin

    def lazy(loop: Any, sight: Any, state: Any, *more: Any) -> None:
        if len(state.history) % 2:
            honest(loop, sight, state, *more)

    patch.setattr(HandLoop, "_begin", lazy)


def latch_armed_late(patch: pytest.MonkeyPatch) -> None:
    """LIVE before the marker is on the disk."""
    patch.setattr(Latch, "arm", lambda latch: None)


def withdrawn_commands_carried_out(patch: pytest.MonkeyPatch) -> None:
    """Whoever asked has given it up as late, and it is carried out all the same."""

    def forgetful(queue: Any, future: Any) -> Any:
        if not queue._await(future, queue._answer_limit_s):
            raise TimeoutError("the engine did not take the command up")
        return future.result()

    patch.setattr(CommandQueue, "_answer", forgetful)


def stops_overlooked_at_arming(patch: pytest.MonkeyPatch) -> None:
    """What came while watchdog and actuator were started is not looked at."""

    def blindly(arming: Any, guards: Any, epoch: int) -> None:
        arming.guards = guards
        arming._session.command(Cause.ARM)
        arming._session.connect(guards.actuator)

    patch.setattr(Arming, "_enter_live", blindly)


def reset_keeps_the_page(patch: pytest.MonkeyPatch) -> None:
    """The old page, with the stop word on it, stays in force."""

    def lazy(arming: Any, unwell: str, read_risk: Any, change_page: Any) -> str:
        if unwell or arming._session.mode is not Mode.STOPPED:
            return unwell or "there is nothing to reset"
        arming.end()
        arming._session.command(Cause.RESET)
        return ""

    patch.setattr(Arming, "reset", lazy)


def guards_left_running(patch: pytest.MonkeyPatch) -> None:
    """Nobody lets watchdog and actuator go when the bot is no longer armed."""
    honest = Round.__init__

    def shorter(turn: Any, *parts: Any) -> None:
        honest(turn, *parts)
        turn.parts = turn.parts[:-1]

    patch.setattr(Round, "__init__", shorter)


def looks_not_taken_in_one_by_one(patch: pytest.MonkeyPatch) -> None:
    """Of the looks that have come, only the last is looked at."""
    honest = Round._take_in

    def skipping(turn: Any) -> None:
        while len(turn.looks) > 1:
            turn.looks.popleft()
        honest(turn)

    patch.setattr(Round, "_take_in", skipping)


BUGS: dict[str, tuple[Plant, str]] = {
    "a permit renewed by a stale frame": (permit_of_any_age, "pressed"),
    "a permit for another picture": (any_view, "pressed on a picture that is no longer there"),
    "a permit of an engine that stands": (engine_beat_forgotten, "pressed while the engine stood still"),
    "stop words unseen": (stop_words_unseen, "stop"),
    "a stop not latched": (volatile_latch, "latch is"),
    "armed at death reads as clear": (armed_reads_as_clear, "did not start stopped"),
    "an intent that is not committed": (intents_uncommitted, "is not committed"),
    "a refused commit that is pressed": (refused_commits_pressed, "is not committed"),
    "safe mode that lets a raise through": (safe_lets_raises_through, "in SAFE"),
    "a page that is not told of HOLD": (page_keeps_its_mode, "page says"),
    "a reset that leads to LIVE": (reset_leads_to_live, "without the operator's reset"),
    "a hand booked twice": (hands_booked_twice, "risk guard counts"),
    "a hand without a limit": (commitment_unlimited, "chips in the hand"),
    "a counter that never resets": (bad_frames_never_reset, "bad frames in a row"),
    "bad frames that nobody counts": (bad_frames_never_counted, "bad frames in a row"),
    "a hold that never ends": (hold_never_ends, "it holds"),
    "a degradation that never ends": (degradations_never_end, "goes on without"),
    "turns that are not begun": (turns_forgotten, "a turn waits"),
    "live before the latch is armed": (latch_armed_late, "latch is"),
    "a command that was withdrawn": (withdrawn_commands_carried_out, "armed by nobody|without the operator's reset"),
    "an arming that overlooks a stop": (stops_overlooked_at_arming, "armed over a stop word"),
    "a reset that keeps the page": (reset_keeps_the_page, "a stop word is set"),
    "guards that nobody ends": (guards_left_running, "have not been ended"),
    "looks that are skipped": (looks_not_taken_in_one_by_one, "bad frames in a row"),
}


def _simulate_each(settings: Sequence[Setting]) -> None:
    for setting in settings:
        simulate(setting)


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant, breach = BUGS[name]
    plant(monkeypatch)
    settings: tuple[Setting, ...] = (HOUR, replace(CALM, hours=8.0))
    if name.endswith(("never ends", "never resets")):
        settings = settings[1:]
    elif plant in (withdrawn_commands_carried_out, stops_overlooked_at_arming, looks_not_taken_in_one_by_one):
        settings = (BUSY,)
    with pytest.raises(ViolationError, match=breach) as found:
        _simulate_each(settings)
    assert "pitboss drill simulate --seed" in found.value.replay
    assert found.value.trace


def test_the_replay_command_shows_the_breach_again(monkeypatch: pytest.MonkeyPatch) -> None:
    volatile_latch(monkeypatch)
    with pytest.raises(ViolationError) as found:
        simulate(HOUR)
    command, _, step = found.value.replay.rpartition(" ")
    assert command == "pitboss drill simulate --seed 3 --hours 1 --gap 6 --until-step"
    with pytest.raises(ViolationError) as again:
        simulate(replace(HOUR, until_step=int(step)))
    assert found.value.breach == again.value.breach
    assert simulate(replace(HOUR, until_step=int(step) - 1)).steps == int(step) - 1
