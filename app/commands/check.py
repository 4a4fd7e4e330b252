"""`pitboss check`: runs the checks before arming against the table that is open, and says what blocks.

With --risk it looks at no table: it compares the risk state with the journals.
"""

import argparse
import json
import time
from dataclasses import asdict

from app.commands.common import EXIT_FAILED, add_profile_options, configuration_folder, configured, new_session_id, told
from app.commands.risk_figures import check_risk
from engine.runtime.runtime import Runtime
from engine.vision.windows import open_windows

FIRST_LOOK_S = 5.0


def main(arguments: list[str]) -> int:
    """Check: 0 when nothing blocks arming, 1 when something does; 2 for wrong input."""
    parser = argparse.ArgumentParser(prog="pitboss check", description="Run the checks before arming.")
    add_profile_options(parser)
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.add_argument("--risk", action="store_true", help="compare the risk state with the journals instead")
    parser.add_argument(
        "--repair", action="store_true", help="with --risk: write what the journals say, keep the old file"
    )
    options = parser.parse_args(arguments)
    if options.repair and not options.risk:
        parser.error("--repair belongs to --risk")
    return told(lambda: _risk(options) if options.risk else _check(options))


def _risk(options: argparse.Namespace) -> int:
    config, directory = configured(options)
    return check_risk(config, directory, repair=options.repair, as_json=options.json)


def _check(options: argparse.Namespace) -> int:
    config, directory = configured(options)
    open_windows().close()  # without a screen there is nothing to check: said here, in words
    runtime = Runtime(config, directory, new_session_id(), base=configuration_folder(options))
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
