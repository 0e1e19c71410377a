"""One line a device: what came of it, why, and what nobody could have seen."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.tables import Findings, Tables, Trace

COUNTED = {"failed": "failed", "unfinished": "not finished when collected", "succeeded": "succeeded"}


def _state(device: dict[str, object], attempts: pl.DataFrame) -> list[str]:
    """What the device is and what came of its attempts, in words."""
    registered = {
        True: "registered for Autopilot",
        False: "not registered for Autopilot",
        None: "registration unknown",
    }
    enrolled = {True: "enrolled", False: "not enrolled", None: "enrolment unknown"}
    words = [registered[device["registered"]], enrolled[device["enrolled"]]]  # type: ignore[index]
    for outcome, phrase in COUNTED.items():
        n = attempts.filter(pl.col("outcome") == outcome).height
        if n:
            words.append(f"{n} attempt{'s' if n > 1 else ''} {phrase}")
    if not {"failed", "unfinished"} & set(attempts["outcome"].cast(pl.String)):
        words.append("nothing failed in what was seen")
    return words


def conclude(tables: Tables, trace: Trace, findings: Findings) -> pl.DataFrame:
    """Return the verdict on each device.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
        findings: What `find` returned.

    Returns:
        device, verdict (what came of it), cause (titles of the findings that explain a failure, null when
        none does), confidence (of the first cause), and not_seen (sources that were absent or partial: a
        problem they alone would show is neither found nor excluded).
    """
    rows = []
    for device in tables.devices.iter_rows(named=True):  # one row a device
        key = device["device"]
        attempts = trace.attempts.filter(pl.col("device") == key)
        causes = findings.findings.filter(
            pl.col("device") == key, pl.col("role") == "cause", pl.col("severity") != "info"
        )
        unseen = tables.coverage.filter(
            pl.col("device") == key,
            pl.col("presence").is_in(["absent", "partial"]),
            pl.col("shows").is_not_null(),
        )
        verdict = "; ".join(_state(device, attempts))
        rows.append(
            {
                "device": key,
                "verdict": verdict[:1].upper() + verdict[1:],
                "cause": "; ".join(causes["title"]) or None,
                "confidence": causes["confidence"].max() if causes.height else None,
                "not_seen": ", ".join(unseen["source"]) or None,
            }
        )
    schema = {
        "device": pl.String,
        "verdict": pl.String,
        "cause": pl.String,
        "confidence": pl.Float64,
        "not_seen": pl.String,
    }
    return pl.DataFrame(rows, schema=schema)
