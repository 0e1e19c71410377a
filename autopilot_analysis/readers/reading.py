"""What a reader brings out of one member: rows under their table's name, and gaps."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import polars as pl

from autopilot_analysis.readers.text import whole_text
from autopilot_analysis.tables import schema_of

ILL_FORMED = "breaks off or is ill-formed"
BEGINS_INSIDE = "the log begins inside a record"
REST_MISSING = "what follows is missing"
OF_THIS_TEXT = "of this text only"
EARLIER = "what happened earlier may stand in"
IN_PROPERTIES = "are kept in the table `properties`"
"""What gaps of several readers say: of XML and JSON, of a log, before where to look, of columns not known."""


LOG_LINE = {k: v for k, v in schema_of("log_lines").items() if k not in ("device", "member")}
"""Columns of a record of a log, as a reader brings it out."""
NO_KIND = "unknown"
"""Kind of a registry value in a text that tells no kinds, and rarely all values of a key."""


class Unread(msgspec.Struct, frozen=True):
    """One thing a reader could not read; it becomes a row of `gaps`."""

    reason: str
    record: int | None = None
    count: int | None = None
    advice: str | None = None
    whole: bool = False
    """Whether the member itself was read whole: what is missing was gone before it was collected."""


class Reading(msgspec.Struct, frozen=True):
    """Rows and gaps of one member.

    `rows` maps a table's name ("events", "log_lines", "registry_values", "settings", "properties") to a
    frame with that table's columns less `device` and `member`, which the room's door adds.
    """

    rows: Mapping[str, pl.DataFrame] = msgspec.field(default_factory=dict)
    unread: tuple[Unread, ...] = ()

    @property
    def count(self) -> int:
        """How many rows were read, over all tables."""
        return sum(frame.height for frame in self.rows.values())


def rows_of(table: str, columns: Mapping[str, list[object]]) -> pl.DataFrame:
    """Return a frame of `table` from columns, typed by its schema, with absent columns null.

    Args:
        table: A name of `tables.SCHEMAS`.
        columns: Equal-length lists under column names; `device` and `member` are left out.
    """
    schema = {k: v for k, v in schema_of(table).items() if k not in ("device", "member")}
    height = max((len(v) for v in columns.values()), default=0)
    given = {name: columns.get(name, [None] * height) for name in schema}
    try:
        return pl.DataFrame(given, schema=schema, strict=True)
    except UnicodeEncodeError:  # JSON can spell halves of surrogate pairs, which no table holds
        whole = {
            name: [whole_text(value) if isinstance(value, str) else value for value in values]
            for name, values in given.items()
        }
        return pl.DataFrame(whole, schema=schema, strict=True)
