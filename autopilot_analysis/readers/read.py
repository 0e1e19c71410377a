"""Members -> tables: run each reader, say whose it is, place it in time, count what is missing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

import polars as pl

from autopilot_analysis.errors import UnknownName
from autopilot_analysis.export import Export
from autopilot_analysis.export.sources import UNKNOWN, first_rows, named_like
from autopilot_analysis.readers.captured import (
    ROWS,
    Capture,
    gap_frame,
    lend_layouts,
    read_member,
    read_pages,
    readers_for,
    report_frames,
    row_frames,
    speaks_of_a_fleet,
)
from autopilot_analysis.readers.device.coverage import find_floods, measure_coverage
from autopilot_analysis.readers.device.device import identify
from autopilot_analysis.readers.device.shared_ids import tell_apart
from autopilot_analysis.readers.divide import divide
from autopilot_analysis.readers.names import NAME_BOOK, read_name_book
from autopilot_analysis.readers.placing.day_order import settle_days
from autopilot_analysis.readers.placing.placing import place, undated, zoneless
from autopilot_analysis.readers.reading import Unread
from autopilot_analysis.readers.service.item_names import name_listed_items
from autopilot_analysis.tables import STATES, Tables, schema_of
from autopilot_analysis.tables.completing import merge_captures


def _note_unread(export: Export, captures: dict[str, Capture]) -> None:
    """Give each thing the export itself could not unpack to the capture it lies in."""
    listed = {member.path for member in export.members}
    for unread in export.gaps:
        path = unread.member
        within = [
            name for name in captures if path is not None and (path == name or path.startswith(f"{name}/"))
        ]
        capture = captures.setdefault(max(within, key=len) if within else next(iter(captures), ""), Capture())
        capture.gaps.append((path, Unread(unread.reason, count=unread.count, advice=unread.advice)))
        if path is not None and path not in listed and unread.state in STATES:
            listed.add(path)
            promised = named_like(path)
            source = UNKNOWN if promised is None else promised.source
            capture.members.append((path, source, None, None, unread.state))


def _finish(captures: Mapping[str, Capture], export: Export) -> Iterator[dict[str, pl.DataFrame]]:
    """Yield the tables of each capture, its device named and its times placed."""
    for name, capture in captures.items():
        lend_layouts(capture, [m for m in export.members if m.capture == name and m.reader == "event_log"])
        read_pages(capture)
        frames = row_frames(capture)
        device = identify(frames, name or export.path.stem)
        key = device["device"][0]
        zone = device["time_zone"][0]
        frames = place(settle_days(frames, capture), zone, capture)
        has_rows = any(frame.height for frame in frames.values()) and not speaks_of_a_fleet(capture)
        whose = pl.lit(key, dtype=pl.String).alias("device")
        members = pl.DataFrame(
            [(key, *row) for row in capture.members],
            schema=schema_of("members"),
            orient="row",
        )
        yield {
            **{n: f.with_columns(whose) for n, f in frames.items()},
            "members": members,
            "devices": device if has_rows else device.clear(),
            "gaps": pl.concat(
                [
                    gap_frame(key, capture),
                    undated(frames["log_lines"], key),
                    zoneless(frames["events"], key),
                ]
            ),
            **report_frames(capture, key),
        }


def _of_device(frames: dict[str, pl.DataFrame], wanted: str) -> dict[str, pl.DataFrame]:
    """Keep the rows of the one device that a key, serial or name means."""
    low = wanted.lower()
    known = []
    for name in ("devices", "deployments", "identities"):
        spelt = [pl.col(c).str.to_lowercase() == low for c in ("device", "serial", "name")]
        known.append(frames[name].filter(pl.any_horizontal(spelt).fill_null(value=False))["device"])
    keys = pl.concat(known).unique()
    if keys.is_empty():
        spellings = [frames[name]["device"] for name in ("devices", "deployments", "identities")]
        raise UnknownName.among("device", wanted, pl.concat(spellings).unique().sort())
    return {
        name: frame.filter(_belongs(name, keys)) if "device" in frame.columns else frame
        for name, frame in frames.items()
    }


def _belongs(table: str, keys: pl.Series) -> pl.Expr:
    """Tell which rows are of these devices; a name book is of all."""
    own = pl.col("device").is_in(keys.implode())
    return own | (pl.col("section") == NAME_BOOK) if table == "properties" else own


def add_names(
    properties: pl.DataFrame, book: pl.DataFrame, devices: pl.DataFrame, file: str | Path
) -> pl.DataFrame:
    """Return properties with a name book before them: its names come before those of the export.

    Args:
        properties: The table `properties`.
        book: What `read_name_book` returned.
        devices: The table `devices`; the rows carry the key of the first, and hold for all.
        file: Where the book lies; its name becomes `member`.
    """
    key = devices["device"][0] if devices.height else ""
    rows = book.with_columns(device=pl.lit(key), member=pl.lit(Path(file).name))
    return pl.concat([rows.select(properties.columns), properties])


def read_tables(
    export: Export,
    *,
    device: str = "",
    only: Collection[str] | None = None,
    names: str | Path = "",
    privacy: bool = False,
    progress: Callable[[int, int, str], None] | None = None,
) -> Tables:
    """Return what an export says, as typed tables.

    Args:
        export: What `open_export` returned.
        device: Keep one device only: its key, serial or name; empty means all.
        only: Names of the tables to fill; the others stay empty. None fills all.
        names: A name book that says what ids are called, see `read_name_book`; empty for none.
        privacy: Put stable pseudonyms of the analyst's own key in place of names, serials, tenants and
            addresses, in every column and inside texts.
        progress: Called before each member with its position, how many there are, and its path.

    Returns:
        Tables whose rows carry device, member and record. What could not be read is in `gaps`; `coverage`
        says for each device and source whether it was present, partial, absent or not applicable.

    Raises:
        BadInput: `names` cannot be read, or names nothing.
        UnknownName: `only` names no table, or `device` no device of the export.

    Example:
        >>> from autopilot_analysis import open_export, read_tables
        >>> tables = read_tables(open_export("data/user-driven-success.cab"))
        >>> tables.devices["registered"].to_list()
        [True]
    """
    book = read_name_book(names) if names else None
    wanted = readers_for(only)
    reader_of = dict(first_rows().select("source", "reader").iter_rows())
    captures: dict[str, Capture] = {}
    for position, member in enumerate(export.members):
        if progress is not None:
            progress(position, len(export.members), member.path)
        reader = reader_of.get(member.source)
        capture = captures.setdefault(member.capture, Capture())
        read_member(member, reader if wanted is None or reader in wanted else None, capture)
    _note_unread(export, captures)
    pieces = tell_apart(list(_finish(divide(captures), export)))
    frames = {name: pl.concat(piece[name] for piece in pieces) for name in pieces[0]}
    frames["devices"] = merge_captures(frames["devices"], ["device"])
    frames["gaps"] = pl.concat([frames["gaps"], find_floods(frames["events"], frames["devices"])])
    if device:
        frames = _of_device(frames, device)
    frames["coverage"] = measure_coverage(frames, frames["members"], frames["gaps"], frames["devices"])
    del frames["reports"]
    if book is not None:
        frames["properties"] = add_names(frames["properties"], book, frames["devices"], names)
    frames = name_listed_items(frames)
    if privacy:
        from autopilot_analysis.privacy import Pseudonyms, default_key, pseudonymise

        frames = pseudonymise(frames, Pseudonyms(default_key())).frames
    kept = {n: f if only is None or n in only or n not in ROWS else f.clear() for n, f in frames.items()}
    return Tables.of(kept)
