"""The RiskGuard: holds every action and every further hand against the limits, and keeps its count on the disk."""

from collections.abc import Callable, Sequence
from pathlib import Path

from engine.clock import utc_now
from engine.game.actions import Action, ActionKind
from engine.game.state import TableState
from engine.risk.limits import RiskLimits
from engine.risk.reconstruct import HandResult
from engine.risk.state import OpenHand, RiskState, RiskStateError, Stop
from engine.risk.store import DISK, Storage, open_state, save
from engine.words import RiskStatus, RiskVerdict


class RiskGuard:
    """Implements ``engine.ports.RiskGuard`` over the state file at ``path``; for one thread, ``status`` for any.

    The count goes on after a restart, whatever ended the program. A write that fails never raises while the bot acts:
    the figures are counted all the same, ``problem`` says what happened, and until the disk has taken them nothing
    more may be put in. Raises RiskStateError at the start when the file cannot be trusted or written.
    """

    def __init__(
        self,
        path: Path,
        limits: RiskLimits,
        *,
        utc: Callable[[], str] = utc_now,
        storage: Storage = DISK,
    ) -> None:
        self._path = path
        self._limits = limits
        self._utc = utc
        self._storage = storage
        self._problem = ""
        self._state = open_state(path, storage)

    @property
    def problem(self) -> str:
        """Why the figures are not on the disk; "" when they are."""
        return self._problem

    @property
    def state(self) -> RiskState:
        """The figures as they are counted now."""
        return self._state

    def check(self, state: TableState, action: Action, *, acting: bool = True) -> RiskVerdict:
        """Whether the hero may make the action, with everything that it would have put into the hand as lost.

        Check and fold always may: they commit nothing. What can be lost in the hand is kept as the open hand, unless
        nobody is ``acting`` on the answer: then nothing is put in.
        """
        committed = contributed = state.seat(state.hero).contributed
        if action.kind in (ActionKind.CHECK, ActionKind.FOLD):
            verdict = RiskVerdict(True, f"{action} commits nothing")
        else:
            committed += chips_added(state, action)
            verdict = self._unwritten() or self._limits.at(state.big_blind).commitment(self._state, committed)
        if acting:
            self._state = self._state.at_risk(state.hand_id, committed if verdict.allowed else contributed)
        return verdict

    def hand_may_begin(self) -> RiskVerdict:
        """Whether the limits leave room for a hand: asked before arming and after every hand."""
        blind = self._limits.big_blind
        return self._unwritten() or self._limits.at(None).another_hand(self._state, blind)

    def hand_over(self, hand_id: str, result: int) -> RiskVerdict:
        """Book a hand's result in chips, once, on the disk before this returns; whether another hand may begin."""
        self._keep(self._state.book(hand_id, result))
        return self.hand_may_begin()

    def stopped(self, reason: str = "") -> None:
        """Put what is known on the disk with the time and ``reason`` of the stop; never raises (see ``problem``)."""
        self._keep(self._state.stopped(Stop(self._utc(), reason)))

    def catch_up(self, hands: Sequence[HandResult], open_hand: OpenHand | None) -> int:
        """Book what the last session's journal knows and the state does not; how many hands that were.

        For the start, before ``begin_session``: the program can have ended between a hand's row in the journal and
        its booking, or in the middle of a hand. Raises RiskStateError when it cannot be written.
        """
        state, before = self._state, self._state.hands
        known = (place for place, hand in enumerate(hands) if state.has_booked(hand.hand_id, hand.result))
        for hand in hands[max(known, default=0) :]:  # the last known one again: its end is no longer presumed
            state = state.book(hand.hand_id, hand.result)
        if open_hand is not None:
            state = state.at_risk(open_hand.hand_id, open_hand.chips)
        self._must_keep(state.presume_lost())
        return self._state.hands - before

    def begin_session(self, session_id: str) -> None:
        """Count for a session: a new name begins its figures at zero, the same name goes on. The bankroll goes on.

        The operator's act, never the program's own; not for a reset (docs/risk.md). Raises RiskStateError.
        """
        self._must_keep(self._state.begin(session_id))

    def status(self, state: TableState | None) -> RiskStatus:
        """The figures as shown; ``hand_commitment`` is what the hero has in the running hand."""
        ceilings = self._limits.at(state.big_blind if state else None)
        return RiskStatus(
            session_result=self._state.session_result,
            session_loss_limit=ceilings.session_loss,
            hands=self._state.hands,
            hands_limit=ceilings.hands,
            hand_commitment=state.seat(state.hero).contributed if state else 0,
            hand_commitment_limit=ceilings.hand_commitment,
            bankroll=ceilings.bankroll + self._state.total_result,
            bankroll_floor=ceilings.floor,
            big_blind=state.big_blind if state else self._limits.big_blind,
        )

    def _unwritten(self) -> RiskVerdict | None:
        if not self._problem:
            return None
        return RiskVerdict(False, "the risk state is not on the disk", self._problem, "every figure on the disk")

    def _keep(self, state: RiskState) -> None:
        """Count it, whatever the disk says: a loss that could not be written is a loss all the same."""
        self._state = state
        try:
            save(self._path, state, self._storage)
        except RiskStateError as problem:
            self._problem = str(problem)
        else:
            self._problem = ""

    def _must_keep(self, state: RiskState) -> None:
        self._keep(state)
        if self._problem:
            raise RiskStateError(self._problem)


def chips_added(state: TableState, action: Action) -> int:
    """The chips that the hero adds to the pot with an action; 0 for check and fold."""
    match action.kind:
        case ActionKind.CALL:
            return action.amount
        case ActionKind.BET | ActionKind.RAISE:
            return action.amount - state.seat(state.hero).bet
        case _:
            return 0
