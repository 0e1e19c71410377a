"""Event log to `events`, against the parser's bare iteration: `python benchmarks/event_log.py [logs-folder]`.

Full chunks are drawn (seeded) from the event logs under the folder, or from made-up logs when there are none,
and put under one header; candidates run in turn, medians of five rounds after a warm-up.
"""

from __future__ import annotations

import json
import random
import struct
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from uuid import UUID

import polars as pl
from evtx import PyEvtxParser

from autopilot_analysis.readers.event_log import read_event_log
from autopilot_analysis.samples.event_log import EventRecord, write_event_log

CHUNK = 65536
CHUNKS = 400
ROUNDS = 5
LOGS = Path(__file__).parents[1].parent / "shared" / "real" / "windows11-event-logs"


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


def build(folder: Path, path: Path) -> str:
    logs = [log.read_bytes() for log in sorted(folder.rglob("*.evtx"))] or [made_up_log()]
    chunks = [chunk for log in logs for chunk in full_chunks(log)]
    chance = random.Random(2)
    header = bytearray(logs[0][:4096])
    struct.pack_into("<I", header, 120, 4)
    struct.pack_into("<H", header, 42, CHUNKS)
    path.write_bytes(bytes(header) + b"".join(chance.choice(chunks) for _ in range(CHUNKS)))
    return f"{len(logs)} logs, {len(chunks)} full chunks"


def bare(path: Path) -> int:
    return sum(1 for _ in PyEvtxParser(str(path)).records_json())


def ours(path: Path) -> int:
    return read_event_log(path.read_bytes()).count


def usual(path: Path) -> int:
    """The usual script: dictionaries, then a frame."""
    rows = []
    for record in PyEvtxParser(str(path)).records_json():
        event = json.loads(record["data"])["Event"]
        system = event["System"]
        names = ("EventRecordID", "Channel", "Computer", "Level")
        rows.append({name: system[name] for name in names} | {"data": json.dumps(event.get("EventData"))})
    return pl.DataFrame(rows).height


CANDIDATES = {"bare iteration": bare, "read_event_log": ours, "json.loads, rows, frame (5 columns)": usual}


def seconds(run, path: Path) -> float:
    start = time.perf_counter()
    run(path)
    return time.perf_counter() - start


def peak(name: str, path: Path) -> str:
    """Peak memory in MiB of a process that does nothing else, imports and the file itself included."""
    command = [sys.executable, __file__, "--peak", name, str(path)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def print_peak(name: str, path: str) -> None:
    CANDIDATES[name](Path(path))
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    print(next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")), "unknown"))


def main() -> None:
    if sys.argv[1:2] == ["--peak"]:
        print_peak(*sys.argv[2:])
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "big.evtx"
        drawn = build(Path(sys.argv[1] if len(sys.argv) > 1 else LOGS), path)
        print(f"{path.stat().st_size / 1e6:.0f} MB, {bare(path):,} records, drawn from {drawn}\n")
        rounds = [{name: seconds(run, path) for name, run in CANDIDATES.items()} for _ in range(1 + ROUNDS)][
            1:
        ]
        medians = {name: median(times[name] for times in rounds) for name in CANDIDATES}
        print("| candidate | median s | ratio | peak MiB |\n|---|---|---|---|")
        for name, taken in medians.items():
            print(f"| {name} | {taken:.3f} | {taken / medians['bare iteration']:.2f} | {peak(name, path)} |")


if __name__ == "__main__":
    main()
