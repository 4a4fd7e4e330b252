"""`pitboss reset`: clears a latched stop while no console runs. A running console resets itself."""

import argparse

from app.commands.common import add_profile_options, configured, told
from engine.permit import page as permit
from engine.permit.home import permit_path
from engine.safety.instance import InstanceLock
from engine.safety.latch import Latch
from engine.session.wiring import risk_guard


def main(arguments: list[str]) -> int:
    """Reset: 0 when STANDBY is reached or there was nothing to clear, 1 when it is refused."""
    parser = argparse.ArgumentParser(prog="pitboss reset", description="Clear a latched stop; leads to STANDBY only.")
    add_profile_options(parser)
    options = parser.parse_args(arguments)
    return told(lambda: _reset(options))


def _reset(options: argparse.Namespace) -> int:
    config, directory = configured(options)
    with InstanceLock(directory):
        latch, page = Latch.open(directory), permit_path(directory)
        if latch.event is not None:
            print(f"stopped at {latch.event.utc}: {latch.event.cause}: {latch.event.measured}")
        elif permit.stopped_by_command(page):
            print("`pitboss stop` was called while no console ran")
        else:
            print("no stop is latched")
            return 0
        risk_guard(config, directory)
        if latch.event is not None:
            latch.reset()
        permit.create(page, permit.new_epoch()).close()
    print("reset to STANDBY; arming is a separate act")
    return 0
