"""The risk state: what was won and lost, as an immutable value with the few ways in which it may change.

Nothing here forgets a loss. A hand is booked once, a hand whose end was never seen counts as lost, and a new session
starts its own figures anew while the result over all sessions goes on.
"""

from dataclasses import dataclass, replace

REMEMBERED = 16
"""Booked hands that are remembered by name: what a crash between journal and state can repeat is the last one."""


class RiskStateError(RuntimeError):
    """The risk state cannot be read or written: nothing may be risked until it can."""


@dataclass(frozen=True, slots=True)
class Booking:
    """A hand that was booked: its result in chips; ``presumed`` when its end was not seen and it counts as lost."""

    hand_id: str
    result: int
    presumed: bool = False


@dataclass(frozen=True, slots=True)
class OpenHand:
    """A hand that was acted in and is not booked: the most chips that can be lost in it."""

    hand_id: str
    chips: int


@dataclass(frozen=True, slots=True)
class Stop:
    """The last stop: when (UTC text) and why."""

    utc: str
    reason: str


@dataclass(frozen=True, slots=True)
class RiskState:
    """Results in chips (negative: lost). ``total_result`` is over all sessions, the other figures of this one.

    ``booked`` names the last hands booked, the newest last. ``stop`` is the last stop of the session.
    """

    session_id: str = ""
    session_result: int = 0
    hands: int = 0
    total_result: int = 0
    booked: tuple[Booking, ...] = ()
    open_hand: OpenHand | None = None
    stop: Stop | None = None

    @property
    def lost(self) -> int:
        """Chips that the session has lost so far; winnings are no reserve."""
        return max(0, -self.session_result)

    def has_booked(self, hand_id: str, result: int) -> bool:
        """Whether exactly this is among the hands remembered."""
        return any((entry.hand_id, entry.result) == (hand_id, result) for entry in self.booked)

    def book(self, hand_id: str, result: int) -> "RiskState":
        """With a hand's result, once: the same again changes nothing, and the truth replaces what was presumed.

        A known name with another result is another hand (a table begun anew counts from 1 again): its loss counts in
        full, its winnings do not, since only one of the two readings is certain.
        """
        closed = replace(self, open_hand=None) if self.open_hand and self.open_hand.hand_id == hand_id else self
        presumed = next((entry for entry in self.booked if entry.hand_id == hand_id and entry.presumed), None)
        if presumed is not None:
            others = tuple(entry for entry in closed.booked if entry is not presumed)
            known = replace(closed, booked=others)
            return known._add(Booking(hand_id, result), result - presumed.result, hands=0)
        if closed.has_booked(hand_id, result):
            return closed
        named = any(entry.hand_id == hand_id for entry in closed.booked)
        return closed._add(Booking(hand_id, result), min(result, 0) if named else result, hands=1)

    def at_risk(self, hand_id: str, chips: int) -> "RiskState":
        """With the running hand's commitment, which never shrinks; a hand left open before it counts as lost.

        The hand booked last is over: a question that comes late does not open it again.
        """
        if self.open_hand is not None and self.open_hand.hand_id != hand_id:
            return self.presume_lost().at_risk(hand_id, chips)
        if self.booked and self.booked[-1].hand_id == hand_id:
            return self
        before = self.open_hand.chips if self.open_hand else 0
        return self if chips <= before else replace(self, open_hand=OpenHand(hand_id, chips))

    def presume_lost(self) -> "RiskState":
        """With the open hand, if there is one, booked as lost to its last chip."""
        hand = self.open_hand
        if hand is None:
            return self
        return replace(self, open_hand=None)._add(Booking(hand.hand_id, -hand.chips, True), -hand.chips, hands=1)

    def begin(self, session_id: str) -> "RiskState":
        """With a session's own figures at zero when it is a new one; an open hand is lost to the total result, and
        what was presumed is final, so that no truth that comes late can raise the new session's figures.
        """
        if session_id == self.session_id:
            return self
        before = self.presume_lost()
        settled = tuple(replace(entry, presumed=False) for entry in before.booked)
        return RiskState(session_id, total_result=before.total_result, booked=settled)

    def stopped(self, stop: Stop) -> "RiskState":
        return replace(self, stop=stop)

    def _add(self, entry: Booking, chips: int, *, hands: int) -> "RiskState":
        return replace(
            self,
            session_result=self.session_result + chips,
            total_result=self.total_result + chips,
            hands=self.hands + hands,
            booked=(*self.booked, entry)[-REMEMBERED:],
        )
