"""The configuration: what is accepted, and that everything wrong is named with its key, value and what is allowed."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from engine.config import Config, ConfigError, load, root, schema
from engine.config.models import PracticeSection
from engine.config.schema import schema_text


def write(directory: Path, data: object, overlay: object | None = None, profile: str = "dev") -> Path:
    (directory / "profiles").mkdir(exist_ok=True)
    (directory / "profiles" / f"{profile}.json").write_text(json.dumps(overlay or {}))
    file = directory / "bot-config.json"
    file.write_text(data if isinstance(data, str) else json.dumps(data))
    return file


def problems(file: Path, profile: str = "dev") -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        load(file, profile)
    return caught.value.problems


def test_the_product_s_own_file_states_every_setting_and_equals_the_defaults() -> None:
    stated = json.loads((root() / "config" / "bot-config.json").read_text())
    stated.pop("$schema")
    defaults = Config().model_dump(mode="json")
    defaults.pop("profile")
    assert stated == defaults


@pytest.mark.parametrize(("profile", "arms_itself"), [("dev", True), ("staging", False), ("prod", False)])
def test_only_the_dev_profile_arms_itself(profile: str, arms_itself: bool) -> None:
    config = load(None, profile)
    assert (config.profile, config.practice.auto_arm) == (profile, arms_itself)


def test_the_overlay_is_laid_over_the_file_section_by_section(tmp_path: Path) -> None:
    file = write(tmp_path, {"table": {"players": 3, "theme": "slate"}}, {"table": {"players": 6}})
    table = load(file, "dev").table
    assert (table.players, table.theme, table.stack) == (6, "slate", 2000)


def test_a_file_without_overlays_beside_it_takes_the_product_s_own(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_text('{"table": {"players": 2}}')
    assert load(file, "dev").practice.auto_arm
    assert not load(file, "prod").practice.auto_arm


def test_a_value_out_of_bounds_is_named_with_what_is_allowed(tmp_path: Path) -> None:
    assert problems(write(tmp_path, {"table": {"players": 3.5}})) == (
        "table.players: value 3.5 - allowed: integer 2 to 6",
    )


def test_every_problem_is_listed_at_once(tmp_path: Path) -> None:
    data = {
        "table": {"players": 9, "theme": "pink", "small_blind": 30},
        "vision": {"confidence_limit": 0.5, "bad_frame": 2},
        "practice": {"auto_arm": "yes"},
        "journl": {},
    }
    lines = "\n".join(problems(write(tmp_path, data, {"journal": {"commit_timeout_ms": 400}})))
    assert "table.players: value 9 - allowed: integer 2 to 6" in lines
    assert 'table.theme: value "pink" - allowed: one of "felt", "slate"' in lines
    assert "vision.confidence_limit: value 0.5 - allowed: number 0.99 to 1.0" in lines
    assert "vision.bad_frame: unknown key - did you mean vision.bad_frames?" in lines
    assert 'practice.auto_arm: value "yes" - allowed: true or false' in lines
    assert "journl: unknown key - did you mean journal?" in lines
    assert "journal.commit_timeout_ms: value 400 - allowed: integer 20 to 250 (in dev.json)" in lines
    assert "table: small_blind 30 is above big_blind 20" in lines
    assert len(lines.splitlines()) == 8


def test_starts_that_hang_for_ever_exceed_their_budget(tmp_path: Path) -> None:
    told = problems(write(tmp_path, {"health": {"solver": {"restarts": 4}}}))
    assert told == (
        "health: 4 starts of solver that hang take 120 s and would never exceed the budget: make "
        "solver.within_s longer than that, or start_limit_ms shorter",
    )
    load(write(tmp_path, {"health": {"solver": {"restarts": 4, "within_s": 121.0}}}), "dev")


def test_a_faulty_value_is_not_blamed_on_the_keys_it_belongs_with(tmp_path: Path) -> None:
    assert len(problems(write(tmp_path, {"table": {"small_blind": 500, "big_blind": "1000", "stack": 9000}}))) == 1


def test_prod_never_arms_itself_whatever_else_is_wrong(tmp_path: Path) -> None:
    file = write(tmp_path, {"practice": {"auto_arm": True}, "table": {"players": 1}}, profile="prod")
    assert any("practice.auto_arm is true" in line for line in problems(file, "prod"))
    with pytest.raises(ValidationError, match="never arms itself"):
        Config(profile="prod", practice=PracticeSection(auto_arm=True))


@pytest.mark.parametrize(
    ("section", "key", "looser"),
    [
        ("execution", "retries", 2),
        ("vision", "bad_frames", 4),
        ("vision", "confidence_limit", 0.98),
        ("vision", "calm_hz", 9),
        ("vision", "hold_limit_s", 10.5),
        ("vision", "eyes_back_ms", 499),
        ("journal", "commit_timeout_ms", 251),
    ],
)
def test_no_file_can_make_a_safety_setting_looser_than_the_design(
    tmp_path: Path, section: str, key: str, looser: float
) -> None:
    (line,) = problems(write(tmp_path, {section: {key: looser}}))
    assert line.startswith(f"{section}.{key}: value {looser} - allowed: ")


def test_a_missing_file_broken_json_and_an_unknown_profile_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="does not exist"):
        load(tmp_path / "none.json", "dev")
    assert problems(write(tmp_path, '{"table": {\n  "players": ,}}'))[0].startswith("line 2, column 14: not JSON")
    assert problems(write(tmp_path, {}), "devel")[0] == 'profile: value "devel" - allowed: dev'
    assert problems(write(tmp_path, {}), "../dev")[0] == 'profile: value "../dev" - allowed: dev'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "not an object"),
        ('{"table": {"pace": NaN}}', "NaN is not a number"),
        ('{"table": {"players": 3}, "table": {}}', "table: the key stands there more than once"),
        ('{"profile": "prod"}', "the profile is named on the command line"),
        ('{"table": null}', "table: value null - allowed: a section in braces"),
        ('{"execution": {"hotkeys": []}}', "list of 1 to 8 entries"),
        ('{"execution": {"hotkeys": ["ctrl space"]}}', "execution.hotkeys.0"),
        ('{"decision": {"budget_ms": 4000}, "table": {"turn_seconds": 5}}', "do not fit into table.turn_seconds"),
        ('{"risk": {"hand_commitment_limit": 5}}', "no hand could be played"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_reason(tmp_path: Path, text: str, said: str) -> None:
    assert said in "\n".join(problems(write(tmp_path, text)))


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    file = write(tmp_path, {})
    file.write_bytes(b"\xff\xfe\x00{")
    assert "cannot be read" in problems(file)[0]


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("config")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from([*Config.model_fields, "$schema", "players", "tables"])


@settings(deadline=None)
@given(data=st.dictionaries(KEYS, JSON | st.dictionaries(KEYS, JSON, max_size=3), max_size=4) | JSON)
def test_any_json_is_either_a_sound_configuration_or_a_list_of_problems(directory: Path, data: Any) -> None:
    file = write(directory, data)
    found: tuple[str, ...] = ()
    try:
        assert load(file, "dev").journal.commit_timeout_ms <= 250
    except ConfigError as error:
        found = error.problems or ("an error without a problem",)
    assert all(line.strip() for line in found)


def test_the_digest_tells_settings_apart_and_survives_reordering(tmp_path: Path) -> None:
    one = load(write(tmp_path, {"table": {"players": 3, "seed": 5}}), "dev").digest
    same = load(write(tmp_path, {"table": {"seed": 5, "players": 3}}), "dev").digest
    other = load(write(tmp_path, {"table": {"players": 4, "seed": 5}}), "dev").digest
    assert one == same != other


def test_the_schema_file_is_current_and_describes_every_setting() -> None:
    assert (root() / "config" / "bot-config.schema.json").read_text(encoding="utf-8") == schema_text()
    for section in schema()["$defs"].values():
        for name, node in section["properties"].items():
            assert node.get("description"), f"{section['title']}.{name} has no description"


def test_a_frozen_program_finds_its_files_in_the_bundle(tmp_path: Path) -> None:
    code = "import sys; sys._MEIPASS = sys.argv[1]; from engine.config import root; print(root())"
    found = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, cwd=root())
    assert found.stdout.strip() == str(tmp_path)
