"""Which sockets a process has and whether each stays on this machine, read from /proc (proc(5), proc_pid_net(5)).

The kernel's own tables of the process's network namespace are read, because libraries that read ours report nothing
for a process in another namespace.
"""

import os
import struct
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

INET_TABLES = ("tcp", "tcp6", "udp", "udp6", "udplite", "udplite6", "icmp", "icmp6", "raw", "raw6")
OPTIONAL_TABLES = frozenset({"udplite", "udplite6", "icmp", "icmp6", "raw", "raw6", "tcp6", "udp6"})
LOCAL_TABLES = {"unix": 6, "netlink": 9}
"""Tables of sockets that cannot leave the machine, with the column of the inode."""

LOCAL_COLUMN, REMOTE_COLUMN, INODE_COLUMN = 1, 2, 9
LOOPBACK_DEVICE = "lo"


class UnreadableError(RuntimeError):
    """What would prove the sockets local cannot be read."""


@dataclass(frozen=True, slots=True)
class Peer:
    """The two ends of an internet socket, as text; ``remote`` is "" when it has none."""

    table: str
    local: IPv4Address | IPv6Address
    local_port: int
    remote: IPv4Address | IPv6Address
    remote_port: int

    @property
    def stays(self) -> bool:
        """Whether nothing can come or go beyond loopback: the remote end when there is one, else what is bound."""
        if int(self.remote) == 0 and self.remote_port == 0:
            return _is_loopback(self.local)
        return _is_loopback(self.remote)

    def __str__(self) -> str:
        return f"{self.table} {self.local}:{self.local_port} to {self.remote}:{self.remote_port}"


@dataclass(frozen=True, slots=True)
class Namespace:
    """The tables of one network namespace: internet sockets by inode, and the inodes that are local by their kind."""

    inet: dict[int, Peer]
    local: frozenset[int]
    devices: tuple[str, ...]

    @property
    def isolated(self) -> bool:
        """Whether the namespace has nothing but its loopback device."""
        return self.devices == (LOOPBACK_DEVICE,)


def read_namespace(process: Path) -> Namespace:
    """The tables of a process's namespace (``process`` is its directory in /proc). Raises ``UnreadableError``."""
    net = process / "net"
    inet: dict[int, Peer] = {}
    for table in INET_TABLES:
        inet.update(_inet(net / table))
    local = frozenset(inode for table, column in LOCAL_TABLES.items() for inode in _inodes(net / table, column))
    devices = tuple(sorted(line.split(":")[0].strip() for line in _lines(net / "dev")[1:]))
    return Namespace(inet, local, devices)


def namespace_name(process: Path) -> str:
    """What names the network namespace of a process. Raises ``UnreadableError``."""
    try:
        return os.readlink(process / "ns" / "net")
    except OSError as error:
        raise UnreadableError(f"{process}/ns/net: {error.strerror}") from error


def socket_inodes(process: Path) -> frozenset[int]:
    """The inodes of all sockets a process has open. Raises ``UnreadableError``."""
    try:
        links = [_link(process / "fd" / name) for name in os.listdir(process / "fd")]
    except OSError as error:
        raise UnreadableError(f"{process}/fd: {error.strerror}") from error
    return frozenset(int(link[8:-1]) for link in links if link.startswith("socket:["))


def _link(descriptor: Path) -> str:
    """A descriptor that was closed meanwhile is none."""
    try:
        return os.readlink(descriptor)
    except FileNotFoundError:
        return ""


def _inet(table: Path) -> dict[int, Peer]:
    found = {}
    for line in _lines(table):
        fields = line.split()
        local, remote = _end(fields[LOCAL_COLUMN]), _end(fields[REMOTE_COLUMN])
        found[int(fields[INODE_COLUMN])] = Peer(table.name, *local, *remote)
    return found


def _inodes(table: Path, column: int) -> list[int]:
    return [int(line.split()[column]) for line in _lines(table)]


def _lines(table: Path) -> list[str]:
    """The rows below the heading; kernels without IPv6 or a protocol lack its table, and then there are no sockets."""
    try:
        return table.read_text().splitlines()[1:]
    except FileNotFoundError as error:
        if table.name in OPTIONAL_TABLES:
            return []
        raise UnreadableError(f"{table}: {error.strerror}") from error
    except OSError as error:
        raise UnreadableError(f"{table}: {error.strerror}") from error


def _end(text: str) -> tuple[IPv4Address | IPv6Address, int]:
    """An address is written as 32-bit words of the machine's byte order, in hexadecimal."""
    address, port = text.split(":")
    words = [int(address[start : start + 8], 16) for start in range(0, len(address), 8)]
    return ip_address(struct.pack(f"={len(words)}I", *words)), int(port, 16)


def _is_loopback(address: IPv4Address | IPv6Address) -> bool:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback
