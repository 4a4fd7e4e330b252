"""`pitboss solve`: what it prints for scripts and people, what it refuses and how it is interrupted."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.commands.solve import main
from tests.solver.benchmark_spots import IP_RANGE, OOP_RANGE

ROOT = Path(__file__).parents[2]
SPOT = {"board": "Td9d6hQc2s", "oop": OOP_RANGE, "ip": IP_RANGE, "pot": 200, "stack": 900}
SIZES = {"bets": "60%,e,a", "raises": "2.5x"}


def options(**more: object) -> list[str]:
    given = SPOT | SIZES | more
    return [part for name, value in given.items() for part in (f"--{name.replace('_', '-')}", str(value))]


def solved(capsys: pytest.CaptureFixture[str], *extra: str, **more: object) -> dict[str, Any]:
    assert main([*options(**more), "--json", *extra]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 2
    shown = capsys.readouterr()
    assert not shown.out
    return shown.err


def test_the_json_has_the_figures_and_the_strategy_of_the_root(capsys: pytest.CaptureFixture[str]) -> None:
    found = solved(capsys, threads=1)

    assert (found["hands_oop"], found["hands_ip"], found["nodes"]) == (167, 246, 27)
    assert 0 <= found["exploitability_pct"] <= 0.5
    assert found["ev_oop"] + found["ev_ip"] == pytest.approx(200, abs=1e-3)
    assert found["equity_oop"] == pytest.approx(0.516174, abs=1e-5)
    assert found["iterations"] > 0
    assert found["memory_bytes"] > 0
    assert found["build_ms"] > 0
    assert found["solve_ms"] > 0
    assert list(found["strategy"]) == ["Check", "Bet(120)", "AllIn(900)"]
    assert sum(found["strategy"].values()) == pytest.approx(1, abs=1e-5)
    assert set(found["classes"]) >= {"AA", "AJo", "54s"}
    assert "72o" not in found["classes"]


def test_a_lower_target_takes_more_iterations_and_moves_the_value_little(capsys: pytest.CaptureFixture[str]) -> None:
    rough, fine = solved(capsys, target=1), solved(capsys, target=0.02)

    assert fine["iterations"] > rough["iterations"]
    assert fine["exploitability_pct"] <= 0.02
    assert fine["ev_oop"] == pytest.approx(rough["ev_oop"], abs=2)


def test_whole_iterations_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    first, again = (solved(capsys, iterations=30, threads=1) for _ in range(2))

    assert first["iterations"] == 30
    assert first["strategy"] == again["strategy"]
    assert first["ev_oop"] == again["ev_oop"]


def test_a_deadline_ends_it_and_the_answer_is_measured_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    found = solved(capsys, target=0, deadline_ms=30)

    assert found["cut"] is True
    assert found["exploitability_pct"] is not None
    assert found["ev_oop"] + found["ev_ip"] == pytest.approx(200, abs=1e-3)


def test_rake_is_taken_from_the_values(capsys: pytest.CaptureFixture[str]) -> None:
    found = solved(capsys, rake=0.05, rake_cap=8)

    assert 185 < found["ev_oop"] + found["ev_ip"] < 200


def test_a_node_that_is_locked_stays_as_it_was_told(capsys: pytest.CaptureFixture[str]) -> None:
    found = solved(capsys, "--lock", "x/b120=f:0.25,c:0.5,r300:0.25", "--lock", "root=x:1", "--node", "x/b120")

    assert found["node"] == "Check/Bet(120)"
    assert found["strategy"] == pytest.approx({"Fold": 0.25, "Call": 0.5, "Raise(300)": 0.25}, abs=1e-4)


def test_a_spot_from_a_file_and_options_over_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "spot.json"
    file.write_text(json.dumps(SPOT | SIZES | {"pot": 150}))

    assert main([str(file), "--json", "--pot", "200", "--threads", "1"]) == 0
    assert json.loads(capsys.readouterr().out)["ev_oop"] == solved(capsys, threads=1)["ev_oop"]


def test_a_turn_with_a_card_dealt_on_the_way_to_the_node(capsys: pytest.CaptureFixture[str]) -> None:
    small = {"oop": "99,AQs,KJs,87s", "ip": "TT,KQs,JTs,A5s", "board": "Td9d6hQc", "donk": "50%"}
    found = solved(capsys, "--node", "x/b120/c", "--dealt", "2s", target=2, **small)

    assert found["node"] == "Check/Bet(120)/Call"
    assert list(found["strategy"]) == ["Check", "Bet(220)"]


def test_a_stored_solution_shows_the_same_without_solving(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = str(tmp_path / "river.solution")
    first = solved(capsys, "--save", file, "--node", "x/b120")

    assert main(["--load", file, "--json", "--node", "x/b120"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert again["classes"] == first["classes"]
    assert again | {"threads": 0} == first | {"threads": 0}


def test_a_whole_solution_is_gone_on_with(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = str(tmp_path / "river.solution")
    solved(capsys, "--save", file, "--whole", iterations=20, threads=1)
    straight = solved(capsys, iterations=50, threads=1)

    assert main(["--load", file, "--json", "--iterations", "30", "--threads", "1"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["iterations"] == 50
    assert found["strategy"] == straight["strategy"]
    assert found["ev_oop"] == straight["ev_oop"]


def test_what_a_stored_solution_cannot_do_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "river.solution"
    solved(capsys, "--save", str(file))

    assert main(["--load", str(file), "--target", "0.1"]) == 1
    assert "save it whole" in capsys.readouterr().err
    assert "give no others" in refused(capsys, "--load", str(file), "--pot", "300")
    assert "--save with --load needs" in refused(capsys, "--load", str(file), "--save", str(file))
    file.write_bytes(file.read_bytes()[:-1])
    assert main(["--load", str(file)]) == 1
    assert "is damaged" in capsys.readouterr().err


def test_people_get_a_grid_in_letters_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(options()) == 0
    shown = capsys.readouterr()

    assert "\x1b" not in shown.out + shown.err
    assert not shown.err
    assert re.search(r"^AA:\S +AKs:X +AQs:\S ", shown.out, re.MULTILINE)
    assert re.search(r"^\.( +\.){12}$", shown.out, re.MULTILINE)
    assert "exploitability 0." in shown.out
    assert "Td 9d 6h Qc 2s   pot 200   stack 900   167 hands OOP against 246 IP" in shown.out


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"board": "Td9d6hQc2x"}, "board: '2x' is not a card"),
        ({"oop": "66+,A1s"}, "oop: A1s at 5:"),
        ({"bets": "60"}, "bets: the size '60' at 1 has no unit"),
        ({"raises": "0.5x"}, "raises: the size '0.5x' at 1 is out of bounds"),
        ({"stack": 0}, "stack: 0"),
        ({"ip": "TdTh"}, "the range of IP is empty on this board"),
        ({"threads": 0}, "--threads 0: give 1 or more"),
        ({"target": -1}, "--target -1.0: give 0 or more"),
        ({"deadline_ms": "nan"}, "--deadline-ms nan: give 1 or more"),
        ({"lock": "x/b120=f:0.5,c:0.2"}, "the shares add up to 0.7"),
        ({"lock": "x/b120=x:1"}, "'x' is no action here: there are Fold, Call, Raise(300)"),
        ({"lock": "x/b120"}, "'' is no share; write like x/b120=x:0.3,b120:0.7"),
        ({"lock": "x=x:lots"}, "'lots' is no share"),
        ({"node": "x/x"}, "after 'x/x' nobody acts any more"),
        ({"dealt": "3s"}, "--dealt: 0 cards on the way to that node, 1 given"),
        ({"board": "Td9d6hQc", "node": "x/x"}, "--dealt: 1 card on the way to that node, 0 given"),
        ({"board": "Td9d6hQc", "node": "x/x", "dealt": "Qc"}, "a card of the board cannot be dealt again"),
        ({"save": "no-such-folder/river.solution"}, "there is no folder of that name"),
        ({"whole": ""}, None),
    ],
)
def test_wrong_input_is_named_and_nothing_is_solved(
    change: dict[str, object], message: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    if message is None:
        assert "--whole belongs to --save" in refused(capsys, *options(), "--whole")
    else:
        assert message in refused(capsys, *options(**change))


def test_a_missing_option_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert "not given: --oop, --ip, --stack" in refused(capsys, "--board", "Td9d6hQc2s", "--pot", "200")


def test_too_large_a_tree_is_refused_with_its_memory(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = options(board="Td9d6h", memory_mb=50)

    assert main(arguments) == 1
    assert re.search(r"needs [\d.]+ (MB|GB) of memory and 50.0 MB are allowed", capsys.readouterr().err)
    assert main(options(board="Td9d6h", bets="5%,10%,20%,30%,40%", raises="2x,3x,4x", stack=100_000)) == 1
    assert re.search(r"more than 100,000 nodes; .* more than [\d.]+ (GB|TB) of memory", capsys.readouterr().err)


def test_a_file_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main([str(tmp_path / "spot.json")]) == 1
    assert "spot.json" in capsys.readouterr().err


def test_other_commands_do_not_wait_for_the_compiler() -> None:
    """Nothing that starts the console or another command brings the compiler of the kernels in."""
    script = "import sys, app.commands.play, app.commands.check; from app.__main__ import main; main(['version'])"
    command = [sys.executable, "-c", f"{script}; sys.exit('numba' in sys.modules)"]

    assert subprocess.run(command, cwd=ROOT, check=False, capture_output=True).returncode == 0


def test_an_interrupt_prints_the_best_answer_so_far(tmp_path: Path) -> None:
    """On a terminal, where the live line shows that it has begun."""
    command = [sys.executable, "-m", "app", "solve", *options(target=0), "--json"]
    controller, terminal = pty.openpty()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=terminal) as process:
        os.close(terminal)
        seen = b""
        while b"iteration " not in seen:
            seen += os.read(controller, 4096)
        process.send_signal(signal.SIGINT)
        assert process.stdout is not None
        answer = json.loads(process.stdout.read())
        assert process.wait(60) == 130
    os.close(controller)

    assert answer["cut"] is True
    assert answer["iterations"] > 0
    assert b"% of the pot" in seen
