"""How a remediation stands on a device, of what its detection found and what became of its fix."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import polars as pl

from autopilot_analysis.facts import one_each, read_facts
from autopilot_analysis.facts.own_words import plain
from autopilot_analysis.readers.service.report_columns import Report
from autopilot_analysis.readers.service.run_ids import run_items

OF_REMEDIATIONS = ("DeviceRunStatesByProactiveRemediation", "deviceRunStates")
"""The report of the Export API, and the resource of Graph."""
ENDED = ("issueFixed", "remediationFailed", "scriptError")
"""What a fix came to where it ran: that the detection found something before says nothing then."""


def remediation_states(report: Report) -> pl.Series:
    """Return one state for each row: of the fix where it ran, else of the detection.

    Args:
        report: One of `OF_REMEDIATIONS` under our column names.
    """
    detected, fixed = _part(report, "detection"), _part(report, "remediation")
    decides = fixed.is_in(ENDED) | ~fixed.is_in(list(_states().values()))
    return fixed.zip_with(decides.fill_null(value=False), detected).rename("state")


def remediation_names(report: Report) -> pl.Series:
    """Return the name of the remediation of each row, null where one id has several: no name of it then.

    Args:
        report: One of `OF_REMEDIATIONS` under our column names.
    """
    rows = pl.DataFrame([run_items(report), report.column("name")])
    one = pl.col("name").drop_nulls().n_unique().over("item") == 1
    return rows.select(pl.when(one).then("name").alias("name")).to_series()


def _part(report: Report, part: str) -> pl.Series:
    """Return the state of one part by its number or name, by the words of the portal, else as written."""
    columns = [report.column(name) for name in (part, f"{part}_said")]
    spelt = [
        pl.Series(each.name, [_states().get((part, plain(text or ""))) for text in each], dtype=pl.String)
        for each in columns
    ]
    written = [each.rename(f"{each.name} as written") for each in columns]
    return pl.DataFrame([*spelt, *written]).select(pl.coalesce(pl.all())).to_series().rename(part)


@cache
def _states() -> Mapping[tuple[str, str], str]:
    rows = one_each(read_facts("remediation_states"), "words").select("part", "words", "state")
    return {(part, plain(word)): state for part, word, state in rows.iter_rows()}
