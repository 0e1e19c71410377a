"""Texts that tell when -> instants in UTC, for fleet exports; an ambiguous date stays null."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import polars as pl

DATE_FIRST = r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}),? *"
YEAR_FIRST = r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2}),? *"
SCRIPT_DATE = r"^/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/$"
"""Milliseconds since 1970 in UTC, as .NET's older JSON writers spell an instant."""
NARROW_SPACES = "\u202f\u00a0"
"""Browsers put these between a time and AM or PM."""
TIME_FORMATS = ("%H:%M:%S%.f", "%I:%M:%S%.f %p", "%H:%M", "%I:%M %p")
PLAIN_FORMATS = ("%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M", "%d-%b-%Y %H:%M:%S")
PLAIN_DAYS = ("%Y-%m-%d", "%d-%b-%Y")
"""Instants, and days without a time, that say by themselves which number is the month."""


class Instants(msgspec.Struct, frozen=True):
    """The instants of one column, which cells told none, and why."""

    values: pl.Series
    unread: pl.Series
    ambiguous: bool

    @property
    def unreadable(self) -> int:
        """How many cells hold a text that is no instant."""
        return int(self.unread.sum())


def read_instants(texts: pl.Series) -> Instants:
    """Read ISO 8601, `/Date(…)/`, dates from the year on, and other dates when their order is certain.

    A time without an offset is taken as UTC, as the Export API and Log Analytics document; the year 0001,
    which the service writes for "never", is null. Day and month are told apart by a value above 12 somewhere
    in the column, else by dots (the day is first) or AM and PM (the month is): when nothing decides, none is
    read.

    Args:
        texts: A text column.
    """
    return read_together([texts])[0]


def read_together(columns: Iterable[pl.Series]) -> list[Instants]:
    """Read columns of one export as `read_instants` does one: it spells all its times alike.

    So one column decides for all which of two numbers is the month. Only texts that do not say it by
    themselves are held together: of a million rows, all columns at once would be felt.

    Args:
        columns: Text columns; each may be released as soon as it is read.
    """
    certain, others = [], []
    for texts in columns:
        values, places, rest = _certain(texts)
        certain.append((values, places))
        others.append(rest)
    found, ambiguous = _by_order(pl.concat([_NOTHING, *others], rechunk=True))
    read, end = [], 0
    for values, places in certain:
        start, end = end, end + places.len()
        whole = values.scatter(places, found[start:end]) if places.len() else values
        never = (whole.dt.year() <= 1).fill_null(value=False)
        unread = pl.Series("unread", [False]).new_from_index(0, values.len())
        unread = unread.scatter(places.filter(found[start:end].is_null()), values=True)
        read.append(Instants(whole.set(never, None), unread, ambiguous))
    return read


_NOTHING = pl.Series("text", [], dtype=pl.String)
"""Before others: with one thread, polars ends in a panic where a slice begins with an empty one (2.1.0)."""


def _certain(texts: pl.Series) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Return the instants of cells that say by themselves what they are; places and texts of the others."""
    clean = texts.str.strip_chars()
    clean = clean.set(clean == "", None)
    values = _offset(clean)
    if (clean.is_not_null() & values.is_null()).any():
        values = values.zip_with(values.is_not_null(), _plain(clean))
    places = (clean.is_not_null() & values.is_null()).arg_true()
    return values.rename(texts.name), places, clean.gather(places).rename("text")


def _by_order(texts: pl.Series) -> tuple[pl.Series, bool]:
    """Return the instants of all other cells of an export, and whether day and month stay unknown."""
    clean = _ordinary(texts)
    values = _milliseconds(clean)
    if not values.null_count():
        return values, False
    dates, ambiguous = _date_first(clean)
    return values.zip_with(values.is_not_null(), dates), ambiguous


def _offset(clean: pl.Series) -> pl.Series:
    return clean.str.to_datetime("%+", time_unit="us", time_zone="UTC", strict=False)


def _plain(clean: pl.Series) -> pl.Series:
    text = pl.col("text").str.strip_suffix("Z")
    tries = [text.str.to_datetime(form, time_unit="us", strict=False) for form in PLAIN_FORMATS]
    days = [text.str.to_date(form, strict=False).cast(pl.Datetime("us")) for form in PLAIN_DAYS]
    return clean.to_frame("text").select(pl.coalesce(*tries, *days).dt.replace_time_zone("UTC"))["text"]


def _ordinary(clean: pl.Series) -> pl.Series:
    """Return texts with plain blanks, and dates that begin with the year, whose order is certain, turned."""
    for blank in NARROW_SPACES:
        clean = clean.str.replace_all(blank, " ", literal=True)
    return clean.str.replace(YEAR_FIRST, "$3.$2.$1 ")


def _milliseconds(clean: pl.Series) -> pl.Series:
    since = clean.str.extract(SCRIPT_DATE, 1).cast(pl.Int64, strict=False)
    return (since * 1000).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")


def _date_first(clean: pl.Series) -> tuple[pl.Series, bool]:
    """Read `5/31/2026, 2:03 PM` and `31.05.2026 14:03`, the order decided by the column as a whole."""
    parts = clean.to_frame("text").select(
        pl.col("text").str.extract(DATE_FIRST, 1).cast(pl.Int64, strict=False).alias("first"),
        pl.col("text").str.extract(DATE_FIRST, 2).cast(pl.Int64, strict=False).alias("second"),
        pl.col("text").str.extract(DATE_FIRST, 3).alias("year"),
        pl.col("text").str.replace(DATE_FIRST, "").str.strip_chars().alias("time"),
    )
    day_first, month_first = (parts["first"] > 12).any(), (parts["second"] > 12).any()
    if not day_first and not month_first:  # the spelling tells: dots are German, a capital PM is American
        day_first = clean.str.contains(r"^\d{1,2}\.\d{1,2}\.\d{4}").any()
        month_first = clean.str.contains(r" [AP]M$").any()
    if day_first == month_first:
        empty = pl.Series("text", [None], dtype=pl.Datetime("us", "UTC")).new_from_index(0, clean.len())
        return empty, parts["first"].is_not_null().any()
    day, month = ("first", "second") if day_first else ("second", "first")
    date = pl.format("{}-{}-{}", "year", pl.col(month).cast(pl.String), pl.col(day).cast(pl.String))
    stamp = pl.format("{} {}", date, pl.col("time").str.to_uppercase())
    tries = [stamp.str.to_datetime(f"%Y-%m-%d {form}", time_unit="us", strict=False) for form in TIME_FORMATS]
    tries.append(date.str.to_datetime("%Y-%m-%d", time_unit="us", strict=False))
    return parts.select(pl.coalesce(tries).dt.replace_time_zone("UTC").alias("text"))["text"], False
