"""Where a log of no known kind stops: its last line with a time, and how long after the first it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

import polars as pl

from autopilot_analysis import quoting, wording
from autopilot_analysis.facts.dated_lines import DatedLine, dated_line
from autopilot_analysis.facts.source_names import OWN_LOG
from autopilot_analysis.findings.answers.answer import Line
from autopilot_analysis.findings.answers.without_attempt.holdings import MOST_FILES
from autopilot_analysis.patterns import late
from autopilot_analysis.tables import Tables

LEAST = 2
"""Of fewer lines with a time nothing shows that they are a log."""
QUOTED = 160
"""So many signs of the last line are quoted."""
_ENDED = late(
    r"(?i)\b(?:done|finish(?:ed|ing)?|complet(?:ed|ion)|end(?:ed|s)?|exit(?:ed|ing|s)?|exit ?code|"
    r"stopp(?:ed|ing)|clos(?:ed|ing)|succe(?:ss\w{0,5}|eded)|beendet|fertig|abgeschlossen|termin[ée]\w?|finalizado)\b"
)
"""Words by which a program says that it ended, in several languages."""


def last_lines(tables: Tables, device: str) -> Iterator[Line]:
    """Yield where each of a few logs of no known kind stops, and after how long; no cause is drawn from it.

    Args:
        tables: What `read_tables` returned.
        device: The device's key.
    """
    own = pl.col("device") == device
    logs = tables.members.filter(own, pl.col("source") == OWN_LOG).sort("member")["member"]
    for member in logs if logs.len() <= MOST_FILES else []:
        rows = tables.log_lines.filter(own, pl.col("member") == member).sort("record")
        dated = [
            (record, line, moment)
            for record, text, moment in rows.select(
                "record", "message", pl.coalesce("written_at", pl.col("at").dt.replace_time_zone(None))
            ).iter_rows()
            if (line := dated_line(text)) is not None
        ]
        if len(dated) < LEAST:
            continue
        (first, _, began), (last, line, ended) = dated[0], dated[-1]
        known = ended - began if began and ended else _on_one_day([one for _, one, _ in dated])
        name = f"{member}: the log" if logs.len() > 1 else "The log"
        after = f", {wording.span(known)} after its first with a time (line {first:,})" if known else ""
        stops = f"{name} stops at line {last:,}{after}: {quoting.in_quotes(quoting.cut(line.text, QUOTED))}."
        open_end = (
            "" if _ENDED.search(line.text) else " Whether the program ended there or hung is not known."
        )
        yield Line(f"{stops}{open_end}")


def _on_one_day(lines: Sequence[DatedLine]) -> timedelta | None:
    """Return how long lines run that name no day for certain; None where they are not of one day."""
    forwards = all(before.time <= after.time for before, after in pairwise(lines))
    same = len({line.day for line in lines}) == 1
    return lines[-1].time - lines[0].time if forwards and same else None
