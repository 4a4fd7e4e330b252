"""What can go wrong while setting up, each told with what to do about it."""

import re
import shutil
from pathlib import Path


class SetupError(RuntimeError):
    """The set-up cannot go on; the text says why and what to do."""


# The first pattern found in what pip or uv said names the cause.
CAUSES = (
    (
        r"No module named pip\b",
        "This Python has no pip. Install it and start again; on Debian and Ubuntu: sudo apt-get install python3-pip",
    ),
    (
        r"No space left|Errno 28|os error 28|Disk quota exceeded",
        "The disk is full: the set-up needs about 2 GB for {root} and the package cache, and {free_mb} MB are free"
        " there. Free some space and start again; it goes on where it stopped.",
    ),
    (
        r"HASHES FROM THE REQUIREMENTS FILE|[Hh]ash mismatch",
        "A downloaded package is not the one that was locked, and was not installed. Try again; when it happens"
        " again, the package index or a proxy on the way serves something else: do not go on.",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|invalid peer certificate|UnknownIssuer",
        "The package index's certificate is not trusted. Behind a company proxy install its certificate in the"
        " system's store, or name it in SSL_CERT_FILE and PIP_CERT, and start again.",
    ),
    (
        r"(?i)dns error|name resolution|failed to lookup|could not connect|connection (refused|reset|broken|error)"
        r"|network is unreachable|timed? ?out|max retries|error sending request|cannot connect to proxy"
        r"|retrying \(|failed to fetch|newconnectionerror|from versions: none",
        "The package index cannot be reached. Check the network connection, or name your mirror (PIP_INDEX_URL)"
        " or proxy (HTTPS_PROXY), and start again; it goes on where it stopped.",
    ),
    (
        r"Permission denied|Errno 13|os error 13|Read-only file system",
        "This user may not write in {root}. Copy the folder to a place of your own and start again.",
    ),
    (
        r"No matching distribution|has no wheels? with a matching|no wheels are usable|doesn't have a source dist",
        "A locked package does not exist for this version of Python or this kind of machine. Use Python 3.11, 3.12"
        " or 3.13 on 64-bit Linux, Windows or macOS and start again.",
    ),
)


def explain(said: str, root: Path) -> str:
    """Advice for a failed step, from what its program said."""
    for pattern, advice in CAUSES:
        if re.search(pattern, said):
            return advice.format(root=root, free_mb=shutil.disk_usage(root).free // 1_000_000)
    return "A step of the set-up failed; its own words are above. Start again; what was done is kept."
