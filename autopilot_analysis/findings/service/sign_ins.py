"""What Entra's log of sign-ins says of enrolment: what was refused then, and at the device right after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cache
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.codes import explain as explain_code
from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.service.item_states import QUOTED
from autopilot_analysis.findings.service.texts import commonest_statement, means
from autopilot_analysis.tables.items import APP, nameless
from autopilot_analysis.tables.verdict import CAUSE, CONSEQUENCE, HIGH

TARGET = "target"
THROUGH_WITHIN = timedelta(hours=1)
"""Who signs in to the same app so soon after has got through."""
AFTER_ENROLMENT = timedelta(hours=8)
"""Who enrols signs in to Windows within so long: after a restart, or once device setup is over."""
WINDOWS = "Windows"
AT_THE_DEVICE = (
    "A user signs in to Windows after a restart in device setup, or at its end; no later sign-in of the same "
    "user to Windows went well."
)
SHUT_OUT_REMEDY = (
    "Look the code up in the sign-in log of Entra, mend what it names, and let the user sign in again "
    "at the device"
)
WENT_WELL = pl.col("code").is_null()
TO_OTHERS = "Of those to other apps"
MOST_CODES = 3
"""Apps and codes that are named of sign-ins to other apps, those that are there most often."""


def of_enrollment(sign_ins: pl.DataFrame) -> pl.DataFrame:
    """Return the sign-ins to what an enrolment needs, with `target`: the app, else the service it asked for.

    Args:
        sign_ins: The table `sign_ins`.
    """
    return _with_target(sign_ins).drop_nulls(TARGET)


def of_others(sign_ins: pl.DataFrame) -> pl.DataFrame:
    """Return the sign-ins to any other app.

    Args:
        sign_ins: The table `sign_ins`.
    """
    return _with_target(sign_ins).filter(pl.col(TARGET).is_null()).drop(TARGET)


def shut_out(sign_ins: pl.DataFrame) -> pl.DataFrame:
    """Return the sign-ins to Windows that were refused after the same person's enrolment had gone well.

    Who got in later was not shut out, and neither was one on another device than the one that enrolled.

    Args:
        sign_ins: The table `sign_ins`.
    """
    shuts = read_facts("ordinary_sign_ins").filter(pl.col("shuts_out").is_null())["code"]
    to_windows = _to_windows(of_others(sign_ins)).drop_nulls(["user", "at"]).sort("at")
    stopped = to_windows.filter(~WENT_WELL, ~pl.col("code").is_in(shuts.implode())).with_row_index("row")
    well = of_enrollment(sign_ins).filter(WENT_WELL).drop_nulls(["user", "at"]).sort("at")
    if stopped.is_empty() or well.is_empty():
        return stopped.drop("row").clear()
    began = well.select("user", enrolled_at="at", enrolled="device")
    after = stopped.join_asof(
        began,
        left_on="at",
        right_on="enrolled_at",
        by="user",
        tolerance=AFTER_ENROLMENT,
        check_sortedness=False,
    ).drop_nulls("enrolled_at")
    in_later = to_windows.filter(WENT_WELL).group_by("user").agg(in_at=pl.col("at").max())
    left = after.join(in_later, on="user", how="left", maintain_order="left")
    elsewhere = (pl.col("device") != pl.col("enrolled")).fill_null(value=False)
    got_in = (pl.col("in_at") > pl.col("at")).fill_null(value=False)
    return left.filter(~elsewhere, ~got_in).select(sign_ins.columns)


def _to_windows(others: pl.DataFrame) -> pl.DataFrame:
    apps = read_facts("windows_sign_ins")
    by_id = pl.col("app_id").str.to_lowercase().is_in(apps["app_id"].implode())
    return others.filter(by_id.fill_null(value=False) | pl.col("app").is_in(apps["app"].implode()))


def _with_target(sign_ins: pl.DataFrame) -> pl.DataFrame:
    apps = read_facts("sign_in_apps")
    names, ids = apps["app"].to_list(), dict(apps.select("app_id", "app").iter_rows())
    by_id = pl.col("app_id").str.to_lowercase().replace_strict(ids, default=None, return_dtype=pl.String)
    by_name = [pl.when(pl.col(column).is_in(names)).then(pl.col(column)) for column in ("app", "resource")]
    return sign_ins.with_columns(pl.coalesce(by_id, *by_name).alias(TARGET))


def refused(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the sign-ins that were refused for a reason that is not of every day.

    What the tenant decided stays so; anything else that the same person got through soon after is a step.

    Args:
        rows: Of the table `sign_ins`.
    """
    stopped = rows.filter(~WENT_WELL, ~pl.col("code").is_in(list(_ordinary()))).with_row_index("row")
    well = rows.filter(WENT_WELL).select("user", "app", well_at="at").drop_nulls().sort("well_at")
    tried = stopped.select("row", "user", "app", "at").drop_nulls().sort("at")
    later = tried.join_asof(
        well,
        left_on="at",
        right_on="well_at",
        by=["user", "app"],
        strategy="forward",
        tolerance=THROUGH_WITHIN,
        check_sortedness=False,
    )
    through = later.drop_nulls("well_at")["row"].implode()
    decided = pl.col("code").is_in(read_facts("tenant_decisions")["code"].implode())
    return stopped.filter(decided | ~pl.col("row").is_in(through)).drop("row")


def refused_sign_ins(sign_ins: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield one finding for each app of enrolment and each code of a refusal, the most frequent first.

    Args:
        sign_ins: The table `sign_ins`.
    """
    ours = of_enrollment(sign_ins)
    kinds = refused(ours).group_by(TARGET, "code", maintain_order=True)
    found = [(rows.height, target, code, rows) for (target, code), rows in kinds]
    for _, target, code, rows in sorted(found, key=lambda one: -one[0]):
        yield _refusal(str(target), str(code), rows, ours.filter(pl.col(TARGET) == target))
    out = shut_out(sign_ins)
    for (code,), rows in out.group_by("code", maintain_order=True):
        yield _shut_out(str(code), rows)


def _shut_out(code: str, rows: pl.DataFrame) -> dict[str, Any]:
    """Return the finding on refusals of Windows' own sign-in, once those of enrolment had gone well."""
    refusal = _refusal(WINDOWS, code, rows, rows)
    people = wording.count(rows["user"].n_unique(), "user")
    times = wording.count(rows.height, "time")
    own = commonest_statement(rows["failure_text"])
    words = f" {means(None, own)}." if own and own not in refusal["meaning"] else ""
    return refusal | {
        "rule": "FLEET-SIGN-IN-SHUT-OUT",
        "title": f"The enrolment's sign-ins went well; afterwards Windows' own sign-in was refused {times} "
        f"({code}), to {people}",
        "meaning": f"{refusal['meaning']}{words} {AT_THE_DEVICE}",
        "remedy": refusal["remedy"] or SHUT_OUT_REMEDY,
    }


def _refusal(target: str, code: str, rows: pl.DataFrame, to_it: pl.DataFrame) -> dict[str, Any]:
    known = explain_code(code)
    sure = known.certainty != "unknown"
    users, times = rows["user"].drop_nulls().n_unique(), rows["at"].drop_nulls().sort()
    first = times[0] if times.len() else None
    before = to_it.filter(WENT_WELL, pl.col("at") < first).height if first else 0
    whole = wording.count(to_it.height, "sign-in")
    people = f", of {wording.count(users, 'user')}" if users else ""
    meant = means(known.meaning if sure else None, "" if sure else commonest_statement(rows["failure_text"]))
    policies = rows["policy"].drop_nulls().value_counts(sort=True)
    named = ", ".join(f"{name} ({number:,})" for name, number in policies.head(3).iter_rows())
    span = (
        f"The first was at {wording.in_zone(first)}, the last at {wording.in_zone(times[-1])}"
        if first
        else ""
    )
    earlier = f"; {before:,} had gone well before the first" if before else ""
    parts = (meant, f"Refused by the policy {named}." if named else "", f"{span}{earlier}." if span else "")
    return {
        "subject": ("sign_in", target, code),
        "device": "fleet",
        "rule": "FLEET-SIGN-IN-REFUSED",
        "severity": HIGH,
        "role": CAUSE if sure and known.remedy else CONSEQUENCE,
        "confidence": 1.0,
        "at": first,
        "code": code,
        "title": f"{target}: {rows.height:,} of {whole} refused ({code}){people}",
        "meaning": " ".join(filter(None, parts)),
        "remedy": known.remedy if sure else None,
        "page": known.page if sure else None,
        "item": target,
        "quotes": [
            f"{row['user'] or row['device'] or 'a sign-in'}: {target} refused {code}"
            + (f" at {wording.in_zone(row['at'])}" if row["at"] else "")
            for row in rows.sort("at", nulls_last=True).head(QUOTED).iter_rows(named=True)
        ],
    }


def sign_in_words(sign_ins: pl.DataFrame) -> Iterator[str]:
    """Yield how many sign-ins of which time there are, and how many of them are of every day.

    Args:
        sign_ins: The table `sign_ins`.
    """
    if sign_ins.is_empty():
        return
    ours, times = of_enrollment(sign_ins), sign_ins["at"].drop_nulls().sort()
    span = f" from {wording.instant(times[0])} to {wording.in_zone(times[-1])}" if times.len() else ""
    daily = _of_every_day(ours)
    counted = daily["code"].value_counts().iter_rows()
    reasons = ", ".join(
        f"{number:,} {_ordinary()[code]} ({code})"
        for code, number in sorted(counted, key=lambda one: (-one[1], one[0]))
    )
    everyday = f", {daily.height:,} stopped for reasons of every day ({reasons})" if daily.height else ""
    well, shut = ours.filter(WENT_WELL).height, refused(ours).height
    yield (
        f"{wording.count(sign_ins.height, 'sign-in')}{span}; to what enrolment needs {ours.height:,}: "
        f"{well:,} went well{everyday}, {shut:,} refused.{''.join(_beside(sign_ins))}"
    )


def _beside(sign_ins: pl.DataFrame) -> Iterator[str]:
    """Yield how many sign-ins to other apps were refused and how many interrupted, with app and code.

    Those to Windows that shut out who had just enrolled stand apart.
    """
    out = shut_out(sign_ins)
    others = of_others(sign_ins).join(out, on=["user", "at", "app", "code"], how="anti", nulls_equal=True)
    shut, daily = refused(others), _of_every_day(others)
    if out.height:
        were = "was" if out.height == 1 else "were"
        yield f" Of those to Windows itself {out.height:,} {were} refused after the same user had enrolled"
        yield f": {_apps_and_codes(out)}."
    if shut.height:
        were = "was" if shut.height == 1 else "were"
        yield f" {TO_OTHERS} {shut.height:,} {were} refused, which says nothing of enrolment"
        yield f": {_apps_and_codes(shut)}."
    if daily.height:
        were = "was" if daily.height == 1 else "were"
        yield f" {TO_OTHERS} {daily.height:,} {were} interrupted for reasons of every day"
        yield f": {_apps_and_codes(daily)}."


def _of_every_day(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(~WENT_WELL, pl.col("code").is_in(list(_ordinary())))


def _apps_and_codes(rows: pl.DataFrame) -> str:
    """Return which apps were stopped with which codes and what these mean, the most frequent first."""
    kinds = rows.group_by("app", "code", maintain_order=True).len()
    often = kinds.sort("len", descending=True, maintain_order=True)
    named = [
        f"{number:,} of {app or nameless(APP)} ({code}{_why(code)})"
        for app, code, number in often.head(MOST_CODES).iter_rows()
    ]
    left = int(often.slice(MOST_CODES)["len"].sum())
    return ", ".join([*named, *([wording.and_more(left, "")] if left else [])])


def _why(code: str) -> str:
    """Return why a sign-in was stopped, as it stands behind its code; empty where nothing is known of it."""
    known = explain_code(code)
    why = _ordinary().get(code) or (known.meaning if known.certainty != "unknown" else None)
    return f", {wording.clause(why)}" if why else ""


@cache
def _ordinary() -> Mapping[str, str]:
    return dict(read_facts("ordinary_sign_ins").select("code", "why").iter_rows())
