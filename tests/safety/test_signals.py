"""Which transition permits more: that one is on the disk before it takes effect."""

import pytest

from engine.safety.signals import PERMISSION, Transition
from engine.words import Cause, Mode


@pytest.mark.parametrize("source", Mode)
@pytest.mark.parametrize("target", Mode)
def test_what_permits_more(source: Mode, target: Mode) -> None:
    presses = {Mode.HOLD: 1, Mode.SAFE: 2, Mode.LIVE: 3}
    more = presses.get(target, 0) > presses.get(source, 0)
    assert Transition(source, target, Cause.ARM, "", "").permits_more is more
    assert Transition(source, target, Cause.RESET, "", "").permits_more
    assert set(PERMISSION) == set(Mode)
