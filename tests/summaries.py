"""Incidents made by hand for the sentences of a postmortem, and what is told of them."""

from dataclasses import replace

import polars as pl

from autopilot_analysis.fleet.frames import with_columns_of
from autopilot_analysis.fleet.postmortem.citations import list_remedies
from autopilot_analysis.fleet.postmortem.impact import measure_impact
from autopilot_analysis.fleet.postmortem.prose import tell_summary
from autopilot_analysis.tables import SCHEMAS

NO_REMEDY = pl.DataFrame(schema={"remedy": pl.String})
LOST = ("NETWORK", "The device never reached the internet", "Check the cable")
HUNG = ("APP-HUNG", "An app was not finished", "Make it silent")


def summary(case):
    """The paragraphs by their headings."""
    return dict(tell_summary(case, measure_impact(case), NO_REMEDY).paragraphs)


def summary_with_remedies(case):
    """The paragraphs by their headings, with what mends the causes."""
    return dict(tell_summary(case, measure_impact(case), list_remedies(case)).paragraphs)


def failures(case_of, count=6):
    """The incident of as many devices that failed, beside one that succeeded."""
    rows = [(f"D{n}", None, 0, 30, "failed", True) for n in range(count)]
    return case_of([*rows, ("R", None, 0, 30, "succeeded", False)])


def proven(case, *causes):
    """The incident with causes that captures prove: device, rule, title, remedy."""
    rows = [
        {
            "device": device,
            "rule": rule,
            "title": title,
            "remedy": remedy,
            "role": "cause",
            "severity": "high",
        }
        for device, rule, title, remedy in causes
    ]
    found = pl.concat([SCHEMAS["findings"].create_empty(), pl.DataFrame(rows)], how="diagonal_relaxed")
    return replace(case, where={}, fleet=replace(case.fleet, findings=found))


def one_of_the_service(case_of, code):
    """The incident of one attempt that the service tells of with a code."""
    case = case_of([("A", None, 0, 21, "failed", True)])
    known = case.judged.with_columns(code=pl.lit(code), failed_stage=pl.lit("device_setup"))
    known = with_columns_of(known, SCHEMAS["deployments"].column_names())
    return replace(case, where={}, judged=known, fleet=replace(case.fleet, deployments=known))
