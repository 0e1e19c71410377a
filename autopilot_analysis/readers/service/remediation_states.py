"""How a remediation stands on a device, of what its detection found and what became of its fix."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import polars as pl

from autopilot_analysis.facts import one_each, read_facts
from autopilot_analysis.facts.own_words import plain
from autopilot_analysis.readers.service.report_columns import Report

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
    return fixed.zip_with(fixed.is_in(ENDED), detected).rename("state")


def remediation_ids(report: Report) -> pl.Series:
    """Return the id of the remediation of each row; Graph writes it before that of the device.

    Args:
        report: One of `OF_REMEDIATIONS` under our column names.
    """
    return _id_of(report, "item", 0)


def run_devices(report: Report) -> pl.DataFrame:
    """Return the cells that say whose run each row is, by the id of the run where nothing else does.

    Args:
        report: One of `OF_REMEDIATIONS` under our column names.
    """
    own = report.cells.drop("name", strict=False).rename({"computer": "name"}, strict=False)
    return own.with_columns(_id_of(report, "intune_device_id", 1))


def _id_of(report: Report, column: str, part: int) -> pl.Series:
    cells = report.column(column)
    of_run = report.column("run").str.split("_").list.get(part, null_on_oob=True)
    return cells.zip_with(cells.is_not_null(), of_run).rename(column)


def remediation_names(report: Report) -> pl.Series:
    """Return the name of the remediation of each row, null where one id has several: no name of it then.

    Args:
        report: One of `OF_REMEDIATIONS` under our column names.
    """
    rows = pl.DataFrame([remediation_ids(report), report.column("name")])
    one = pl.col("name").drop_nulls().n_unique().over("item") == 1
    return rows.select(pl.when(one).then("name").alias("name")).to_series()


def _part(report: Report, part: str) -> pl.Series:
    """Return the state of one part by its number or name, else by the words of the portal."""
    columns = [report.column(name) for name in (part, f"{part}_said")]
    spelt = pl.DataFrame(
        pl.Series(each.name, [_states().get((part, plain(text or ""))) for text in each], dtype=pl.String)
        for each in columns
    )
    return spelt.select(pl.coalesce(pl.all())).to_series().rename(part)


@cache
def _states() -> Mapping[tuple[str, str], str]:
    rows = one_each(read_facts("remediation_states"), "words").select("part", "words", "state")
    return {(part, plain(word)): state for part, word, state in rows.iter_rows()}
