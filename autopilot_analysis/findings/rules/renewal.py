"""The management certificate, a year later: is it renewed before it runs out?"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.findings.looking import NO_CONNECTION, SESSION_ENDED, events_of, keys_of
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.tables import Tables, Trace

RENEWALS_REFUSED, RENEWALS_REFUSED_OVER = 3, timedelta(days=1)
"""So many refusals, over as long or longer, are no passing hitch; Windows asks again by itself."""
RENEWED = ["dm:10", *keys_of(["enrolled"])]
"""A certificate was received, or the device enrolled anew."""


@rule("MDM-NOT-RENEWED", needs="event=dm:26")
def not_renewed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose management certificate was refused its renewal again and again, with what came of it."""
    return _proofs(tables, _last_refusals(tables).filter(~pl.col("unreached")))


@rule("MDM-RENEWAL-UNREACHED", needs="event=dm:26")
def renewal_unreached(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices that did not reach the service to renew their certificate, and had no good session since."""
    refusals = _last_refusals(tables).filter("unreached")
    good = _sessions(tables).filter(pl.col("code").is_null()).select("device", good_at="at")
    last = refusals.group_by("device").agg(last_at=pl.col("at").max())
    passed = last.join(good, on="device").filter(pl.col("good_at") > pl.col("last_at"))
    return _proofs(tables, refusals.join(passed, on="device", how="anti"))


def _last_refusals(tables: Tables) -> pl.DataFrame:
    """Return the refusals of an enrolment since it was last renewed, under the last one's code.

    `unreached`: whether no server answered the last one.
    """
    asked = events_of(tables, ["dm:26"]).filter(pl.col("at").is_not_null()).sort("at")
    renewed = events_of(tables, RENEWED).group_by("device").agg(renewed_at=pl.col("at").max())
    since = asked.join(renewed, on="device", how="left", maintain_order="left").filter(
        (pl.col("at") > pl.col("renewed_at")).fill_null(value=True)
    )
    enrolment = ["device", "enrolment"]
    named = since.with_columns(enrolment=pl.col("data").str.json_path_match("$.Message1").fill_null(""))
    long = pl.col("at").max().over(enrolment) - pl.col("at").min().over(enrolment) >= RENEWALS_REFUSED_OVER
    often = named.filter((pl.len().over(enrolment) >= RENEWALS_REFUSED) & long)
    last_code = often.with_columns(code=pl.col("code").last().over(enrolment))
    return last_code.with_columns(unreached=pl.col("code").fill_null("").str.contains(NO_CONNECTION))


def _sessions(tables: Tables) -> pl.DataFrame:
    return events_of(tables, [SESSION_ENDED]).filter(pl.col("at").is_not_null())


def _proofs(tables: Tables, refusals: pl.DataFrame) -> pl.DataFrame:
    """Return the refusals and the sessions that failed since the last good one, under how often each came."""
    found = [no_proof()]
    sessions = _sessions(tables)
    for (device, _), own in refusals.group_by("device", "enrolment", maintain_order=True):
        theirs = sessions.filter(pl.col("device") == device, pl.col("at") >= own["at"][0]).sort("at")
        good = theirs.filter(pl.col("code").is_null())["at"].max()
        lost = theirs.filter(
            pl.col("code").is_not_null(), (pl.col("at") > good) if good else pl.lit(value=True)
        )
        item = wording.times(own.height, own["at"][0], own["at"][-1])
        rows = [own]
        if lost.height >= RENEWALS_REFUSED:
            item += f", and the last {lost.height:,} sessions failed with {lost['code'][-1]}"
            rows.append(lost.with_columns(code=pl.lit(own["code"][-1])))
        found += [proof(some, item=pl.lit(item)) for some in rows]
    return all_proofs(found)
