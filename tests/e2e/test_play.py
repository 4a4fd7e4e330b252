"""The product plays through pixels and clicks, and what it saw and did equals the table's own log."""

from pathlib import Path

import pytest

from tests.e2e.runs import SMALL, TALL, TILE, Run, assert_faultless, assert_read, play, without_risk_limits

COMBINATIONS = [
    ("felt", SMALL, 2, 0.0, 34),
    ("felt", TILE, 4, 0.1, 34),
    ("felt", TALL, 6, 0.2, 33),
    ("slate", SMALL, 3, 0.3, 33),
    ("slate", TILE, 5, 0.0, 33),
    ("slate", TALL, 6, 0.1, 33),
]
"""Theme, inside of the table window, players, pace and hands: 200 hands in all."""


@pytest.mark.xvfb
def test_five_hands_without_a_window(tmp_path: Path) -> None:
    run = play(tmp_path / "home", 5, "--headless", "--pace", "0.3", "--seed", "11")
    assert_faultless(run, 5, tmp_path / "hands")
    assert_read(run)


@pytest.mark.xvfb
def test_three_hands_beside_the_console(tmp_path: Path) -> None:
    picture = tmp_path / "console.png"
    run = play(tmp_path / "home", 3, "--pace", "0.3", "--seed", "12", "--screenshot", str(picture))
    assert_faultless(run, 3, tmp_path / "hands")
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.e2e
@pytest.mark.timeout(3600)
def test_200_hands_over_themes_sizes_and_players(tmp_path: Path) -> None:
    config = without_risk_limits(tmp_path)
    runs: list[Run] = []
    for theme, size, players, pace, hands in COMBINATIONS:
        name = f"{theme}-{size[0]}x{size[1]}-{players}"
        options = ("--theme", theme, "--players", str(players), "--pace", str(pace), "--seed", str(players))
        run = play(tmp_path / name, hands, "--headless", "--config", str(config), *options, size=size)
        assert_faultless(run, hands, tmp_path / f"{name}-hands")
        runs.append(run)
    assert_read(*runs)
