"""What log, events and registry say about the same item, where they disagree, and which one was believed."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.tables import Tables
from autopilot_analysis.trace.installs.agent.tries import read_installs_from_log
from autopilot_analysis.trace.installs.build import best_claims
from autopilot_analysis.trace.installs.events import read_installs_from_events
from autopilot_analysis.trace.installs.registry.tries import read_registry_claims

_KEYS = ["device", "item"]
_FINAL = ["succeeded", "failed", "skipped", "not_detected"]


def find_conflicts(
    tables: Tables, installs: pl.DataFrame, report: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return the items whose final state is told differently by different sources.

    Sources that say nothing final about an item disagree with nobody: an open try is no contradiction. The
    agent's own registry state and the status page's may differ from each other too; both then stand in
    `registry`, the nearer one to the installer first.

    Args:
        tables: What `read_tables` returned.
        installs: What `build_installs` made of them.
        report: Intune's own view: columns device, item, outcome; when not given, the item statuses
            in `tables`.

    Returns:
        Columns device, item, name, registry, log, events, report (outcomes as each tells them, null where it
        is silent), believed (the outcome in `installs`), why.
    """
    claims = read_registry_claims(tables.registry_values)
    final = claims.filter(pl.col("outcome").is_in(_FINAL))
    registry = final.group_by(_KEYS).agg(
        registry=pl.concat_str("place", pl.lit(": "), "outcome").unique(maintain_order=True).str.join(", "),
        kinds=pl.col("outcome").replace("not_detected", "failed").unique(),
    )
    log = _last(read_installs_from_log(tables.log_lines), "log")
    events = _last(read_installs_from_events(tables.events, best_claims(claims)), "events")
    view = _reported(tables.item_statuses) if report is None else report.with_columns(try_number=1)
    last_report = _last(view, "report")
    believed = _last(installs, "believed").join(_names(installs), on=_KEYS, how="left")
    rows = believed.with_columns(pl.col("believed"))
    for frame in (registry, log, events, last_report):
        rows = rows.join(frame, on=_KEYS, how="left", maintain_order="left")
    statement = pl.concat_list(
        pl.col("kinds").fill_null([]),
        *(pl.concat_list(name).list.drop_nulls() for name in ("log", "events", "report")),
    )
    spread = statement.list.eval(
        pl.element().replace("not_detected", "failed").filter(pl.element().is_in(_FINAL))
    ).list.unique()
    best = best_claims(claims).select(*_KEYS, nearest="outcome")
    return (
        rows.filter(spread.list.len() > 1)
        .join(best, on=_KEYS, how="left", maintain_order="left")
        .with_columns(why=_why())
        .select(*_KEYS, "name", "registry", "log", "events", "report", "believed", "why")
        .sort(_KEYS)
    )


def _reported(item_statuses: pl.DataFrame) -> pl.DataFrame:
    """Return Intune's own view of each item, the last row counting; unlisted states are left out."""
    facts = read_facts("install_states").filter(pl.col("scale") == "report")
    outcome = (
        pl.col("state")
        .str.to_lowercase()
        .replace_strict(
            facts["value"].str.to_lowercase(), facts["outcome"], default=None, return_dtype=pl.String
        )
    )
    rows = item_statuses.select(
        "device", pl.col("item").str.to_lowercase(), outcome=outcome, try_number=pl.col("at")
    )
    return rows.drop_nulls(["device", "item", "outcome"])


def _last(installs: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return the outcome of the last try of each item."""
    return (
        installs.sort("try_number")
        .group_by(_KEYS, maintain_order=True)
        .agg(pl.col("outcome").last().alias(name))
    )


def _names(installs: pl.DataFrame) -> pl.DataFrame:
    return installs.group_by(_KEYS).agg(pl.col("name").drop_nulls().last())


def _why() -> pl.Expr:
    """Return the reason for the choice, in one sentence."""
    final = pl.col("log").is_in(_FINAL)
    heard = pl.col("events").is_in(_FINAL)
    return (
        pl.when(final & (pl.col("believed") == pl.col("log")))
        .then(
            pl.lit(
                "the log shows the try itself; the registry may be left over from before or be written later"
            )
        )
        .when(heard & (pl.col("believed") == pl.col("events")))
        .then(pl.lit("the event was written by the installer's own service at that moment"))
        .when(pl.col("believed") == pl.col("nearest"))
        .then(pl.lit("no log shows how it ended; the registry place nearest to the installer was taken"))
        .otherwise(pl.lit("the nearest source that says anything final was taken"))
    )
