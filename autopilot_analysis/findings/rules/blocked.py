"""Apps whose installer Windows did not let run: blocked by a guard, or for want of a runtime."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from autopilot_analysis.findings.rule import all_proofs, no_proof, rule
from autopilot_analysis.findings.rules.apps import (
    failed_before_an_open_end,
    failed_beside,
    failed_beside_the_end,
    failed_for_the_page,
    failed_outside,
    failed_without_a_deployment,
)
from autopilot_analysis.findings.rules.esp import app_failed, content_of_no_use, dependency_failed
from autopilot_analysis.findings.rules.open_apps import app_hung
from autopilot_analysis.findings.rules.preparation import preparation_item_failed
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.items import CALLED, itself
from autopilot_analysis.tables.verdict import INFO, WARNING
from autopilot_analysis.trace.installs.installers.blocks import blocking_events

FAILED_APPS: tuple[tuple[Callable[[Tables, Trace], pl.DataFrame], str | None], ...] = (
    (app_failed, None),
    (dependency_failed, None),
    (app_hung, None),
    (content_of_no_use, None),
    (preparation_item_failed, None),
    (failed_beside, INFO),
    (failed_outside, INFO),
    (failed_without_a_deployment, WARNING),
    (failed_before_an_open_end, None),
    (failed_beside_the_end, WARNING),
    (failed_for_the_page, WARNING),
)
"""The rules that say which apps failed, and how much it weighs there: what blocked one takes their place."""


@rule("APPS-BLOCKED", needs="install=failed,unfinished")
def blocked(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps that failed where Windows blocked their installer, under the rule of the record that says so."""
    guilty = _blocked_tries(tables, trace)
    return in_their_place(tables, trace, guilty)


def in_their_place(tables: Tables, trace: Trace, guilty: pl.DataFrame) -> pl.DataFrame:
    """Return the proofs of apps that failed, under the rule that says more of their try.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
        guilty: device, item as findings call it, and the rule; null for an app of which none says more.
    """
    if guilty.is_empty():
        return no_proof()
    found = []
    for failed, severity in FAILED_APPS:
        found_of = failed(tables, trace).drop("rule").with_columns(item=itself())
        rows = found_of.join(guilty, on=["device", "item"], maintain_order="left")
        weight = pl.lit(severity, pl.String) if severity else pl.col("severity")
        named = rows.filter(pl.col("rule").is_not_null())
        found.append(named.with_columns(severity=weight).select(no_proof().columns))
    return all_proofs(found)


def _blocked_tries(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return device, item as findings call it, and the rule of the record that explains its try."""
    place = {"cause_member": "member", "cause_record": "record"}
    records = blocking_events(tables.events).select(
        "device", "rule", *(pl.col(name).alias(of_try) for of_try, name in place.items())
    )
    tries = trace.installs.select("device", *place, item=CALLED)
    met = tries.join(records, on=["device", *place], maintain_order="left")
    return met.select("device", "item", "rule").unique(["device", "item"], keep="last", maintain_order=True)
