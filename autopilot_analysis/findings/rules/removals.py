"""Apps that were to be removed and were not, and what was not begun for that, as in a supersedence."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts.guids import GUID
from autopilot_analysis.findings.rule import all_proofs, proof, rule
from autopilot_analysis.findings.rules.dependencies import BEGUN, graphs
from autopilot_analysis.findings.rules.page_tries import (
    IS_REMOVAL,
    ITEM,
    OPEN,
    blamed_tries,
    cause_lines,
    how_it_ended,
)
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.items import CALLED
from autopilot_analysis.tables.outcomes import FAILED_TRIES
from autopilot_analysis.tables.verdict import WARNING

OWN_NAME = CALLED


def failed_removals(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return tries to remove an app that failed, or did not do it, in the phase of the page that failed."""
    return blamed_tries(tables, trace, FAILED_TRIES).filter(IS_REMOVAL)


def held_back(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return apps that the page waited for and that were not begun, beside an app that could not be removed.

    Both stand in one graph, as the agent's own line of it or the policy of one of them says.

    Returns:
        The rows of their tries, with `removed`, the item of that app.
    """
    removed = failed_removals(tables, trace).select("device", "attempt", removed="item").unique()
    idle = blamed_tries(tables, trace, ["failed", *OPEN]).filter(~BEGUN, ~IS_REMOVAL)
    if removed.is_empty() or idle.is_empty():
        return idle.clear().with_columns(removed=pl.lit(None, dtype=pl.String))
    pairs = idle.join(removed, on=["device", "attempt"], maintain_order="left")
    met = [pl.col(name).str.to_lowercase().alias(f"low_{name}") for name in ("item", "removed")]
    keys = ["device", "low_item", "low_removed"]
    together = pairs.with_columns(met).join(_pairs(tables, trace), on=keys, how="semi", maintain_order="left")
    return together.drop("low_item", "low_removed").unique([*ITEM, "removed"], maintain_order=True)


def _pairs(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return which apps belong together: device, low_item, low_removed, in both directions."""
    links = pl.col("detail").str.json_path_match("$.links").str.to_lowercase().str.extract_all(GUID)
    own = pl.concat_list(pl.col("item").str.to_lowercase(), links.fill_null([]))
    groups = pl.concat([graphs(tables), trace.installs.select("device", ids=own)])
    one = groups.unique().select("device", "ids", low_item="ids").explode("low_item")
    return one.explode("ids").rename({"ids": "low_removed"}).unique()


@rule("ESP-APP-NOT-REMOVED", needs="failed=device_setup,account_setup; install=failed,not_detected")
def not_removed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps that could not be removed in a phase of the page that failed, with what was not begun for that.

    The page waits for apps that are to be installed: where none is seen to hang on the removal, it is no more
    than a warning.
    """
    idle = held_back(tables, trace)
    failed = _named(failed_removals(tables, trace), idle)
    found_later = pl.when(pl.col("detected")).then(pl.lit("; it was found afterwards")).fill_null("")
    words = pl.concat_str(pl.lit("its removal (execution type Uninstall): "), how_it_ended(), found_later)
    about = failed.select("device", "attempt", "about", "severity", removed="item")
    waiting = idle.join(about, on=["device", "attempt", "removed"], maintain_order="left")
    not_begun = pl.format("{} was not begun, outcome {}", OWN_NAME, pl.col("outcome").cast(pl.String))
    own_lines = cause_lines(failed.with_columns(name="about"))
    return all_proofs([
        proof(failed, words, pl.col("about")),
        own_lines,
        proof(waiting.drop("code"), not_begun, pl.col("about")),
    ])  # fmt: skip


def _named(failed: pl.DataFrame, idle: pl.DataFrame) -> pl.DataFrame:
    """Return failed removals with what the finding is about, and with the weight that this gives them."""
    names = idle.group_by("device", "attempt", item="removed").agg(
        successors=OWN_NAME.unique(maintain_order=True).str.join(", ")
    )
    joined = failed.join(names, on=ITEM, how="left", maintain_order="left")
    tracked = pl.col("successors").is_not_null() | pl.col("blocking").fill_null(value=False)
    return joined.with_columns(
        about=pl.coalesce(pl.format("{}, and not begun because of it: {}", OWN_NAME, "successors"), OWN_NAME),
        severity=pl.when(~tracked).then(pl.lit(WARNING)),
    )
