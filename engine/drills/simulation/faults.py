"""The vocabulary in which every stand-in of the simulation can fail."""

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """How a port fails. What each word means at a port stands in that stand-in's docstring."""

    NONE = "none"
    OFF = "off"
    STUCK = "stuck"
    GARBAGE = "garbage"
    WRONG = "wrong"
    SLOW = "slow"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. ``amount`` is its measure (milliseconds for SLOW, else which variety); ``heals`` by a restart."""

    kind: FaultKind = FaultKind.NONE
    amount: int = 0
    heals: bool = True

    def __bool__(self) -> bool:
        return self.kind is not FaultKind.NONE


NO_FAULT = Fault()
OFF = Fault(FaultKind.OFF)
STUCK = Fault(FaultKind.STUCK)
GARBAGE = Fault(FaultKind.GARBAGE)
WRONG = Fault(FaultKind.WRONG)


def slow(milliseconds: int) -> Fault:
    """The port answers this much later than it should."""
    return Fault(FaultKind.SLOW, milliseconds)
