"""Mutated cabinets through the plain reader: `python benchmarks/fuzz/cabinets.py --count 10000`.

Each is opened and every member read, in this process, which may take at most 300 MB; a traceback, an input that
takes longer than `SLOW` seconds of CPU, or more memory than that ends the run with status 1. Half of the mutations
leave the tables alone and change packed bytes only, so that they reach the unpackers.
"""

from __future__ import annotations

import argparse
import importlib.util
import struct
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

from mutation import mutate

from autopilot_analysis.errors import AnalysisError
from autopilot_analysis.export import Limits
from autopilot_analysis.export.cabinet import fast
from autopilot_analysis.export.cabinet.cabinet import cabinet_entries
from autopilot_analysis.export.limits import Budget
from autopilot_analysis.export.workspace import Workspace
from autopilot_analysis.samples.formats.cabinet import write_cabinet

WRITER = Path(__file__).parents[2] / "tests" / "export" / "lzx_writer.py"
LIMITS = Limits(member_bytes=8 << 20, total_bytes=32 << 20, members=500)
SLOW = 10.0
MEMORY = 300 << 20
VERBATIM, ALIGNED, UNCOMPRESSED = 1, 2, 3


def sound() -> list[bytes]:
    """Return small whole cabinets: stored, MSZIP, and LZX with every kind of block, window and translation."""
    chance = Random(5)
    words = [chance.randbytes(chance.randint(2, 30)) for _ in range(200)]
    members = {f"{n}.log": b"".join(chance.choices(words, k=1500 * n)) for n in (1, 2, 3)}
    spec = importlib.util.spec_from_file_location("lzx_writer", WRITER)
    lzx = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(lzx)
    mixed = [(VERBATIM, 9_001), (UNCOMPRESSED, 40_001), (ALIGNED, 20_000), (UNCOMPRESSED, 7), (VERBATIM, 0)]
    return [
        write_cabinet(members, compression="stored"),
        write_cabinet(members),
        lzx.write_lzx_cabinet(list(members.items()), [(VERBATIM, 0)]),
        lzx.write_lzx_cabinet(list(members.items()), [(ALIGNED, 0)], window=15),
        lzx.write_lzx_cabinet(list(members.items()), mixed, window=18, translate=100_000),
    ]


def mutated(seed: int, wholes: list[bytes]) -> Iterator[bytes]:
    """Yield cabinets without end: the same for the same seed."""
    random = Random(seed)
    while True:
        whole = random.choice(wholes)
        if random.random() < 0.5:
            yield mutate(whole, random, random.choice(wholes))
            continue
        content = bytearray(whole)
        (start,) = struct.unpack_from("<I", content, 36)
        for _ in range(random.randint(1, 8)):
            at = random.randrange(start + 8, min(len(content), start + random.choice([200, 40_000])))
            content[at] = random.choice(
                [0, 255, content[at] ^ 1 << random.randrange(8), random.randrange(256)]
            )
        if random.random() < 0.9:  # else the checksums stop it
            content = without_checksums(content)
        yield bytes(content)


def without_checksums(content: bytearray) -> bytearray:
    """Zero the checksum of every block that can be walked to: zero means that there is none."""
    position, blocks = struct.unpack_from("<IH", content, 36)
    for _ in range(blocks):
        if position + 8 > len(content):
            break
        content[position : position + 4] = bytes(4)
        position += 8 + struct.unpack_from("<H", content, position + 4)[0]
    return content


def read(path: Path) -> str:
    """Open a cabinet and read every member; return what came of it."""
    workspace, whole = Workspace(), True
    try:
        for entry in cabinet_entries(path, workspace, Budget(LIMITS)):
            whole = whole and entry.refused is None
            if entry.refused is None and entry.content.size <= LIMITS.member_bytes:
                with suppress(AnalysisError):
                    entry.content.read()
        return "every member read" if whole else "some members are gaps"
    except AnalysisError as error:
        return f"refused: {type(error).__name__}"
    finally:
        workspace.close()


def peak() -> int:
    """Return the bytes this process held at its peak; on Linux without what its parent had held before."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) << 10
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    fast.is_installed = lambda: False  # the plain reader alone
    outcomes: Counter[str] = Counter()
    slowest, start = 0.0, time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mutated.cab"
        for _, content in zip(range(args.count), mutated(args.seed, sound()), strict=False):
            path.write_bytes(content)
            begun = time.process_time()
            outcomes[read(path)] += 1
            slowest = max(slowest, time.process_time() - begun)
    for outcome, count in outcomes.most_common():
        print(f"{count:>8,}  {outcome}")
    took = time.process_time() - start
    print(f"{args.count:,} in {took:.0f} s of CPU, the slowest {slowest:.2f} s, peak {peak() >> 20} MB")
    return int(slowest > SLOW or peak() > MEMORY)


if __name__ == "__main__":
    raise SystemExit(main())
