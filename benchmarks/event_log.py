"""Event log to `events`, against the parser's bare iteration: `python benchmarks/event_log.py [EXPORT ...]`.

Full chunks are drawn (seeded) from the event logs of the exports, which may be folders, archives or single
logs, and put under one header; without exports, and where no genuine ones lie beside the project, the logs
are made up. How many records a chunk holds decides the ratio, so the mean is printed.
"""

from __future__ import annotations

import io
import json
import os
import random
import struct
import sys
import tempfile
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import polars as pl
from evtx import PyEvtxParser
from measuring import Candidates, compare, growth, medians, peak_asked, table

from autopilot_analysis.export import open_export
from autopilot_analysis.readers.event_log.binary_logs import BinaryLogs
from autopilot_analysis.readers.event_log.event_log import read_event_log
from autopilot_analysis.readers.event_log.event_record import columns_of
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.samples.formats.event_log import EventRecord, write_event_log

CHUNK = 65536
CHUNKS = 1600
BATCH = 2048
FOLDER = Path(tempfile.gettempdir()) / f"autopilot-benchmark-event-log-{os.getuid()}"
GENUINE = Path(__file__).parents[1].parent / "shared" / "real"


def made_up_log() -> bytes:
    chance = random.Random(5)
    start = datetime(2026, 1, 5, tzinfo=UTC)
    return write_event_log(
        [
            EventRecord(
                record_id=number,
                at=start + timedelta(milliseconds=137 * number),
                provider="Example-Provider",
                provider_guid=UUID(int=5),
                event_id=chance.randrange(100, 120),
                channel="Example/Operational",
                computer="PC-1",
                process_id=chance.randrange(9999),
                thread_id=chance.randrange(9999),
                user_sid="S-1-5-18",
                data={
                    "Message": "text " * chance.randrange(40),
                    "HRESULT": f"0x{chance.choice((0, 0x80180014)):08X}",
                },
            )
            for number in range(1, 3000)
        ]
    )


def full_chunks(content: bytes) -> list[bytes]:
    chunks = [content[at : at + CHUNK] for at in range(4096, len(content) - CHUNK + 1, CHUNK)]
    return [
        chunk
        for chunk in chunks
        if chunk[:8] == b"ElfChnk\0" and struct.unpack_from("<I", chunk, 48)[0] > 55_000
    ]


def exports() -> list[str]:
    given = [name for name in sys.argv[1:] if Path(name).exists()]
    beside = [GENUINE / "windows11-event-logs", *sorted(GENUINE.glob("*.cab"))]
    return given or [str(path) for path in beside if path.exists()]


def logs() -> list[bytes]:
    found = []
    for path in exports():
        with open_export(path) as export:
            found += [member.read() for member in export.members if member.reader == "event_log"]
    return found or [made_up_log()]


def built(count: int = CHUNKS) -> Path:
    """A log of so many chunks, written once for each choice of exports."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{zlib.crc32(repr(exports()).encode()):08x}-{count}.evtx"
    if not path.exists():
        drawn = logs()
        chunks = sorted({chunk for log in drawn for chunk in full_chunks(log)})
        chance = random.Random(2)
        header = bytearray(drawn[0][:4096])
        struct.pack_into("<I", header, 120, 4)
        struct.pack_into("<H", header, 42, count)
        path.write_bytes(bytes(header) + b"".join(chance.choice(chunks) for _ in range(count)))
    return path


def bare(path: Path) -> int:
    return sum(1 for _ in PyEvtxParser(str(path)).records_json())


def ours(path: Path) -> int:
    return read_event_log(path.read_bytes()).count


def decoded(path: Path) -> int:
    """Every record decoded into typed objects, one list a column; no checks, gaps, codes or names."""
    frames, batch = [], []
    for record in PyEvtxParser(str(path)).records_json():
        batch.append((record["event_record_id"], record["data"]))
        if len(batch) == BATCH:
            frames.append(pl.DataFrame(columns_of(batch)))
            batch = []
    return sum(frame.height for frame in frames) + len(batch)


def usual(path: Path) -> int:
    """The usual script: dictionaries, then a frame."""
    rows = []
    for record in PyEvtxParser(str(path)).records_json():
        event = json.loads(record["data"])["Event"]
        system = event["System"]
        names = ("EventRecordID", "Channel", "Computer", "Level")
        rows.append({name: system[name] for name in names} | {"data": json.dumps(event.get("EventData"))})
    return pl.DataFrame(rows).height


def small_logs() -> list[bytes]:
    """The event logs of one capture: of the first export that is a file, most of them small."""
    first = next((path for path in exports() if Path(path).is_file() and not path.endswith(".evtx")), None)
    if first is None:
        return []
    with open_export(first) as export:
        return [member.read() for member in export.members if member.reader == "event_log"]


def iterated(contents: list[bytes]) -> int:
    return sum(1 for log in contents for _ in PyEvtxParser(io.BytesIO(log)).records_json())


def framed(contents: list[bytes]) -> int:
    """The logs read as the package reads those of a capture, and one frame of all."""
    logs = BinaryLogs()
    for number, log in enumerate(contents):
        logs.add(log, str(number))
    readings = [answer for answer in logs.answers().values() if isinstance(answer, Reading)]
    return pl.concat([reading.rows["events"] for reading in readings]).height


def of_small_logs() -> str:
    contents = small_logs()
    if not contents:
        return "No capture was given, so small event logs were not measured."
    runs = {"bare iteration": lambda: iterated(contents), "one frame": lambda: framed(contents)}
    taken = medians(runs, 7)
    rows = [
        (name, f"{seconds:.4f}", f"{seconds / taken['bare iteration']:.2f}", target)
        for (name, seconds), target in zip(taken.items(), ("", "≤ 2.8"), strict=True)
    ]
    shown = table(rows, f"{len(contents)} event logs of one capture", "median CPU s", "ratio", "target")
    return f"{sum(map(len, contents)) / 1e6:.1f} MB, {iterated(contents):,} records\n\n{shown}"


def candidates() -> Candidates:
    path = built()
    return {
        "bare iteration": lambda: bare(path),
        "read_event_log": lambda: ours(path),
        "typed decoding into columns, nothing else": lambda: decoded(path),
        "json.loads, rows, frame (5 columns)": lambda: usual(path),
    }


def main() -> None:
    if peak_asked(candidates):
        return
    path = built()
    count = bare(path)
    print(f"{path.stat().st_size / 1e6:.0f} MB, {count:,} records, {count / CHUNKS:.0f} a chunk\n")
    targets = {"read_event_log": "≤ 2.8, ≤ 250 MiB"}
    print(compare(__file__, candidates(), "bare iteration", targets, *exports()))
    sizes = {f"×{times}": built(times * CHUNKS // 8).read_bytes() for times in (1, 2, 4, 8)}
    print(f"\n{growth(read_event_log, sizes, 3)}\n\n{of_small_logs()}")


if __name__ == "__main__":
    main()
