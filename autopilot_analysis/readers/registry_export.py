r"""A standard .reg file, as `reg export` and Intune's diagnostics write it, -> registry values.

Header `Windows Registry Editor Version 5.00` (UTF-16LE) or `REGEDIT4`; backslash and quote are escaped with
a backslash in names and strings; `hex(n):` values go on over lines that end in `,\`; a leading `;` is a
comment; `[-key]` and `"name"=-` delete (Microsoft: How to add, modify, or delete registry subkeys and values
by using a .reg file).
"""

from __future__ import annotations

import polars as pl

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.long_lines import shorten_lines
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.registry_text import lines_of, read_lines
from autopilot_analysis.readers.text import decode

_HEADERS = ("Windows Registry Editor Version", "REGEDIT4")
_SILENT = r"^\s*(?:;|Windows Registry Editor Version|REGEDIT4)"


def read_registry_export(content: bytes, member: str = "") -> Reading:
    """Return the values of a standard .reg file.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Returns:
        A reading of registry_values: `record` is the line a value begins on; deletions are rows of kind
        REG_DELETED without a value.

    Raises:
        NotThisFormat: The first line that says anything is not one of the two headers.
    """
    content, unread = shorten_lines(content)
    text = decode(content)
    if not text.lstrip().startswith(_HEADERS):
        raise NotThisFormat(
            f"{member or 'the file'} lacks the header of a registry export; try it as a dump."
        )
    reading = read_lines(_whole_lines(lines_of(text)), escaped=True, silent=_SILENT)
    return Reading(reading.rows, (*unread, *reading.unread))


def _whole_lines(lines: pl.DataFrame) -> pl.DataFrame:
    r"""Return lines with those that a closing backslash continues joined to one, numbered by the first.

    Only bytes in hex go on that way: before the backslash stands a comma, or the colon of `hex:`.
    """
    end = pl.col("line").str.strip_chars_end()
    goes_on = end.str.ends_with(",\\") | end.str.ends_with(":\\")
    marked = lines.with_columns(goes_on=goes_on).with_columns(
        goes_on_from=pl.col("goes_on").shift(1, fill_value=False)
    )
    if not marked["goes_on"].any():
        return lines
    part = pl.when("goes_on").then(end.str.strip_suffix("\\")).otherwise("line")
    return (
        marked.with_columns(whole=(~pl.col("goes_on_from")).cum_sum())
        .with_columns(line=pl.when("goes_on_from").then(part.str.strip_chars_start()).otherwise(part))
        .group_by("whole", maintain_order=True)
        .agg(pl.col("record").first(), pl.col("line").str.join(""))
        .select("record", "line")
    )
