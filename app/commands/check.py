"""`pitboss check`: runs the checks before arming against the table that is open, and says what blocks."""

import argparse
import json
import time
from dataclasses import asdict

from app.commands.common import EXIT_FAILED, add_profile_options, configured, new_session_id, told
from engine.runtime import Runtime

FIRST_LOOK_S = 5.0


def main(arguments: list[str]) -> int:
    """Check: 0 when nothing blocks arming, 1 when something does."""
    parser = argparse.ArgumentParser(prog="pitboss check", description="Run the checks before arming.")
    add_profile_options(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")
    options = parser.parse_args(arguments)
    return told(lambda: _check(options))


def _check(options: argparse.Namespace) -> int:
    config, directory = configured(options)
    runtime = Runtime(config, directory, new_session_id())
    try:
        runtime.start()
        deadline = time.monotonic() + FIRST_LOOK_S
        while runtime.snapshot().look is None and time.monotonic() < deadline:
            time.sleep(0.05)
        checks = runtime.check()
    finally:
        runtime.close()
    if options.json:
        print(json.dumps([asdict(check) for check in checks], indent=1))
    else:
        for check in checks:
            print(f"{'ok  ' if check.ok else 'NOT OK'} {check.name}: {check.detail} {check.advice}".rstrip())
    return 0 if all(check.ok for check in checks) else EXIT_FAILED
