"""The device of the actuator and the desk of the watchdog on this platform; X11 so far."""

import sys
from collections.abc import Sequence

from engine.permit.device import Desk, Device, DeviceError

NOT_SUPPORTED = "pressing and watching are not supported on {}: run on Linux with X11 (a virtual screen will do)"


def open_device() -> Device:
    """The pointer and keyboard. Raises ``DeviceError``."""
    _check_platform()
    from engine.execution.devices_x11 import X11Device

    return X11Device()


def open_desk(hotkeys: Sequence[str]) -> tuple[Desk, Sequence[str]]:
    """The desk with the stop hotkeys grabbed, and warnings on those that another program has.

    Raises ``DeviceError``.
    """
    _check_platform()
    from engine.execution.desk_x11 import X11Desk

    desk = X11Desk(hotkeys)
    return desk, desk.warnings


def _check_platform() -> None:
    if not sys.platform.startswith("linux"):
        raise DeviceError(NOT_SUPPORTED.format(sys.platform))
