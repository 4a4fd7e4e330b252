"""Whatever happens in whatever order, no press that the design forbids; and the machine finds every planted bug."""

import pytest

from tests.permit.machine import explore
from tests.permit.planted_bugs import BUGS


def test_no_history_leads_to_a_press_that_is_forbidden() -> None:
    explore(300, shrink=True)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_no_long_history_leads_to_a_press_that_is_forbidden() -> None:
    explore(20_000, shrink=True)


@pytest.mark.parametrize("bug", BUGS)
def test_the_machine_finds_a_planted_bug(monkeypatch: pytest.MonkeyPatch, bug: str) -> None:
    BUGS[bug](monkeypatch)
    with pytest.raises(AssertionError, match=r"^pressed "):
        explore(400, shrink=False)
