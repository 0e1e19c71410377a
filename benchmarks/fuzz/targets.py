"""What is fuzzed: each takes bytes and may raise nothing but this package's own errors."""

from __future__ import annotations

import tempfile
import warnings
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import polars as pl
from corpus import TEXTS, export_files, genuine_files, seeds
from mutation import mutate
from rows import disturb

from autopilot_analysis import build_trace, clock, codes, conclude, find, open_export, read_tables
from autopilot_analysis.errors import AnalysisError
from autopilot_analysis.export import Limits
from autopilot_analysis.fleet.dataset.run.batch import tell_together
from autopilot_analysis.readers.formats import READERS
from autopilot_analysis.samples.formats.cabinet import write_cabinet
from autopilot_analysis.tables import SCHEMAS, Findings, Tables, Trace, schema_of

_MODIFIED = datetime(2026, 3, 2)  # noqa: DTZ001  # cabinets hold local time
TIGHT = Limits(member_bytes=8 << 20, total_bytes=32 << 20, members=500)
TOGETHER = 8
"""Exports that are told in one go: some two thousand calls of the column engine are shared by them."""


@dataclass(frozen=True)
class Target:
    """One thing to be fuzzed, and the valid inputs its mutations start from."""

    run: Callable[[bytes], object]
    seeds: Callable[[], list[bytes]]
    mutate: Callable[[bytes, Random, bytes], bytes] = mutate
    at_once: int = 1
    """How many inputs are made of the bytes of one run."""


def run_reader(name: str, content: bytes) -> None:
    """Read, and check that what came out has the table's columns, and no half-surrogate."""
    reading = READERS[name].read(content, "member")
    for table, frame in reading.rows.items():
        schema = schema_of(table) if table in SCHEMAS else {}
        kept = {c: t for c, t in schema.items() if c in frame.columns}
        frame.select(pl.col(c).cast(t) for c, t in kept.items())
        assert table == "deployments" or not set(schema) - set(frame.columns) - {"device", "member"}
    for unread in reading.unread:
        assert unread.reason
        f"{unread.reason}{unread.advice}".encode()


def read(path: Path) -> Tables:
    """Read one export; what defeats a reader in a way nobody foresaw is a gap, and counts as broken here."""
    with open_export(path, limits=TIGHT) as export:
        tables = read_tables(export)
    blamed = tables.gaps.filter(pl.col("reason").str.contains("unforeseen"))["reason"].to_list()
    assert not blamed, blamed
    return tables


def judge(tables: Tables) -> None:
    """Tell the story of tables."""
    trace = build_trace(tables)
    found = find(tables, trace)
    conclude(tables, trace, found)


def judge_together(exports: list[Tables]) -> None:
    """Tell several stories as `ingest` does: eight cost little more than one; conclude the first."""
    told = tell_together(exports)[0]
    conclude(exports[0], Trace.of(told), Findings.of(told))


def run_container(content: bytes) -> None:
    """Open the bytes as one file, whatever they are."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.bin"
        path.write_bytes(content)
        with open_export(path, limits=TIGHT) as export:
            for member in export.members:
                with suppress(AnalysisError):
                    member.read()
        if zlib.crc32(content) % 20 == 0:
            judge(read(path))


def run_genuine(content: bytes) -> None:
    """Tell the story of one genuine file, mutated at a place of chance, under its own name."""
    random = Random(content)
    path = random.choice(genuine_files())
    whole, other = path.read_bytes(), random.choice(genuine_files()).read_bytes()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / path.name).write_bytes(mutate(whole, random, other))
        tables = read(Path(folder))
    if zlib.crc32(content) % 4 == 0:
        judge(tables)


def run_codes(content: bytes) -> None:
    """Spell, find and explain codes in any text."""
    text = content.decode("utf-8", "replace")
    codes.find_codes(text)
    for piece in (text, *text.split()[:20]):
        if (code := codes.code_of(piece)) is not None:
            codes.explain(code)
        codes.explain(piece)
    column = pl.Series("code", [text, *text.split()[:20], None])
    codes.code_of(column)
    codes.explain_codes(column)


def run_clock(content: bytes) -> None:
    """Correct and place disturbed events and log lines."""
    events, lines = _sound().events, _sound().log_lines
    bad = disturb(_sound(), Random(content))
    for those, these in ((bad.events, lines), (events, bad.log_lines), (bad.events, bad.log_lines)):
        steps = clock.find_steps(those)
        corrected = clock.correct(those, steps)
        for zone in ("Europe/Berlin", None, content[:20].decode("latin-1")):
            clock.place_lines(these, corrected, zone)
    listed, others = clock.part_listed(bad.events)
    clock.without_twins(clock.place_listed(listed, others, lines, None), others)
    clock.zone_name(content.decode("utf-8", "replace"))


def run_rows(content: bytes) -> None:
    """Tell the stories of disturbed tables, several at once."""
    random = Random(content)
    chosen = random.sample(_all_sound(), min(TOGETHER, len(_all_sound())))
    judge_together([disturb(tables, random) for tables in chosen])


def run_members(content: bytes) -> None:
    """Tell the stories of several exports, in each of which one to five members are mutated."""
    random = Random(content)
    with tempfile.TemporaryDirectory() as room:
        exports = [_spoilt(Path(room) / str(number), random) for number in range(TOGETHER)]
        judge_together([read(export) for export in exports])


def _spoilt(folder: Path, random: Random) -> Path:
    """Write an export of which one to five members are mutated into a folder, and return it."""
    members = dict(random.choice(_folders()))
    for name in random.sample(sorted(members), min(len(members), random.randint(1, 5))):
        members[name] = mutate(members[name], random, random.choice(list(members.values())))
    for name, text in members.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    return folder


@cache
def _all_sound() -> list[Tables]:
    tables = []
    for path in export_files():
        try:
            with open_export(path) as export:
                read = read_tables(export)
        except AnalysisError:
            continue
        few = {name: frame.head(60) for name, frame in read.frames().items()}
        tables.append(Tables.of(few))
    return tables


def _sound() -> Tables:
    return _all_sound()[0]


@cache
def _folders() -> list[dict[str, bytes]]:
    found = []
    for path in export_files():
        if path.name.startswith(("mdm-diagnostics",)):
            continue
        with open_export(path) as export:
            small = [member for member in export.members if member.bytes < 300_000]
            found.append({member.path.replace(":", "_"): member.read() for member in small})
    return [members for members in found if members]


def _archives() -> list[bytes]:
    """Return small archives of every kind, nested ones too: mutation of a small one goes further."""
    members = {name: text for name, text in min(_folders(), key=len).items() if len(text) < 4000}
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    cabinet = write_cabinet(
        {name.replace("/", "-"): text for name, text in members.items()}, modified=_MODIFIED
    )
    nested = BytesIO()
    with ZipFile(nested, "w", ZIP_STORED) as archive:
        archive.writestr("a.cab", cabinet)
        archive.writestr("b.zip", packed.getvalue())
    small = [path.read_bytes() for path in export_files() if path.is_file() and path.stat().st_size < 30_000]
    return [packed.getvalue(), cabinet, nested.getvalue(), *sorted(small, key=len)[:4]]


def _numbers(_seed: bytes, random: Random, _other: bytes) -> bytes:
    return random.randbytes(16)


TARGETS: dict[str, Target] = {
    **{
        name: Target(lambda content, name=name: run_reader(name, content), lambda name=name: seeds()[name])
        for name in READERS
    },
    "event_list": Target(lambda content: run_reader("event_log", content), lambda: seeds()["event_list"]),
    "event_quoted": Target(lambda content: run_reader("event_log", content), lambda: seeds()["event_quoted"]),
    "event_screen": Target(lambda content: run_reader("event_log", content), lambda: seeds()["event_screen"]),
    "event_text": Target(lambda content: run_reader("event_log", content), lambda: seeds()["event_text"]),
    "codes": Target(run_codes, lambda: [text.encode() for text in TEXTS["codes"]]),
    "clock": Target(run_clock, lambda: [b"Pacific Standard Time"], _numbers),
    "container": Target(run_container, _archives),
    "members": Target(run_members, lambda: [b""], _numbers, TOGETHER),
    "genuine": Target(run_genuine, lambda: [b""] if genuine_files() else [], _numbers),
    "rows": Target(run_rows, lambda: [b""], _numbers, TOGETHER),
}
"""Every target by its name: each reader, codes, clock, the container, whole exports and their tables."""


def attempt(target: Target, content: bytes) -> str | None:
    """Run one input; return what came out that must not, None when all is well."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            target.run(content)
        except AnalysisError as error:
            line = str(error)
            return None if line and "\n" not in line else f"an error of {line.count(chr(10))} lines"
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            return f"{type(error).__name__}: {str(error)[:200]}"
    return None
