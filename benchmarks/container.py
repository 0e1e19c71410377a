"""CAB and ZIP to memory, against raw zlib over the same content: `python benchmarks/container.py [CABINET]`.

The content is made up (seeded): text logs. A cabinet that is given (LZX, as Windows packs them) is timed
alone: no raw unpacker of LZX is at hand to compare with.
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import zipfile
import zlib
from functools import cache
from pathlib import Path

from measuring import Candidates, compare, medians, peak, peak_asked, table

from autopilot_analysis.export import open_export
from autopilot_analysis.samples.formats.archive import write_archive
from autopilot_analysis.samples.formats.cabinet import write_cabinet

FOLDER = Path(tempfile.gettempdir()) / f"autopilot-benchmark-container-{os.getuid()}"
MEMBERS = 12
SIZE = 1 << 20
TIMES = (1, 2, 4, 8)


@cache
def members() -> dict[str, bytes]:
    """Logs whose lines repeat as those of Intune do: they pack to about a tenth."""
    chance = random.Random(11)
    words = [f"word{number}" for number in range(900)]
    files = {}
    for number in range(MEMBERS):
        lines = []
        size = 0
        while size < SIZE:
            text = " ".join(chance.choices(words, k=12))
            line = f'<![LOG[{text}]LOG]!><time="08:00:00.{number:03d}" component="IME" type="1">\r\n'
            lines.append(line)
            size += len(line)
        files[f"IntuneManagementExtension-20260302-{number:06d}.log"] = "".join(lines).encode()
    return files


def built(times: int = 1) -> tuple[Path, Path]:
    FOLDER.mkdir(exist_ok=True)
    paths = (FOLDER / f"made-{times}.cab", FOLDER / f"made-{times}.zip")
    if not all(path.exists() for path in paths):
        files = {f"{turn}-{name}": data for turn in range(times) for name, data in members().items()}
        paths[0].write_bytes(write_cabinet(files))
        paths[1].write_bytes(write_archive(files))
    return paths


@cache
def packed() -> bytes:
    return zlib.compress(b"".join(members().values()))


def raw_zlib() -> int:
    return len(zlib.decompress(packed(), bufsize=sum(map(len, members().values()))))


def opened(path: Path) -> int:
    with open_export(path) as export:
        return sum(len(member.read()) for member in export.members)


def by_zipfile() -> int:
    with zipfile.ZipFile(built()[1]) as archive:
        return sum(len(archive.read(name)) for name in archive.namelist())


def candidates() -> Candidates:
    cab, zip_ = built()
    packed()
    return {
        "raw zlib, one stream": raw_zlib,
        "open_export + read, CAB (MSZIP)": lambda: opened(cab),
        "open_export + read, ZIP": lambda: opened(zip_),
        "zipfile": by_zipfile,
    }


def sizes() -> dict[str, Path]:
    """Containers of ever more members of one size."""
    return {f"{kind} ×{times}": built(times)[at] for at, kind in enumerate(("CAB", "ZIP")) for times in TIMES}


def runs() -> Candidates:
    return {name: lambda path=path: opened(path) for name, path in sizes().items()}


def growth() -> str:
    taken = medians(runs(), 3)
    rows = [
        (
            name,
            f"{seconds:.3f}",
            f"{seconds / taken[f'{name[:3]} ×1'] / int(name.partition('×')[2]):.2f}",
            peak(__file__, name),
        )
        for name, seconds in taken.items()
    ]
    return table(rows, "container", "median CPU s", "cost for each byte, ×1 = 1", "peak MiB")


def main() -> None:
    if peak_asked(lambda: {**candidates(), **runs()}):
        return
    size = sum(map(len, members().values()))
    print(f"{MEMBERS} members, {size / 1e6:.0f} MB\n")
    targets = {"open_export + read, CAB (MSZIP)": "≤ 2.6", "open_export + read, ZIP": "≤ 1.7"}
    print(compare(__file__, candidates(), "raw zlib, one stream", targets, rounds=7))
    print(f"\n{growth()}")
    for name in sys.argv[1:]:
        taken = medians({"it": lambda name=name: opened(Path(name))})["it"]
        packed, size = Path(name).stat().st_size / 1e6, opened(Path(name)) / 1e6
        print(f"\n{packed:.1f} MB to {size:.1f} MB: {taken:.2f} CPU s")


if __name__ == "__main__":
    main()
