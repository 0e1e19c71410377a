"""Logs of Windows Installer (msiexec /l, /L*V) -> `log_lines`.

Format: Microsoft, "Windows Installer logging". Lines carry a time of day; only the first and the last line
say the day, as the account's language writes it: where day and month cannot be told apart, no time is known.
What begins and ends an action is written in that language, too; its time, name and return value stand alike.
"""

from __future__ import annotations

import re
from datetime import date

import polars as pl

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.facts import shared_pattern
from autopilot_analysis.readers.installer_logs.log_records import split_records, to_lines
from autopilot_analysis.readers.reading import Reading, Unread
from autopilot_analysis.tables.verdict import ERROR, INFO

_HEAD = r"^\S"
_STAMP = r"^=== [^\d=]{3,80}?[:：] *(?P<day>\d\S+) +(?P<time>\d{1,2}:\d\d:\d\d)"
"""How the first and the last line begin, in any language."""
_STARTED = _STAMP + r" +[^\s=]"
"""The line that begins a log tells of the program as well."""
LOG_ENDED = _STAMP + r" *(?:===|$)"
"""The line that ends a log: its day as the account's language writes it, and the time."""
_TIME = r"^MSI \(.\) \([^)]*\) \[(\d\d:\d\d:\d\d:\d{3})\]"
ACTION = r"^[^\d=\[\]()]{2,40}?(\d{1,2}:\d\d:\d\d) ?: ?[^\s.。]\S*?[.。]"
"""What begins or ends an action, in any language: its time, then its name."""
_UNTIMED = r"^MSI \(.\) \([^)]*\)[^\s:\[]{0,12}: " + shared_pattern("MSI LINE WITHOUT TIME")
"""A line whose time was taken out before it was passed on."""
_IN_ENGLISH = r"^Action (?:start |ended )?\d{1,2}:\d\d:\d\d"
_PROPERTY = r"^Property\(.\): (\w+) = "
KEPT = ["ProductCode", "ProductName", "ProductVersion", "Manufacturer", "CLIENTPROCESSID"]
"""Properties that tell what was installed, and for whom; all others name accounts and folders at length."""
FAILED_ACTION = r"^[^\d=\[\]()]{2,40}?\d{1,2}:\d\d:\d\d ?: ?([^\s.。]\S*?)[.。] ?[^\d:.。]{2,40}\b3[.。]?\s*$"
"""The end of an action with the return value 3, in any language; it names the action."""
_FAULT = rf"{FAILED_ACTION}|^Error \d{{4}}\.|returned actual error code \d| -- Error \d"
_HALF_DAY = pl.duration(hours=12)


def read_msi_log(content: bytes, member: str = "") -> Reading:
    """Return the records of a log of Windows Installer; a line that begins with a blank continues one.

    Args:
        content: The whole file; several installations may follow one another in it.
        member: Its name, for the error message.

    Returns:
        Rows of `log_lines`: component is the side that wrote ("MSI (s)", "MSI (c)"), "Action", "Property", or
        null for what a custom action printed. Properties other than `KEPT` are counted in a gap.

    Raises:
        NotThisFormat: No line says that logging started or stopped, and none is of Windows Installer.
    """
    records, unread = split_records(content, _HEAD)
    text = pl.col("message")
    own = pl.any_horizontal(
        text.str.contains(line) for line in (_STARTED, LOG_ENDED, _TIME, _UNTIMED, _IN_ENGLISH)
    )
    if not records.select(own.any()).item():
        raise NotThisFormat.no_line(member, "a log of Windows Installer")
    name = text.str.extract(_PROPERTY)
    properties = records.filter(name.is_not_null() & ~name.is_in(KEPT))
    kept = records.filter(name.is_null() | name.is_in(KEPT))
    rows, undated = _timed(kept)
    component = (
        pl.when(name.is_not_null())
        .then(pl.lit("Property"))
        .when(text.str.contains(ACTION))
        .then(pl.lit("Action"))
        .otherwise(text.str.extract(r"^(MSI \(.\)) "))
    )
    severity = pl.when(text.str.contains(_FAULT)).then(pl.lit(ERROR)).otherwise(pl.lit(INFO))
    lines = to_lines(rows.with_columns(component=component, severity=severity))
    gaps = [*unread, *undated]
    if properties.height:
        reason = "properties of the installation are left out: they name accounts and folders"
        gaps.append(Unread(reason, count=properties.height, whole=True))
    return Reading({"log_lines": lines}, tuple(gaps))


def _timed(records: pl.DataFrame) -> tuple[pl.DataFrame, list[Unread]]:
    """Return the records with `written_at`, and a gap for each part whose day cannot be told."""
    text = pl.col("message")
    clock = pl.coalesce(
        text.str.extract(_TIME).str.replace(r":(\d{3})$", ".$1"),
        text.str.extract(ACTION),
        *(text.str.extract(line, 2) for line in (_STARTED, LOG_ENDED)),
    )
    marked = records.with_columns(
        spelt=pl.coalesce(text.str.extract(line, 1) for line in (_STARTED, LOG_ENDED)),
        tick=pl.concat_str(pl.lit("2000-01-01 "), clock).str.to_datetime(
            "%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False
        ),
        part=text.str.contains(_STARTED).cum_sum(),
    )
    days = {written: day_of(written) for written in marked["spelt"].drop_nulls().unique()}
    later = pl.col("tick").forward_fill().over("part")
    night = (later - later.shift().over("part") < -_HALF_DAY).fill_null(value=False)
    nights = pl.duration(days=night.cast(pl.Int64).cum_sum().over("part"))
    day = pl.col("spelt").replace_strict(days, default=None, return_dtype=pl.Date).cast(pl.Datetime("us"))
    first_day = (day - nights).drop_nulls().first().over("part")
    since = later - pl.datetime(2000, 1, 1, time_unit="us")
    timed = marked.with_columns(written_at=first_day + nights + since)
    known = timed.filter(pl.col("written_at").is_not_null()).select("part").unique()
    lost = timed.filter(pl.col("spelt").is_not_null()).join(
        known, on="part", how="anti", maintain_order="left"
    )
    reason = "its day may be read as day and month or as month and day: its times are not known"
    first = lost.unique("part", keep="first", maintain_order=True)
    return timed, [Unread(reason, record=record, whole=True) for record in first["record"]]


def day_of(text: str) -> date | None:
    """Return the day that a short date names in every language that writes it so, else None."""
    parts = re.fullmatch(r"(\d{4}|\d{1,2})([./-])(\d{1,2})\2(\d{1,2}|\d{4})\.?", text)
    if parts is None or {len(parts[1]), len(parts[4])} & {4} != {4}:
        return None
    first, second, third = int(parts[1]), int(parts[3]), int(parts[4])
    readings = {(first, second, third)} if len(parts[1]) == 4 else {(third, second, first)}
    if len(parts[1]) < 4 and parts[2] != ".":
        readings.add((third, first, second))
    days = {day for year, month, number in readings if (day := _day(year, month, number))}
    return days.pop() if len(days) == 1 else None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
