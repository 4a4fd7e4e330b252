"""The risk state on disk: what cannot be trusted is refused and says what mends it, what is old is taken over."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.risk.state import Booking, OpenHand, RiskState, RiskStateError, Stop
from engine.risk.store import first_version, is_begun, load, marker, open_state, replace_state, save
from tests.risk.spots import guard

WHOLE = st.integers(-(10**12), 10**12)
STATES = st.builds(
    RiskState,
    st.text(max_size=20),
    WHOLE,
    st.integers(0, 10**6),
    WHOLE,
    st.lists(st.builds(Booking, st.text(max_size=20), WHOLE, st.booleans()), max_size=16).map(tuple),
    st.none() | st.builds(OpenHand, st.text(max_size=20), st.integers(0, 10**9)),
    st.none() | st.builds(Stop, st.text(max_size=20), st.text(max_size=20)),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "risk.json"


def saved(path: Path) -> dict[str, Any]:
    guard(path).hand_over("h11", -300)
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def rewritten(path: Path, document: dict[str, Any]) -> None:
    """The document with a checksum that fits, as somebody would write it who knows how."""
    digest = hashlib.sha256(json.dumps(document["figures"], sort_keys=True).encode()).hexdigest()
    path.write_text(json.dumps(document | {"checksum": digest}), encoding="utf-8")


@given(STATES)
@settings(max_examples=50, deadline=None)  # each waits for the disk
def test_every_state_is_read_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, state: RiskState) -> None:
    path = tmp_path_factory.getbasetemp() / "round-trip.json"
    save(path, state)
    assert load(path) == state


def test_a_changed_figure_is_refused(path: Path) -> None:
    document = saved(path)
    document["figures"]["session_result"] = 300
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(RiskStateError, match=r"checksum.*pitboss check --risk"):
        guard(path)


@pytest.mark.parametrize(
    "content",
    [
        *(b"", b"{", b"[]", b"null", b"\xff\xfe", b"{}", b"[" * 100_000),
        *(b'{"version": 2}', b'{"version": 3}', b'{"version": true}'),
    ],
)
def test_a_damaged_file_is_refused_and_left_as_it_is(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(RiskStateError, match="pitboss check --risk"):
        guard(path)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "wrong",
    [
        {"session_result": 1.5},
        {"hands": -1},
        {"hands": True},
        {"session_id": None},
        {"booked": [{"hand_id": "h", "result": 1}]},
        {"booked": [{"hand_id": "h", "result": 1, "presumed": 0}]},
        {"booked": 3},
        {"open_hand": {"hand_id": "h", "chips": -1}},
        {"stop": {"utc": "x"}},
        {"more": 1},
    ],
)
def test_figures_of_another_kind_are_refused(path: Path, wrong: dict[str, Any]) -> None:
    document = saved(path)
    document["figures"] |= wrong
    rewritten(path, document)
    with pytest.raises(RiskStateError, match="cannot be trusted"):
        guard(path)


def test_every_cut_or_changed_byte_is_refused_or_changes_nothing(path: Path) -> None:
    saved(path)
    whole = path.read_bytes()
    for place in range(len(whole)):
        for damaged in (whole[:place], whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]):
            path.write_bytes(damaged)
            try:
                found = load(path)
            except RiskStateError:
                continue
            assert found is not None
            assert (found.session_result, found.total_result, found.hands) == (-300, -300, 1)


def test_a_state_that_has_gone_is_missed(path: Path) -> None:
    saved(path)
    path.unlink()
    with pytest.raises(RiskStateError, match=r"missing.*pitboss check --risk"):
        guard(path)
    assert not path.exists()


def test_a_crash_before_the_marker_is_made_up_for(path: Path) -> None:
    saved(path)
    marker(path).unlink()
    open_state(path)
    path.unlink()
    with pytest.raises(RiskStateError, match="missing"):
        guard(path)


def test_the_first_version_is_taken_over_and_kept(path: Path) -> None:
    figures = {"session_result": -1234, "hands": 56}
    rewritten(path, {"version": 1, "figures": figures})
    old = path.read_bytes()
    state = open_state(path)
    assert (state.session_result, state.hands, state.total_result, state.session_id) == (-1234, 56, -1234, "")
    assert first_version(path).read_bytes() == old
    assert json.loads(path.read_bytes())["version"] == 2
    assert open_state(path) == state
    assert first_version(path).read_bytes() == old


def test_a_damaged_first_version_is_refused(path: Path) -> None:
    path.write_text('{"version": 1, "figures": {"session_result": 0, "hands": 1}, "checksum": "0"}', encoding="utf-8")
    with pytest.raises(RiskStateError, match="checksum"):
        guard(path)
    assert not first_version(path).exists()


# repair

MENDED = RiskState("s", -40, 3, -90, (Booking("h3", -40),), OpenHand("h4", 60), Stop("then", "operator"))


def test_another_state_takes_the_place_of_a_damaged_one_which_is_kept(path: Path) -> None:
    kept = path.with_name("risk.json.kept")
    path.write_bytes(b"{")
    assert replace_state(path, MENDED, kept)
    assert kept.read_bytes() == b"{"
    assert open_state(path) == MENDED
    path.unlink()
    with pytest.raises(RiskStateError, match="missing"):
        open_state(path)


def test_another_state_takes_the_place_of_a_missing_one(path: Path) -> None:
    kept = path.with_name("risk.json.kept")
    assert not replace_state(path, MENDED, kept)
    assert not kept.exists()
    assert load(path) == MENDED
    assert is_begun(path)


def test_what_cannot_be_read_cannot_be_kept_and_is_not_replaced(path: Path) -> None:
    path.mkdir()
    with pytest.raises(RiskStateError, match="cannot be read, so it cannot be kept: correct its rights"):
        replace_state(path, MENDED, path.with_name("risk.json.kept"))
    with pytest.raises(RiskStateError, match="Is a directory"):
        load(path)


def test_nothing_is_replaced_that_cannot_be_kept(path: Path) -> None:
    kept = path.with_name("risk.json.kept")
    kept.with_name("risk.json.kept.new").mkdir()
    path.write_bytes(b"{")
    with pytest.raises(RiskStateError, match="free the disk or correct its rights"):
        replace_state(path, MENDED, kept)
    assert path.read_bytes() == b"{"
