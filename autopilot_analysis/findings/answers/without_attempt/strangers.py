"""Texts of no known kind that show no device they are of, if they are of one at all."""

from __future__ import annotations

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts.listed_objects import UNCLAIMED
from autopilot_analysis.facts.source_names import LISTED_OBJECTS, OWN_LOG
from autopilot_analysis.findings.answers.without_attempt.script_words import script_verdict
from autopilot_analysis.findings.answers.without_attempt.unknown_errors import unexplained
from autopilot_analysis.tables import Findings, Tables, Trace

KINDS = {LISTED_OBJECTS: "Objects of no known kind", OWN_LOG: "A log of no known kind"}
"""Sources that any text of a form may be, and what one is called that tells nothing."""
BOTH = "Texts of no known kind"
NOBODYS = "nothing that was read shows which device it is of, if of one"
ASK = "Ask where it was taken from: which program wrote it, and on which computer."


def strange_verdict(tables: Tables, trace: Trace, findings: Findings, device: str) -> str | None:
    """Return the verdict on texts that are of no known kind and that no device shows itself in.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
        findings: What `find` returned.
        device: The key that the texts were given, for want of a device.

    Returns:
        None where anything tells of a device, or anything was found.
    """
    own = pl.col("device") == device
    members = tables.members.filter(own)
    sources = members["source"].unique()
    if sources.is_empty() or not sources.is_in(list(KINDS)).all():
        return None
    if _tells(tables, device) or any(
        frame.filter(own).height for frame in (trace.installs, trace.attempts, findings.findings)
    ):
        return None
    errors = unexplained(tables, trace, findings, device)
    if of_scripts := script_verdict(errors):
        return of_scripts
    kind = KINDS[sources[0]] if sources.len() == 1 else BOTH
    count = f"; {wording.count(errors.height, 'line calls itself an error', 'lines call themselves errors')}"
    return f"{kind}: {NOBODYS}{count if errors.height else ''}"


def _tells(tables: Tables, device: str) -> bool:
    """Tell whether a name, a serial, an event, a known object or a record of a known log stands there."""
    own = pl.col("device") == device
    named = tables.devices.filter(own, pl.any_horizontal(pl.col("name", "serial").is_not_null()))
    known = tables.properties.filter(own, ~pl.col("section").str.starts_with(UNCLAIMED))
    objects = tables.members.filter(own, pl.col("source") == LISTED_OBJECTS)["member"].implode()
    records = tables.log_lines.filter(own, pl.col("member").is_in(objects))
    return any(frame.height for frame in (named, known, records, tables.events.filter(own)))
