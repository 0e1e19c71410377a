"""Since when Entra refuses sign-ins that an enrolment needs, and what was changed near that day."""

from __future__ import annotations

import json
from collections.abc import Iterator

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.findings.service.sign_ins import TARGET, WENT_WELL, of_enrollment, refused
from autopilot_analysis.fleet.explanation.days.series import FALSE_ALARM
from autopilot_analysis.fleet.explanation.explain import explain
from autopilot_analysis.fleet.explanation.fleet_findings import of_fleet
from autopilot_analysis.fleet.explanation.groups.few import LEAST_HITS_OF_FEW
from autopilot_analysis.fleet.explanation.lists.differences import NEAR_THAT_DAY, Difference, changed_near

LOOK_BACK = (
    f"Look in Entra's audit log for what was changed in Conditional Access {NEAR_THAT_DAY}, "
    "and take that back or exempt the app"
)


def are_dated(sign_ins: pl.DataFrame) -> bool:
    """Tell whether enough refused sign-ins of an enrolment lie on several days, so that days are compared.

    Args:
        sign_ins: The table `sign_ins`.
    """
    often = refused(of_enrollment(sign_ins)).filter(pl.len().over(TARGET, "code") >= LEAST_HITS_OF_FEW)
    return often.height > 0 and of_enrollment(sign_ins)["at"].dt.date().n_unique() > 1


def days_of_sign_ins(sign_ins: pl.DataFrame, candidates: pl.DataFrame | None) -> Iterator[Difference]:
    """Yield the day from which sign-ins to an app are refused more often, for each app and code with one.

    A user counts once a day, so that who tries again and again is no independent evidence.

    Args:
        sign_ins: The table `sign_ins`.
        candidates: What else happened, columns `at` and `what`.
    """
    ours = of_enrollment(sign_ins)
    often = refused(ours).group_by(TARGET, "code", maintain_order=True).len()
    asked = often.filter(pl.col("len") >= LEAST_HITS_OF_FEW).sort("len", descending=True)
    for target, code, _ in asked.iter_rows():
        own = ours.filter(pl.col(TARGET) == target, WENT_WELL | (pl.col("code") == code))
        changes = explain(_units(own), candidates=candidates).changes.with_columns(
            q=pl.col("q") * asked.height
        )
        risen = changes.filter(pl.col("after") > pl.col("before"), pl.col("q") < FALSE_ALARM, where="{}")
        if risen.height:  # the surest first; a day found beside it is of the same rise
            yield _day(target, code, risen.head(1))


def _units(rows: pl.DataFrame) -> pl.DataFrame:
    """Return one unit for each user and day: refused where any of that day's sign-ins was."""
    dated = rows.drop_nulls("at").with_row_index("row")
    who = pl.coalesce("user", pl.col("row").cast(pl.String))
    by_day = dated.sort("at").group_by(
        who.alias("who"), pl.col("at").dt.date().alias("on"), maintain_order=True
    )
    units = by_day.agg(started_at=pl.col("at").first(), hit=(~WENT_WELL).any())
    return units.select(
        "started_at",
        device=pl.concat_str("who", pl.col("on").cast(pl.String), separator=" "),
        outcome=pl.when("hit").then(pl.lit("failed")).otherwise(pl.lit("succeeded")),
    )


def _day(target: str, code: str, change: pl.DataFrame) -> Difference:
    row = change.row(0, named=True)
    name = f"{target} ({code})"
    until = f" until {wording.short_day(row['until'])}" if row["until"] else ""
    near = changed_near(row["candidate"])
    title = f"{name}: refused from {wording.short_day(row['at'])} on{until}, {wording.levels(row)}"
    stated = of_fleet(
        "FLEET-DAY",
        title=title,
        meaning=f"A user counts once a day. What is near need not be the reason.{near}",
        remedy=LOOK_BACK,
        item=target,
        confidence=1 - row["q"],
        at=row["at"],
    )
    named = pl.lit(json.dumps({"refused": name}, ensure_ascii=False))
    return Difference(("sign_in", target, code), stated, change=change.with_columns(where=named))
