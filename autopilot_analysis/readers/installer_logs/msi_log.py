"""Logs of Windows Installer (msiexec /l, /L*V) -> `log_lines`.

Format: Microsoft, "Windows Installer logging". Lines carry a time of day; only the first and the last line
say the day, as the account's language writes it: where day and month cannot be told apart, no time is known.
"""

from __future__ import annotations

import re
from datetime import date

import polars as pl

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.installer_logs.log_records import split_records, to_lines
from autopilot_analysis.readers.reading import Reading, Unread

_HEAD = r"^\S"
_STARTED = r"^=== (?:Verbose )?[Ll]ogging started: +(?P<day>\S+) +(?P<time>\d{1,2}:\d\d:\d\d)"
_TIME = r"^MSI \(.\) \([^)]*\) \[(\d\d:\d\d:\d\d:\d{3})\]"
_ACTION = r"^Action (?:start |ended )?(\d{1,2}:\d\d:\d\d)"
_PROPERTY = r"^Property\(.\): (\w+) = "
KEPT = ["ProductCode", "ProductName", "ProductVersion", "Manufacturer", "CLIENTPROCESSID"]
"""Properties that tell what was installed, and for whom; all others name accounts and folders at length."""
_FAULT = (
    r"^Action ended [\d:]+: .*\. Return value 3\.|^Error \d{4}\.|returned actual error code \d| -- Error \d"
)
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
        NotThisFormat: No line says that logging started, and none is of Windows Installer.
    """
    records, unread = split_records(content, _HEAD)
    text = pl.col("message")
    own = text.str.contains(_STARTED) | text.str.contains(_TIME) | text.str.contains(_ACTION)
    if not records.select(own.any()).item():
        raise NotThisFormat(f"{member or 'the file'} has no line of a log of Windows Installer")
    name = text.str.extract(_PROPERTY)
    properties = records.filter(name.is_not_null() & ~name.is_in(KEPT))
    kept = records.filter(name.is_null() | name.is_in(KEPT))
    rows, undated = _timed(kept)
    component = (
        pl.when(name.is_not_null())
        .then(pl.lit("Property"))
        .otherwise(pl.coalesce(text.str.extract(r"^(MSI \(.\)) "), text.str.extract(r"^(Action) ")))
    )
    severity = pl.when(text.str.contains(_FAULT)).then(pl.lit("error")).otherwise(pl.lit("info"))
    lines = to_lines(rows.with_columns(component=component, severity=severity))
    gaps = [*unread, *undated]
    if properties.height:
        reason = "properties of the installation are left out: they name accounts and folders"
        gaps.append(Unread(reason, count=properties.height, whole=True))
    return Reading({"log_lines": lines}, tuple(gaps))


def _timed(records: pl.DataFrame) -> tuple[pl.DataFrame, list[Unread]]:
    """Return the records with `written_at`, and a gap for each beginning whose day cannot be told."""
    text = pl.col("message")
    clock = pl.coalesce(
        text.str.extract(_TIME).str.replace(r":(\d{3})$", ".$1"),
        text.str.extract(_ACTION),
        text.str.extract(_STARTED, 2),
    )
    marked = records.with_columns(
        day=text.str.extract(_STARTED, 1),
        tick=pl.concat_str(pl.lit("2000-01-01 "), clock).str.to_datetime(
            "%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=False
        ),
        part=text.str.contains(_STARTED).cum_sum(),
    )
    spelt = marked["day"].drop_nulls().unique()
    days = {text: day_of(text) for text in spelt}
    later = pl.col("tick").forward_fill().over("part")
    night = (later - later.shift().over("part") < -_HALF_DAY).fill_null(value=False)
    day = pl.col("day").replace_strict(days, default=None, return_dtype=pl.Date).first().over("part")
    since = later - pl.datetime(2000, 1, 1, time_unit="us")
    nights = pl.duration(days=night.cast(pl.Int64).cum_sum().over("part"))
    timed = marked.with_columns(written_at=day.cast(pl.Datetime("us")) + since + nights)
    lost = marked.filter(pl.col("day").is_in([text for text, known in days.items() if known is None]))
    reason = "its day may be read as day and month or as month and day: its times are not known"
    return timed, [Unread(reason, record=record, whole=True) for record in lost["record"]]


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
