"""The table guard: a window may be pressed only when its process is proved to play without a network.

It fails closed: what is unknown, remote, unreadable or a browser is refused, and the reason says what was found.
"""

from collections.abc import Sequence
from pathlib import Path

from Xlib.ext import res

from engine import x11
from engine.execution.process_family import COMMAND_LENGTH, family, names
from engine.execution.sockets import Namespace, UnreadableError, namespace_name, read_namespace, socket_inodes
from engine.permit.process_identity import start_time
from engine.words import RiskVerdict, WindowInfo

PROC = Path("/proc")
LIMIT = "a local process without a network connection"
BROWSER_NAMES = (
    "brave brave-browser chrome chromium chromium-browser dillo electron epiphany falkon firefox firefox-bin"
    " firefox-esr google-chrome iexplore iexplore.exe konqueror librewolf midori msedge netsurf opera palemoon"
    " qtwebengineprocess qutebrowser seamonkey surf tor-browser vivaldi vivaldi-bin waterfox webkitnetworkprocess"
    " webkitwebprocess"
)
BROWSERS = frozenset(BROWSER_NAMES.split()) | {name[:COMMAND_LENGTH] for name in BROWSER_NAMES.split()}


class RefusalError(Exception):
    """The window is not proved local."""


class LocalTableGuard:
    """``engine.ports.TableGuard`` on Linux with X11. ``window_classes`` are those of the clients that permit bots.

    Uses a connection of its own to the X server: use it in one thread. Raises ``engine.x11.ScreenError``.
    """

    def __init__(self, window_classes: Sequence[str]) -> None:
        self._classes = frozenset(window_classes)
        self._display = x11.connect()

    def close(self) -> None:
        """Give the connection back."""
        x11.disconnect(self._display)

    def check(self, window: WindowInfo) -> RiskVerdict:
        """Whether the window's process is local now, and what was found. Nothing is remembered between calls."""
        try:
            return RiskVerdict(True, self._proof(window), "local", LIMIT)
        except (RefusalError, UnreadableError) as refusal:
            return RiskVerdict(False, f"the table is not proved local: {refusal}", str(refusal), LIMIT)
        except x11.LOST:
            return RiskVerdict(False, "the table is not proved local: the screen has gone", "no screen", LIMIT)

    def _proof(self, window: WindowInfo) -> str:
        self._check_class(window.handle)
        pid = self._owner(window.handle)
        started = start_time(pid)
        if started is None:
            raise RefusalError(f"process {pid} of the window is not on this machine or has ended")
        proof = _prove_local(pid)
        if start_time(pid) != started:
            raise RefusalError(f"process {pid} was replaced during the check")
        return proof

    def _check_class(self, handle: int) -> None:
        """The window's class now, not as it was when it was found."""
        found = x11.window_class(self._display, handle)
        if found not in self._classes:
            allowed = ", ".join(sorted(self._classes))
            raise RefusalError(f"window class {found!r} is none of the allowed ones ({allowed})")

    def _owner(self, handle: int) -> int:
        """The process as the X server knows it: a window's own property (_NET_WM_PID) could say anything."""
        if not self._display.has_extension(res.extname):
            raise RefusalError("the screen cannot tell a window's process: use a server with the X-Resource extension")
        reply = self._display.res_query_client_ids([{"client": handle, "mask": res.LocalClientPIDMask}])
        numbers = [value for answer in reply.ids for value in answer.value]
        if len(numbers) != 1 or numbers[0] <= 0:
            raise RefusalError("the screen does not know the window's process: it may be on another machine")
        return int(numbers[0])


def _prove_local(pid: int) -> str:
    """What proves the process and all its descendants local. Raises ``RefusalError`` or ``UnreadableError``."""
    spaces: dict[str, Namespace] = {}
    sockets = 0
    members = family(PROC, pid)
    for member in members:
        sockets += _prove_member(member, spaces)
    own = PROC / str(pid)
    isolated = spaces[namespace_name(own)].isolated
    where = "in a network namespace of its own with nothing but loopback" if isolated else "all local"
    return f"process {pid} ({'/'.join(sorted(names(own)))}, {len(members)} processes): {sockets} sockets, {where}"


def _prove_member(pid: int, spaces: dict[str, Namespace]) -> int:
    """The number of sockets of one process, each proved local; a process that has ended has none."""
    process = PROC / str(pid)
    try:
        return _prove_sockets(process, spaces)
    except UnreadableError:
        if start_time(pid) is None:
            return 0
        raise


def _prove_sockets(process: Path, spaces: dict[str, Namespace]) -> int:
    if browsers := names(process) & BROWSERS:
        raise RefusalError(f"process {process.name} is a browser ({', '.join(sorted(browsers))})")
    inodes = socket_inodes(process)
    space = namespace_name(process)
    if space not in spaces or _unknown(inodes, spaces):
        spaces[space] = read_namespace(process)
    _check_known(process, inodes, spaces)
    for inode in inodes:
        _check_peer(process.name, inode, spaces)
    return len(inodes)


def _unknown(inodes: frozenset[int], spaces: dict[str, Namespace]) -> frozenset[int]:
    return inodes.difference(*(space.local for space in spaces.values()), *(space.inet for space in spaces.values()))


def _check_known(process: Path, inodes: frozenset[int], spaces: dict[str, Namespace]) -> None:
    """A socket in no table is refused, unless it was closed meanwhile."""
    unknown = _unknown(inodes, spaces)
    if unknown and (left := unknown & socket_inodes(process)):
        raise RefusalError(f"process {process.name} has a socket of an unknown kind (inode {min(left)})")


def _check_peer(pid: str, inode: int, spaces: dict[str, Namespace]) -> None:
    for space in spaces.values():
        peer = space.inet.get(inode)
        if peer is not None and not (peer.stays or space.isolated):
            raise RefusalError(f"process {pid} has a network connection: {peer}")
