"""The management certificate, a year later: is it renewed before it runs out, and has it run out?"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.clock.offsets import FURTHEST
from autopilot_analysis.findings.looking import (
    NO_CONNECTION,
    SESSION_ENDED,
    SESSION_EVENTS,
    SESSIONS_IN_VAIN,
    WANTS_CERTIFICATE,
    events_of,
    keys_of,
    properties,
)
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.readers.local_times import read_times
from autopilot_analysis.tables import Tables, Trace

RENEWALS_REFUSED, RENEWALS_REFUSED_OVER = 3, timedelta(days=1)
"""So many refusals, over as long or longer, are no passing hitch; Windows asks again by itself."""
RENEWED = ["dm:10", *keys_of(["enrolled"])]
"""A certificate was received, or the device enrolled anew."""
RENEWAL = "dm:26"
WANTED_OVER = timedelta(hours=1)
"""Over as long or longer a certificate must be wanted in vain: a passing fault of the service is shorter."""
OF_MANAGEMENT = r"(?i)\b(?:Intune MDM|SC_Online_Issuing|Intune.{0,40}Device CA)\b"
"""Who issues the certificate by which a device shows itself to Intune."""
DATES = ("12/31/2025 1:00 AM", "31/12/2025 1:00")
"""A time that shows which number is the day: the month stands first, the day does."""


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


@rule("MDM-CERTIFICATE-WANTED", needs="event=dm:201,dm:204,dm:209,dm:26", limits={"least": SESSIONS_IN_VAIN})
def certificate_wanted(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose last sessions all ended because the server wants a certificate that they do not show."""
    return proof(_wanting(tables).join(_ended(tables).select("device").unique(), on="device", how="anti"))


@rule("MDM-CERTIFICATE-ENDED", needs="property=notafter; event")
def certificate_ended(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices all of whose management certificates had ended when their last record was written."""
    ended = _ended(tables)
    if ended.is_empty():
        return no_proof()
    items = ended.group_by("device", maintain_order=True).agg(
        item=pl.format("it held until {}", pl.col("value").last())
    )
    since = ended.group_by("device").agg(pl.col("until").max())
    lost = events_of(tables, [*SESSION_EVENTS, RENEWAL]).filter(
        pl.col("at").is_not_null(), pl.col("code").is_not_null()
    )
    after = lost.join(since, on="device").filter(pl.col("at") > pl.col("until"))
    last = after.group_by("device").agg(last_code=pl.col("code").last())
    rows = (ended.with_columns(at=pl.lit(None, after.schema["at"])), after)
    named = (
        each.join(items, on="device", maintain_order="left")
        .join(last, on="device", how="left", maintain_order="left")
        .with_columns(code=pl.col("last_code"))
        for each in rows
    )
    return all_proofs([proof(each, item=pl.col("item")) for each in named])


def _wanting(tables: Tables) -> pl.DataFrame:
    """Return the sessions and renewals since the last good one, where each wants a certificate."""
    tried = events_of(tables, [*SESSION_EVENTS, RENEWAL]).filter(pl.col("at").is_not_null()).sort("at")
    heard = pl.col("code").fill_null("") != WANTS_CERTIFICATE
    ended = tried.filter(heard, (pl.col("key") == SESSION_ENDED) | pl.col("code").is_not_null())
    since = ended.group_by("device").agg(other_at=pl.col("at").max())
    wanting = tried.filter(~heard).join(since, on="device", how="left", maintain_order="left")
    wanting = wanting.filter((pl.col("at") > pl.col("other_at")).fill_null(value=True))
    span = pl.col("at").max().over("device") - pl.col("at").min().over("device")
    return wanting.filter(pl.len().over("device") >= SESSIONS_IN_VAIN, span >= WANTED_OVER)


def _ended(tables: Tables) -> pl.DataFrame:
    """Return the ends of the management certificates of devices that have none but ended ones."""
    ends = properties(tables, "^notafter$", r"\d")
    issued = properties(tables, "^issuer$", OF_MANAGEMENT).select("device", "member", "section")
    own = ends.join(issued.unique(), on=["device", "member", "section"], how="semi", maintain_order="left")
    if own.is_empty():
        return own.with_columns(until=pl.lit(None, pl.Datetime("us", "UTC")))
    own = own.with_columns(until=pl.Series(map(_latest, own["value"]), dtype=pl.Datetime("us", "UTC")))
    last = tables.events.group_by("device").agg(last_at=pl.col("at").max())
    over = (pl.col("until") < pl.col("last_at")).fill_null(value=False)
    return own.join(last, on="device", maintain_order="left").filter(over.all().over("device"))


def _latest(written: str | None) -> datetime | None:
    """Return the latest instant that a written time may be, in whatever zone and order of day and month."""
    text = re.sub(r"\s+", " ", written or "").strip()
    beside = DATES if "/" in text else ("",)  # with dots and dashes the order is known
    read = [read_times([text, day]).at[0] for day in beside]
    known = [at for at in read if at is not None]
    return max(known) + FURTHEST if known else None
