"""What a value of the registry, of the image or of a policy, switches off, together with what failed for it.

Each row of facts/switched_off.csv names the places of a value and what it lets fail, as signs. A value alone
is no finding: the failure that it explains must be there as well, and a failure alone is not laid to it.
"""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts import SEVERAL, read_facts
from autopilot_analysis.findings.looking import RECORD, in_attempts, unwell
from autopilot_analysis.findings.rule import all_proofs, proof, rule
from autopilot_analysis.findings.signs.pools import Evidence
from autopilot_analysis.findings.signs.signs import gather, match
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.items import CALLED
from autopilot_analysis.tables.verdict import INFO

FAILURE = ["device", "attempt", "code", "item", "severity"]
"""What one failure is: the value that explains it is shown with each."""


@rule("SWITCHED-OFF", needs="registry | property=ExternallyManagedStatus")
def switched_off(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Values that switch off what failed for want of it; `info` where the attempt went well all the same."""
    evidence = gather(tables, trace)
    found = []
    for name, place, failure in _known().iter_rows():
        values = match(place, evidence)
        if values.is_empty():
            continue
        values = values.select("device", "member", "record", "detail")
        met = match(whole_sign(place, failure), evidence)
        failures = _weighed(met.join(values, on=RECORD, how="anti", nulls_equal=True), evidence)
        shown = values.join(failures.select(FAILURE).unique(maintain_order=True), on="device")
        found += [proof(rows.with_columns(rule=pl.lit(name))) for rows in (shown, failures)]
    return all_proofs(found)


def _known() -> pl.DataFrame:
    return read_facts("switched_off").select("rule", "place", "failure")


def whole_sign(place: str, failure: str) -> str:
    """Return one sign that holds where any of some places and any of some failures holds.

    Args:
        place: A sign of values.
        failure: A sign of what failed.
    """
    return SEVERAL.join(
        f"{value}; {lost}" for value in place.split(SEVERAL) for lost in failure.split(SEVERAL)
    )


def _weighed(failures: pl.DataFrame, evidence: Evidence) -> pl.DataFrame:
    """Return failures with their record's attempt and item, at `info` outside attempts that failed."""
    tries = evidence.trace.installs.select(*RECORD, kept="attempt", item=CALLED).unique(
        RECORD, keep="first", maintain_order=True
    )
    placed = in_attempts(failures, evidence.trace).join(tries, on=RECORD, how="left", maintain_order="left")
    bad = unwell(evidence.trace).select("device", "attempt", bad=pl.lit(value=True))
    known = placed.with_columns(attempt=pl.coalesce("kept", "attempt"))
    weighed = known.join(bad, on=["device", "attempt"], how="left", maintain_order="left")
    quiet = pl.when(pl.col("bad").is_null()).then(pl.lit(INFO))
    return weighed.with_columns(severity=quiet.otherwise(pl.lit(None, dtype=pl.String)))
