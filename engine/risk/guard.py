"""The RiskGuard: holds every action and every further hand against the limits, and keeps its count on the disk."""

from pathlib import Path

from engine.game.actions import Action, ActionKind
from engine.game.state import TableState
from engine.risk.state import RiskState, load, save
from engine.words import RiskStatus, RiskVerdict

WITHIN = RiskVerdict(True, "within the limits")


class RiskGuard:
    """Implements ``engine.ports.RiskGuard``. Limits in chips and hands, all at least 1.

    The count lives in the file at ``path`` and goes on after a restart; without a file a new count begins. Raises
    RiskStateError when the file cannot be trusted or written: then nothing may be risked.
    """

    def __init__(self, path: Path, *, session_loss_limit: int, hand_commitment_limit: int, hands_limit: int) -> None:
        if min(session_loss_limit, hand_commitment_limit, hands_limit) < 1:
            raise ValueError("every risk limit is at least 1")
        self._path = path
        self._session_loss_limit = session_loss_limit
        self._hand_commitment_limit = hand_commitment_limit
        self._hands_limit = hands_limit
        self._state = load(path) or self._keep(RiskState())

    def check(self, state: TableState, action: Action) -> RiskVerdict:
        """Whether the hero may make the action. Check and fold always: they commit nothing."""
        if action.kind in (ActionKind.CHECK, ActionKind.FOLD):
            return RiskVerdict(True, f"{action} commits nothing")
        committed = state.seat(state.hero).contributed + chips_added(state, action)
        if self._state.hands >= self._hands_limit:
            return self._hands_reached()
        if committed > self._hand_commitment_limit:
            measured, limit = f"{committed} chips in the hand", f"{self._hand_commitment_limit} chips a hand"
            return RiskVerdict(False, f"{action} commits too much to this hand", measured, limit)
        if self._lost() + committed > self._session_loss_limit:
            measured = f"{self._lost()} chips lost and {committed} in the hand"
            return RiskVerdict(False, f"losing {action} could break the session's limit", measured, self._loss_words())
        return WITHIN

    def hand_over(self, hand_id: str, result: int) -> RiskVerdict:
        """Book a hand's result in chips, on the disk before this returns; whether another hand may begin."""
        self._state = self._keep(RiskState(self._state.session_result + result, self._state.hands + 1))
        if self._lost() >= self._session_loss_limit:
            return RiskVerdict(False, "the session's loss limit is reached", f"{self._lost()} lost", self._loss_words())
        return self._hands_reached() if self._state.hands >= self._hands_limit else WITHIN

    def stopped(self) -> None:
        """Every outcome is on the disk already."""

    def begin_session(self) -> None:
        """Begin a new count at zero: the operator's act, never the program's own."""
        self._state = self._keep(RiskState())

    def status(self, state: TableState | None) -> RiskStatus:
        """The figures as shown; ``hand_commitment`` is what the hero has in the running hand."""
        return RiskStatus(
            session_result=self._state.session_result,
            session_loss_limit=self._session_loss_limit,
            hands=self._state.hands,
            hands_limit=self._hands_limit,
            hand_commitment=state.seat(state.hero).contributed if state else 0,
            hand_commitment_limit=self._hand_commitment_limit,
            bankroll=0,
            bankroll_floor=0,
            big_blind=state.big_blind if state else 0,
        )

    def _keep(self, state: RiskState) -> RiskState:
        save(self._path, state)
        return state

    def _lost(self) -> int:
        return max(0, -self._state.session_result)

    def _loss_words(self) -> str:
        return f"{self._session_loss_limit} chips a session"

    def _hands_reached(self) -> RiskVerdict:
        reached = f"{self._state.hands} hands"
        return RiskVerdict(False, "the session's number of hands is reached", reached, f"{self._hands_limit} hands")


def chips_added(state: TableState, action: Action) -> int:
    """The chips that the hero adds to the pot with an action; 0 for check and fold."""
    match action.kind:
        case ActionKind.CALL:
            return action.amount
        case ActionKind.BET | ActionKind.RAISE:
            return action.amount - state.seat(state.hero).bet
        case _:
            return 0
