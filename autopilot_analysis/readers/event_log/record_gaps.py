"""What the record ids of an event log tell: a log that begins late, has holes, or ends too soon."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import polars as pl

from autopilot_analysis.readers.event_log.event_chunks import EXPORT_AGAIN, LogFile
from autopilot_analysis.readers.reading import EARLIER, Unread
from autopilot_analysis.wording import capital

_UNLIKELY = 2**48
_UNFILTERED = "Collect the whole log, without a filter."
_OLDER = f"{capital(EARLIER)} another log or in an earlier collection."
ROLLED_OVER = "rolled over"
_LATE = f"the log {ROLLED_OVER} or was cleared or filtered: records 1 to {{before}} are gone"
SAVED_LATE = "records 1 to {before} are not in this list: nobody saved them with it, or the log had lost them"
"""What a late first record says of a log, and of a list of which somebody chose what it holds."""


class Written(msgspec.Struct, frozen=True):
    """How many records the header of a log counts, as far as it can be believed."""

    records: int
    """Ids up to this one were written; 0 where the header does not tell."""
    dirty: bool
    """Whether the log was open when it was copied, and its header behind."""

    @classmethod
    def of(cls, log: LogFile) -> Written:
        """Return what a header says."""
        return cls(log.next_record - 1 if log.trusted and not log.missing else 0, log.dirty)


def id_gaps(written: Written, records: pl.Series, explained: int) -> Iterator[Unread]:
    """Yield what the record ids tell: a log that begins late, has holes, or ends before its header says.

    Args:
        written: What the header says.
        records: Record ids, ascending.
        explained: How many records damaged chunks are already known to have cost.
    """
    if records.is_empty():
        if 0 < written.records < _UNLIKELY:
            reason = f"records 1 to {written.records} are no longer in this log"
            yield Unread(reason, count=written.records, advice=_OLDER, whole=True)
        return
    yield from begins_late(records)
    yield from holes_in(records, explained)
    last = int(records[-1])
    if not written.dirty and 0 < written.records - last < _UNLIKELY:
        reason = f"the header counts records up to {written.records}, the log ends at {last}"
        yield Unread(reason, record=last, count=written.records - last, advice=EXPORT_AGAIN)


def begins_late(records: pl.Series, words: str = _LATE) -> Iterator[Unread]:
    """Yield what a first record above 1 says.

    Args:
        records: Record ids, ascending, at least one.
        words: What it says of this log, with {before}.
    """
    if (first := int(records[0])) > 1:
        reason = words.format(before=first - 1)
        yield Unread(reason, record=first, count=first - 1, advice=_OLDER, whole=True)


def holes_in(records: pl.Series, explained: int) -> Iterator[Unread]:
    """Yield one gap for all ids that are missing between the first and the last.

    Args:
        records: Record ids, ascending, at least one.
        explained: How many of them something else already says.
    """
    first, last = int(records[0]), int(records[-1])
    holes = last - first + 1 - records.n_unique() - explained
    if 0 < holes < _UNLIKELY:
        steps = records.diff()
        before = int(records[int((steps > 1).arg_max() or 1) - 1])
        reason = f"{holes} record ids are missing, the first behind record {before}: filtered out or lost"
        yield Unread(reason, record=before, count=holes, advice=_UNFILTERED, whole=True)
