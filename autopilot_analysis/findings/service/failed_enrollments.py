"""Which enrolments of the service's lists failed, each once, however many lists tell of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts.failure_words import FAILED, NONE, says
from autopilot_analysis.facts.guids import EMPTY_ID

OF_ALL_ENROLMENTS = ("EnrollmentActivity",)
"""Lists that hold every enrolment, whatever it came to; any other holds failures alone."""
SAME_FAILURE_WITHIN = timedelta(minutes=1)
"""Two lists tell of one failure of a person or a device where their times lie no further apart."""
KEYS = ("user", "user_id", "device", "intune_device_id", "entra_device_id")
"""Columns by which two lists name the same person or device."""
_ROW, _OF = "row", "row of the failure"
Row = Mapping[str, Any]


def failed_enrollments(failures: pl.DataFrame) -> pl.DataFrame:
    """Return the activities of enrolment that failed, with `reason`: the service's words, else its category.

    A failure of which several lists tell is one row, of the list that holds all enrolments where there is
    one, with what the others know beside it. The reason is null where a list says that it failed and not why.

    Args:
        failures: The table `enrollment_failures`.
    """
    return _failed(once_each(failures))


def enrollments_told_whole(failures: pl.DataFrame, *, whole: bool = True) -> pl.DataFrame:
    """Return the rows of lists that hold enrolments which went well too, or of the other lists.

    Args:
        failures: The table `enrollment_failures`.
        whole: False: those of lists that hold failures alone.
    """
    each = once_each(failures)
    of_all = each.filter(pl.col("report").is_in(OF_ALL_ENROLMENTS))
    well = of_all.join(_failed(of_all), on=of_all.columns, how="anti", nulls_equal=True)
    among = pl.col("report").is_in(well["report"].unique().implode())
    return each.filter(among if whole else ~among)


@dataclass(frozen=True)
class OfDevices:
    """How many devices a list of all enrolments names, on how many one failed, how many of these made it."""

    n: int
    failed: int
    later: int

    @property
    def in_words(self) -> str:
        """The same, as a clause."""
        failed = f"{self.failed:,} of {wording.count(self.n, 'device')} had an enrolment that failed"
        return f"{failed}: {self.later:,} enrolled later, {self.failed - self.later:,} did not"


def devices_that_failed(failures: pl.DataFrame) -> OfDevices | None:
    """Return on how many devices enrolment failed, and how many enrolled later; None where no list tells.

    Only lists of all enrolments tell, and only where each row names its device.

    Args:
        failures: The table `enrollment_failures`.
    """
    whole = enrollments_told_whole(failures)
    if whole.is_empty() or whole["device"].null_count():
        return None
    failed = _failed(whole)
    well = whole.join(failed, on=whole.columns, how="anti", nulls_equal=True)
    last = failed.group_by("device").agg(failed_at=pl.col("at").max())
    made = last.join(well.group_by("device").agg(pl.col("at").max()), on="device", how="inner")
    later = made.filter(pl.col("at") > pl.col("failed_at")).height
    return OfDevices(whole["device"].n_unique(), last.height, later) if last.height else None


def once_each(failures: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of all lists, a failure of which several tell once.

    An event to which the service gave an id counts once. Two other rows of one list are never one failure: a
    person may fail twice within a minute.

    Args:
        failures: The table `enrollment_failures`.
    """
    failures = _each_event(failures)
    if failures["report"].n_unique() == 1 or failures.is_empty():
        return failures
    rows = failures.with_row_index(_ROW)
    owners = _owners(_failed(rows))
    if not owners:
        return failures
    rows = rows.with_columns(pl.col(_ROW).replace(owners).alias(_OF))
    several = pl.col(_ROW).is_in([*owners, *owners.values()])
    groups = rows.filter(several).sort(_OF, pl.col(_ROW) != pl.col(_OF), maintain_order=True)
    known = (pl.col(name).drop_nulls().first() for name in failures.columns if name != "failure_text")
    reason = pl.col("failure_text").filter(says("failure_text").is_null()).drop_nulls().first()
    text = pl.coalesce(reason, pl.col("failure_text").first()).alias("failure_text")
    merged = groups.group_by(_OF, maintain_order=True).agg(*known, text)
    alone = rows.filter(~several).select(_OF, *failures.columns)
    return pl.concat([alone, merged.select(alone.columns)]).sort(_OF).drop(_OF)


def _each_event(failures: pl.DataFrame) -> pl.DataFrame:
    """Return each row to which the service gave an id once, as the export that says most of it writes it."""
    if failures["event"].null_count() == failures.height:
        return failures
    missing = pl.sum_horizontal(pl.all().is_null())
    ordered = failures.with_row_index(_ROW).sort(missing, maintain_order=True)
    first = pl.col("event").is_null() | pl.col("event").is_first_distinct()
    return ordered.filter(first).sort(_ROW).drop(_ROW)


def _failed(failures: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that tell of a failure, with its reason."""
    named = failures.with_columns(reason=pl.coalesce("failure_text", "category"))
    word, of_category = says("reason"), says("category")
    category = pl.when(of_category.is_null()).then("category")
    failed = (pl.col("reason").is_not_null() & word.ne_missing(NONE)) | pl.col("code").is_not_null()
    stated = pl.when(word.is_null()).then("reason").when(word == FAILED).then(category)
    return named.filter(failed).with_columns(reason=stated)


def _owners(failed: pl.DataFrame) -> dict[int, int]:
    """Return for each row that another list has too the row that stands for both.

    The list that holds all enrolments comes first; each list has one row of a failure at the most.
    """
    whole = pl.col("report").is_in(OF_ALL_ENROLMENTS)
    columns = [_ROW, "report", "at", "code", "activity", *KEYS]
    ordered = failed.sort(~whole, "report", "at", maintain_order=True).select(columns)
    owners: dict[int, int] = {}
    known: dict[str, list[Row]] = {}
    for rows in ordered.partition_by("report", maintain_order=True):
        found = list(_matched(rows.iter_rows(named=True), known))
        owners |= {row[_ROW]: owner[_ROW] for row, owner in found if owner is not row}
        for row, owner in found:
            for name in _names(row):
                known.setdefault(name, []).append(owner)
    return owners


def _matched(rows: Iterator[Row], known: Mapping[str, list[Row]]) -> Iterator[tuple[Row, Row]]:
    """Yield each row of a list, and the row of another list that tells of the same failure, else itself."""
    taken: set[int] = set()
    for row in rows:
        named = (one for name in _names(row) for one in known.get(name, ()) if one[_ROW] not in taken)
        near = [(apart, one[_ROW], one) for one in named if (apart := _apart(one, row)) is not None]
        owner = min(near, key=lambda each: each[:2])[2] if near else row
        taken.add(owner[_ROW])
        yield row, owner


def _apart(one: Row, other: Row) -> timedelta | None:
    """Return how far apart two rows of one person or device lie, None where they are two failures."""
    if one["activity"] and str(one["activity"]).casefold() == str(other["activity"]).casefold():
        return timedelta()
    if not (one["at"] and other["at"]) or (one["code"] and other["code"] and one["code"] != other["code"]):
        return None
    apart = abs(one["at"] - other["at"])
    return apart if apart <= SAME_FAILURE_WITHIN else None


def _names(row: Row) -> Iterator[str]:
    """Yield by what a row may be found in another list."""
    for key in ("activity", *KEYS):
        if row[key] and row[key] != EMPTY_ID:
            yield row[key].casefold()
