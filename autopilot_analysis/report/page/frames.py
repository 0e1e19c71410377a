"""A frame as people read it: columns with their kind, cells with their text and what they are sorted by.

The one formatter of tables: a notebook, a page and a widget lay out what `lay_out` returns.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

import polars as pl

from autopilot_analysis import quoting, wording
from autopilot_analysis.codes import explain
from autopilot_analysis.report.page.statements import Cell, between, bounds_of, with_levels, with_rates
from autopilot_analysis.tables.story import STAGE_OF_PHASE

SHARES = frozenset(
    ["share", "low", "high", "rest_share", "confidence", "cumulative", "support", "rest", "p_low", "p_high"]
)
"""Fractions of one, shown in percent."""
CHANCES = frozenset(["p", "q"])
NUMBERS_AS_NAMES = frozenset(["record", "event_id", "attempt", "deployment", "process_id", "thread_id"])
"""Numbers that name a thing: no commas in them."""
LENGTHS = {"lost": timedelta(minutes=1), "hours": timedelta(hours=1), "days": timedelta(days=1)}
"""Names of numbers that count a length of time."""
NAMED = frozenset(
    [
        "stage",
        "failed_stage",
        "outcome",
        "download_outcome",
        "afterwards",
        "severity",
        "role",
        "scenario",
        "presence",
        "state",
        "clock",
        "mark",
        "what",
        "phase",
        "reason",
        "kind",
        "origin",
        "fact",
        "measure",
        "result",
        "profile_state",
        "enrollment_type",
    ]
)
"""Columns of the project's own words, such as "mdm_enrollment"."""
SIZES = frozenset(["bytes", "downloaded_bytes"])
"""Amounts of bytes."""
CODES = frozenset(["code", "exit_code", "last_code", "error"])
MEANT = frozenset(["symbol", "meaning"])
"""Where these columns stand in a frame its codes are explained already."""
DIGITS = 3
LONGEST_ALIKE = 80
"""Signs of a value that is alike in every row; a longer one is a sentence of its own."""
_SIDE = re.compile(r"_(?:first|second|before|after)\Z|, .*\Z", re.DOTALL)
"""What stands behind a column's own name where two things are laid side by side."""


class Origin(NamedTuple):
    """Where a row's code arose, as far as the row tells."""

    stage: str | None
    scenario: str | None


def lay_out(frame: pl.DataFrame, *, most: int) -> dict[str, Any]:
    """Return a frame as people read it: columns, rows, how many there are, and what is alike in all of them.

    Empty columns are left out; one value in every row is said once, above the table.

    Args:
        frame: Any frame.
        most: Rows laid out; `total` says how many there are.

    Returns:
        columns (name, kind), rows (of cells), total, and same (pairs of column and value).
    """
    frame, shares = with_rates(with_levels(frame))
    bounds = bounds_of(frame)
    kept, same = _kept(frame.drop(*chain(*bounds.values())), {*bounds, *shares})
    columns = [{"name": _header(frame[name]), "kind": _kind(frame[name])} for name in kept]
    meant = bool(MEANT & set(frame.columns))
    shown = frame.head(most)
    origins = [] if meant else _origins(shown)
    cells = {name: _cells(shown[name], origins) for name in frame.columns}
    cells |= {name: texts[:most] for name, texts in shares.items()}
    cells |= {name: between(cells[name], cells[low], cells[high]) for name, (low, high) in bounds.items()}
    rows = [list(row) for row in zip(*(cells[name] for name in kept), strict=True)]
    return {"columns": columns, "rows": rows, "total": frame.height, "same": same}


def spell(value: object, name: str = "") -> str:
    """Return one value as a person reads it; None becomes an empty text.

    Args:
        value: A cell of a frame.
        name: The column it stands in.
    """
    name = _SIDE.sub("", name)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float) and name in SIZES:
        return wording.size(value)
    if isinstance(value, timedelta):
        return wording.span(value)
    if isinstance(value, datetime):
        return wording.instant(value)
    if isinstance(value, float):
        return _number(value, name)
    if isinstance(value, int):
        return str(value) if name in NUMBERS_AS_NAMES else f"{value:,}"
    if isinstance(value, Mapping):
        return quoting.visible(
            "; ".join(f"{wording.words(str(key))} {spell(one)}" for key, one in value.items())
        )
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return ", ".join(spell(one, name) for one in value)
    return _text(str(value), name)


def _text(text: str, name: str) -> str:
    """Return text that cannot steer a screen; the project's own words spaced, JSON as its fields."""
    if name in NAMED and text.islower() and " " not in text:
        return wording.words(text)
    shown = quoting.fields(text) if text[:1] in "{[" else text
    return quoting.visible(shown)


def _number(value: float, name: str) -> str:
    if not math.isfinite(value):
        return wording.NOT_KNOWN if math.isnan(value) else "beyond measure"
    if name in SHARES and 0 <= value <= 1:
        return wording.percent(value)
    if name in CHANCES:
        return wording.chance(value)
    if name in LENGTHS:
        return wording.span(value * LENGTHS[name])
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.{DIGITS}g}"


def _kept(frame: pl.DataFrame, whole: Collection[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the columns that tell something in their rows, and what is the same in every row.

    Columns of `whole` say more than their own value, so that this alone cannot stand for every row.
    """
    kept, same = [], []
    for name in frame.columns:
        column = frame[name]
        if frame.height and column.null_count() == frame.height:
            continue
        if frame.height > 1 and name not in whole and column.null_count() == 0 and _constant(column):
            same.append((wording.heading(name), _cells(column.head(1), [])[0]))
        else:
            kept.append(name)
    if not kept and frame.width:
        return list(frame.columns), []
    return kept, [(name, cell[0] if isinstance(cell, list) else str(cell)) for name, cell in same]


def _constant(column: pl.Series) -> bool:
    if column.dtype == pl.String and column[0] == "":
        return False  # a field to be filled in by hand
    if column.dtype == pl.Object or column.dtype.is_nested():
        return False
    return column.n_unique() == 1


def _header(column: pl.Series) -> str:
    name = wording.heading(column.name.removesuffix("_at") if column.name != "_at" else column.name)
    return f"{name} ({wording.ZONE})" if _is_instant(column) else name


def _kind(column: pl.Series) -> str:
    name = _SIDE.sub("", column.name)
    if name in CODES:
        return "code"
    if name in NAMED:
        return "state"
    if name == "page":
        return "page"
    if name in ("member", "started_member", "ended_member", "path"):
        return "path"
    if column.dtype.is_numeric() or column.dtype == pl.Duration:
        return "number"
    if _is_instant(column):
        return "instant"
    return "text"


def _is_instant(column: pl.Series) -> bool:
    return isinstance(column.dtype, pl.Datetime) and column.dtype.time_zone == "UTC" and not _days(column)


def _days(column: pl.Series) -> bool:
    """Whether instants are days: each of them midnight."""
    known = column.drop_nulls()
    return known.len() > 0 and bool((known.dt.truncate("1d") == known).all())


def _origins(frame: pl.DataFrame) -> list[Origin]:
    """Return for each row the stage and the scenario it tells of: a code means what it means there."""
    stages = [pl.col(name).cast(pl.String) for name in ("stage", "failed_stage") if name in frame.columns]
    if "phase" in frame.columns:
        stages.append(pl.col("phase").cast(pl.String).replace_strict(STAGE_OF_PHASE, default=None))
    scenario = pl.col("scenario").cast(pl.String) if "scenario" in frame.columns else pl.lit(None, pl.String)
    stage = pl.coalesce(stages) if stages else pl.lit(None, pl.String)
    rows = frame.with_row_index("_row").select("_row", _stage=stage, _scenario=scenario)
    return [Origin(stage, scenario) for _, stage, scenario in rows.iter_rows()]


def _cells(column: pl.Series, origins: Sequence[Origin]) -> list[Cell]:
    name, kind = _SIDE.sub("", column.name), column.dtype
    if isinstance(kind, pl.Datetime) and _days(column):
        return [None if at is None else wording.short_day(at) for at in column]
    if kind == pl.Duration:
        return [None if one is None else [spell(one), one.total_seconds()] for one in column]
    if kind.is_numeric():
        return [None if one is None else [spell(one, name), 0 if math.isnan(one) else one] for one in column]
    if name in CODES and origins:
        placed = zip(column, origins, strict=True)
        return [None if one is None else _code(str(one), origin) for one, origin in placed]
    return [None if one is None else spell(one, name) for one in column]


@cache
def _code(code: str, origin: Origin) -> str:
    """Return a code with its meaning where it arose, as far as that is known."""
    known = explain(code, stage=origin.stage, scenario=origin.scenario)
    named = known.meaning if known.certainty != "unknown" else ""
    return wording.means(code, named) if named and known.meaning else quoting.visible(code)


def same_in_words(same: Sequence[Sequence[str]]) -> str:
    """Return what is alike in every row of a table as one sentence; empty when nothing is."""
    short = "; ".join(f"{name} {text}" for name, text in same if len(text) <= LONGEST_ALIKE)
    sentences = [f"In every row: {short}"] if short else []
    sentences += [f"{name}: {text}" for name, text in same if len(text) > LONGEST_ALIKE]
    return " ".join(f"{text.rstrip('.')}." for text in sentences)
