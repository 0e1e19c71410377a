"""Errors that were read and that no finding explains, in words for a verdict that would else say nothing."""

from __future__ import annotations

import polars as pl

from autopilot_analysis import quoting, wording
from autopilot_analysis.codes import code_of
from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.error_records import script_error
from autopilot_analysis.facts.result_words import in_english
from autopilot_analysis.findings.answers.made_good import failures_before
from autopilot_analysis.findings.looking import RECORD, keyed_events, once
from autopilot_analysis.tables import Findings, Tables, Trace
from autopilot_analysis.tables.verdict import ERROR
from autopilot_analysis.trace.installs.policies import no_fault

UP_TO_ERROR = 2
"""Level of an error; a lower one that is not 0 is worse."""
OF_DEPLOYMENT = "^(?:ap|prov|dm|udr|aad|connector|hello|laps|bitlocker):"
"""Keys of the providers that write of deployment, identity and management alone."""
MANAGEMENT = "dm"
"""The key of device management's provider."""
QUOTED = 240
"""So many signs of the first error are quoted."""


@once
def unexplained(tables: Tables, trace: Trace, findings: Findings, device: str) -> pl.DataFrame:
    """Return the error records of a device that prove no finding, in the order of their files.

    Columns are those that tell one record from every other, and quote.

    A record that somebody quoted without its level is one where it holds a result code. What failed and went
    through later is explained by that; a refusal after which nothing is missing needs no explanation.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
        findings: What `find` returned.
        device: Its key.
    """
    level = pl.col("level")
    bad = level.is_between(1, UP_TO_ERROR) | (level.is_null() & pl.col("code").is_not_null())
    events = keyed_events(tables).filter(
        pl.col("device") == device, bad, pl.col("key").str.contains(OF_DEPLOYMENT)
    )
    named = pl.format("{} event {}: {}", "provider", "event_id", pl.col("data").fill_null(""))
    lines = _unusual(tables.log_lines.filter(pl.col("device") == device))
    errors = pl.concat(
        [events.select(*RECORD, quote=named), lines.select(*RECORD, quote=pl.col("message"))]
    ).join(findings.evidence, on=RECORD, how="anti")
    if errors.height:
        well = trace.installs.filter(pl.col("reason").is_in(no_fault()))
        errors = errors.join(well, on=RECORD, how="anti")
        errors = errors.join(harmless(tables, device), on=RECORD, how="anti")
        errors = errors.join(failures_before(tables, trace), on=RECORD, how="anti")
    return errors.sort("member", "record")


def harmless(tables: Tables, device: str) -> pl.DataFrame:
    """Return the error records of a device that are known to do no harm wherever they stand, in order.

    Columns are those that tell one record from every other, quote, and the reason.

    Args:
        tables: What `read_tables` returned.
        device: Its key.
    """
    own = pl.col("device") == device
    refusals = read_facts("usual_refusals")
    keys = [f"{MANAGEMENT}:{event}" for event in refusals["event"].unique()]
    events = keyed_events(tables).filter(own, pl.col("key").is_in(keys))
    code = pl.coalesce("code", code_of(pl.col("data").str.json_path_match("$.HexInt1"), "failure"))
    events = events.with_columns(code=code)
    errors = tables.log_lines.filter(own, pl.col("severity") == ERROR)
    known = [errors.select(*RECORD, quote="message", reason=pl.lit("")).clear()]
    there = set(events["key"])
    for event, node, codes, reason in refusals.select("event", "node", "codes", "reason").iter_rows():
        if (key := f"{MANAGEMENT}:{event}") not in there:
            continue
        alike = pl.col("data").str.contains(node) & pl.col("code").str.contains(codes)
        met = events.filter(pl.col("key") == key, alike)
        known.append(met.select(*RECORD, quote="data", reason=pl.lit(reason)))
    if errors.height:
        facts = read_facts("usual_errors").drop_nulls("harmless")
        for pattern, reason in facts.select("pattern", "reason").iter_rows():
            lines = errors.filter(pl.col("message").str.contains(pattern))
            known.append(lines.select(*RECORD, quote="message", reason=pl.lit(reason)))
    return pl.concat(known).sort("member", "record").unique(RECORD, keep="first", maintain_order=True)


def _unusual(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the errors among the log lines of a device that healthy devices do not write as well.

    What facts/usual_errors.csv knows is usual until what shows that it is over (`until`), and without that
    until the record from which on it is none (`unless`).
    """
    errors = lines.filter(pl.col("severity") == ERROR)
    if errors.is_empty():
        return errors
    for fact in read_facts("usual_errors").iter_rows(named=True):
        alike = pl.col("message").str.contains(fact["pattern"])
        if not errors.select(alike.any()).item():
            continue
        ordered = lines.sort("written_at", "member", "record", nulls_last=True).with_row_index("place")
        met = {name: pl.col("message").str.contains(fact[name]) for name in ("until", "unless")}
        over = ordered.filter(met["until"])["place"].max()
        begun = ordered.filter(met["unless"])["place"].min()
        usual = pl.lit(value=True) if begun is None else pl.col("place") < begun
        usual = usual | (pl.lit(value=False) if over is None else pl.col("place") < over)
        errors = errors.join(ordered.filter(alike, usual), on=RECORD, how="anti")
    return errors


def error_words(errors: pl.DataFrame) -> str:
    """Return how many errors nothing explains, and what the first says; empty without one.

    Args:
        errors: What `unexplained` returned.
    """
    if errors.is_empty():
        return ""
    first = str(errors["quote"][0])
    if (met := script_error(first)) is not None:
        first = f"{met.command} : {met.message} ({met.script}, line {met.line})"
    head, _, data = first.partition(": ")
    words = f"{head}: {quoting.fields(data)}" if data.startswith("{") else " ".join(first.split())
    words = words.removesuffix(": {}").removesuffix(":")
    quote = quoting.shortened(words, QUOTED)
    count = wording.count(errors.height, "error record")
    if known := in_english(words):
        meaning, look = known
        quote = f'{quote.rstrip(".")}. Its words are those of Windows for "{meaning}"'
        quote = f"{quote}; {look}" if look else quote
    if errors.height == 1:
        return f"{count} was read and is not known: {quote}"
    return f"{count} were read and none is known; the first: {quote}"
