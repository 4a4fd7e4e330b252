"""The summary of a run: what was played, how long the stages took, and what the table's own log says about it."""

import json
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine.execution.roles import COMPARE, role_command
from engine.runtime.runtime import Runtime

COMPARE_LIMIT_S = 600


def summary(runtime: Runtime, truth: Path, first_press_s: float | None) -> dict[str, Any]:
    """Totals of a closed session. The truth log is read by a process of its own, never by this one."""
    last = runtime.snapshot()
    compared = _compared(runtime.journal_path, truth)
    return {
        "session": runtime.session_id,
        "profile": runtime.config.profile,
        "players": runtime.config.table.players,
        "theme": runtime.config.table.theme,
        "seed": runtime.config.table.seed,
        **asdict(last.counters),
        "result": last.risk.session_result,
        "stopped": None if last.panic is None else f"{last.panic.cause}: {last.panic.measured}",
        "mismatches": compared.get("mismatches"),
        "truth": compared,
        "first_press_s": None if first_press_s is None else round(first_press_s, 2),
        "timings_ms": {
            timing.stage: {"p50": round(timing.p50, 2), "p95": round(timing.p95, 2), "count": timing.count}
            for timing in last.timings
        },
        "journal": str(runtime.journal_path),
    }


def _compared(journal: Path, truth: Path) -> dict[str, Any]:
    command = role_command(COMPARE, str(journal), str(truth))
    done = subprocess.run(command, capture_output=True, text=True, timeout=COMPARE_LIMIT_S, check=False)
    try:
        report: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        return {"mismatches": 1, "problem": (done.stderr or done.stdout).strip()[-500:]}
    return report


def printed(result: dict[str, Any]) -> str:
    """The summary in words."""
    truth = result["truth"]
    lines = [
        "",
        f"{result['hands']} hands, {result['decisions']} decisions, {result['presses']} presses, "
        f"{result['retries']} retries, {result['fallbacks']} fallbacks; {result['result']:+d} chips",
        f"frames judged: {result['frames_read']} read, {result['frames_refused']} refused",
        f"against the table's own log: {result['mismatches']} mismatches",
    ]
    if isinstance(truth.get("read_share"), float):
        lines.append(f"stable pictures fully read: {truth['read_share']:.2%}")
    for stage, timing in result["timings_ms"].items():
        lines.append(f"  {stage:10} {timing['p50']:8.2f} ms median {timing['p95']:8.2f} ms p95  ({timing['count']})")
    if result["stopped"]:
        lines.append(f"STOPPED: {result['stopped']}")
    lines.append(f"journal: {result['journal']}")
    return "\n".join(lines)
