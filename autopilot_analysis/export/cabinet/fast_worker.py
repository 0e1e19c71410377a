"""The process in which libmspack unpacks: takes its limits first, then the file `f` out of the cabinet `c`.

A script: `python -P fast_worker.py MEMORY SECONDS FILE_BYTES FILES SIZE`, in a folder of its own.
"""

from __future__ import annotations

import sys
from contextlib import suppress


def hold_to(memory: int, seconds: int, file_bytes: int, files: int) -> None:
    """Limit this process; Windows knows no such limits, there the parent's patience and the size are all.

    Args:
        memory: Bytes of address space.
        seconds: Of the processor.
        file_bytes: Of any file written.
        files: Open at once.
    """
    if sys.platform == "win32":
        return
    import resource  # not on Windows

    kinds = (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE)
    for kind, most in zip(kinds, (memory, seconds, file_bytes, files), strict=True):
        with suppress(OSError, ValueError):  # a system that takes no such limit
            resource.setrlimit(kind, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Unpack."""
    memory, seconds, file_bytes, files, size = map(int, sys.argv[1:])
    hold_to(memory, seconds, file_bytes, files)
    from pylibmspack import CabArchive, CabError  # after the limits

    with suppress(CabError):  # what came out before the damage is kept
        CabArchive("c").extract("f", ".", safe=False, max_size=size)


if __name__ == "__main__":
    main()
