"""Where a flop's solution is kept: an address made of everything that the solution depends on, a little rounded.

Suits are relabelled to the canonical form, chips are counted in thousandths of the pot, the stack is rounded to a
grid of stack-to-pot ratios and weights to hundredths. Two spots at one address have one answer. What follows the flop
is solved from the real stacks again, so that the rounding ends with the street.
"""

import hashlib
from dataclasses import dataclass, replace
from math import log
from typing import Final

import numpy as np

from engine.game.ranges import Weights
from engine.solver.isomorphism import Relabelling, canonical_spot
from engine.solver.spot import Rake, Spot, SpotError
from engine.solver.spot_document import SpotDocument
from engine.solver.tree.settings import StreetSizes

METHOD: Final = "discounted CFR+ (2, 4), equity beyond the limit, 1"
"""How entries are solved. It is part of the address: another method has other entries. The number at its end rises
with a change of the kernels that changes answers."""
POT: Final = 1000
RATIO_STEP: Final = 1.1
"""A stack is rounded by 5% at the most."""
AMOUNT_STEP: Final = POT // 20
WEIGHT_STEPS: Final = 100


class AddressError(SpotError):
    """A spot that the library keeps no answer to; the message says why."""


@dataclass(frozen=True, slots=True, eq=False)
class Address:
    """``spot`` is what is solved for all spots of the address, ``relabelling`` leads from the one asked about to it.

    ``ratio`` is the stack-to-pot ratio that was asked about, ``key`` the name of the entry.
    """

    spot: Spot
    relabelling: Relabelling
    ratio: float
    key: str

    @property
    def rounded(self) -> str:
        """What the rounding of the stack did, in words."""
        return f"stacks of {self.ratio:.2f} pots taken as {self.spot.stack / self.spot.pot:.2f}"


def address(spot: Spot) -> Address:
    """The address of a flop from its beginning; what was ``made`` since then does not count. Raises AddressError."""
    if len(spot.board) != 3:
        raise AddressError(f"the library keeps flops, and the board has {len(spot.board)} cards")
    if spot.bets != (0, 0) or spot.to_act != 0 or spot.raises:
        raise AddressError("the library keeps flops from their beginning, and others took part in this one")
    oop, ip = (_rounded(weights) for weights in spot.ranges)
    scaled = replace(
        spot,
        ranges=(oop, ip),
        pot=POT,
        stack=_stack(spot.stack / spot.pot),
        rake=Rake(spot.rake.share, float(_amount(spot.rake.cap, spot.pot))) if spot.rake.share else Rake(),
        settings=replace(
            spot.settings,
            river=(StreetSizes(), StreetSizes()),
            least_bet=max(1, _amount(spot.settings.least_bet, spot.pot)),
        ),
        made=(),
    )
    found, relabelling = canonical_spot(scaled)
    return Address(found, relabelling, spot.stack / spot.pot, _key(found))


def _rounded(weights: Weights) -> Weights:
    """Weights in hundredths; a pair that can be held at all keeps one."""
    steps = np.rint(weights * WEIGHT_STEPS)
    found: Weights = np.where(weights > 0, np.maximum(steps, 1), 0) / WEIGHT_STEPS
    return found


def _stack(ratio: float) -> int:
    return max(1, round(POT * RATIO_STEP ** round(log(ratio) / log(RATIO_STEP))))


def _amount(chips: float, pot: int) -> int:
    """Chips of the spot in thousandths of the pot, to the nearest step."""
    return round(chips * POT / pot / AMOUNT_STEP) * AMOUNT_STEP


def _key(spot: Spot) -> str:
    digest = hashlib.blake2b(digest_size=16)
    digest.update(METHOD.encode() + b"\n")
    digest.update(SpotDocument.of(spot, ranges=False).model_dump_json().encode())
    for weights in spot.ranges:
        digest.update(np.rint(weights * WEIGHT_STEPS).astype(np.uint8).tobytes())
    return digest.hexdigest()
