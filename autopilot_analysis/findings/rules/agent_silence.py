"""Why the Intune agent hears nothing: no valid certificate, a proxy that opens traffic, a lasting refusal.

Each is said only where nothing of the agent's work shows that anything got through since.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from http import HTTPStatus

import polars as pl

from autopilot_analysis.codes import explain, spell
from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.looking import in_attempts
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.findings.rules.agent import (
    NO_TRUST,
    TLS_REFUSED,
    UNAUTHORIZED,
    counted_proofs,
    health_lines,
    roles,
)
from autopilot_analysis.findings.rules.page_waits import ATTEMPT, waits, within
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.verdict import CRITICAL
from autopilot_analysis.wording import means

REQUESTS_REFUSED = 3
"""So many refusals are no slip of one moment,"""
REQUESTS_REFUSED_OVER = timedelta(hours=1)
"""nor are those that span so long: the agent repeats one request within minutes."""
REFUSED_IN_A_WAIT = timedelta(minutes=15)
"""While the status page waits for the agent, so long is a good part of its time."""
REFUSALS = ["web_error", "web_status", "request_refused"]
STATUSES = {one.name.replace("_", "").lower(): str(one.value) for one in HTTPStatus}
"""HTTP statuses by the names under which .NET writes them, in lower case."""
REFUSED = r"^[45]\d\d$"
"""A status by which a request is refused,"""
OF_THE_DEVICE = "401"
"""but for the one that asks who the device is: what it lacks then is told by other rules."""
HTTP = 0x80190000
"""The family of codes that hold an HTTP status."""
OTHERWISE = "AGENT-REQUESTS-REFUSED"
OWN_HOSTS = r"(?i)//[^/:]*\.(?:microsoft|windows|azure|msftauth|msauth)\.(?:com|net|us|cn)"
"""What stands for the proxy where there is none: the address of the service itself."""
BROUGHT = ["win32", "winget", "script", "remediation", "detection", "requirement"]
"""Kinds of items that come through the agent alone."""
LAST_DAY = 31
"""What is more at the head of a date is its year."""
ANOTHER_ZONE = timedelta(days=1)
"""What the hour and the zone of an instant may change of its day."""


@rule("AGENT-NO-CERTIFICATE", needs="line")
def no_certificate(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose agent finds no certificate of management time and again, and is refused with 401."""
    health = health_lines(tables)
    number = pl.col("number").cast(pl.Int64, strict=False)
    counts = health.filter(pl.col("role") == "mdm_certificates")
    if counts.is_empty():
        return no_proof()
    found = counts.filter(number > 0)
    missing = _since(counts.filter(number == 0), found)
    word = pl.coalesce("state", "number").str.to_lowercase()
    refused = _since(health.filter(pl.col("role").is_in(REFUSALS), word.is_in(UNAUTHORIZED)), found)
    turned_away = missing.join(refused.select("device").unique(), on="device", how="semi")
    return _lasting(turned_away, tables, trace, pl.lit("0 MDM certificates found in the computer's store"))


@rule("AGENT-CERTIFICATE-EXPIRED", needs="line")
def certificate_expired(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Agents whose last certificate of management was over on the day on which they took it up.

    A day such as 4/9 is read both ways: each reading must be past.
    """
    taken = health_lines(tables).filter(pl.col("role") == "mdm_certificate_until").drop_nulls("moment")
    if taken.is_empty():
        return no_proof()
    last = taken.group_by("device", maintain_order=True).last()
    until = pl.Series("until", [_latest_reading(text) for text in last["payload"]], dtype=pl.Date)
    over = last.with_columns(until).filter(pl.col("until") + ANOTHER_ZONE < pl.col("moment").dt.date())
    unwell = trace.attempts.filter(pl.col("outcome").is_in(["failed", "unfinished"])).select(ATTEMPT)
    placed = in_attempts(_since(over, _heard(tables, trace)), trace).join(
        unwell.with_columns(severity=pl.lit(CRITICAL)), on=ATTEMPT, how="left", maintain_order="left"
    )
    words = pl.format("device certificate of management: expiry is {}", "payload")
    return proof(placed, words, pl.col("payload"))


def _latest_reading(text: str) -> date | None:
    """Return the latest day that a date without the order of its parts may stand for, null for none."""
    first, second, third = (int(part) for part in re.split(r"\D", text))
    ways = [(first, second, third)] if first > LAST_DAY else [(third, first, second), (third, second, first)]
    return max(filter(None, map(_day, ways)), default=None)


def _day(way: tuple[int, int, int]) -> date | None:
    try:
        return date(*way)
    except ValueError:
        return None


@rule("AGENT-TLS-INTERCEPTED", needs="line")
def tls_intercepted(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose agent meets a certificate that it does not trust, again and again, through a proxy."""
    if TLS_REFUSED not in roles(tables):
        return no_proof()
    health = _with_proxy(health_lines(tables))
    distrusted = health.filter(pl.col("role") == TLS_REFUSED, pl.col("proxy").is_not_null())
    named = distrusted.filter(~pl.col("proxy").str.contains(OWN_HOSTS))
    words = pl.format(f"{NO_TRUST}, through {{}}", "proxy")
    return _lasting(named, tables, trace, words, item=pl.col("proxy").str.strip_chars_end("/"))


@rule(OTHERWISE, needs="line")
def requests_refused(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose agent's requests are all answered with one HTTP refusal, under the rule of its status."""
    if roles(tables).isdisjoint(REFUSALS):
        return no_proof()
    word = pl.coalesce("state", "number").str.to_lowercase()
    status = word.replace_strict(STATUSES, default=word, return_dtype=pl.String)
    asked = _with_proxy(health_lines(tables)).with_columns(status=status, by=_by())
    refused = asked.filter(
        pl.col("role").is_in(REFUSALS), pl.col("status").str.contains(REFUSED), status != OF_THE_DEVICE
    )
    known = dict(read_facts("http_refusals").select("status", "rule").iter_rows())
    found = []
    for (number, by), own in refused.group_by("status", "by", maintain_order=True):
        rows = own.with_columns(rule=pl.lit(known.get(str(number), OTHERWISE)))
        quote = pl.lit(f"answered with {_meaning(str(number))}{by or ''}")
        found.append(_lasting(rows, tables, trace, quote, pl.lit(f"HTTP {number}{by or ''}")))
    return all_proofs(found)


def _meaning(status: str) -> str:
    """Return a status behind the name of its kind, and what it means."""
    name = f"HTTP {status}"
    meaning = explain(spell(HTTP + int(status))).meaning
    return meaning if meaning.startswith(name) else means(name, meaning)


def _with_proxy(health: pl.DataFrame) -> pl.DataFrame:
    """Return the lines with what each device's agent last named as the proxy of a request."""
    on_the_way = pl.when(pl.col("role") == "request_proxy").then("payload")
    return health.with_columns(proxy=on_the_way.forward_fill().over("device"))


def _by() -> pl.Expr:
    """Return who answered, as far as it is known: the proxy, or without one whoever stands at the host."""
    host = pl.col("proxy").str.extract(r"^(\w+://[^/]+)")
    own = pl.col("proxy").str.contains(OWN_HOSTS)
    return pl.when(own).then(pl.format(", at {}", host)).otherwise(pl.format(", through {}", host))


def _since(rows: pl.DataFrame, ends: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that stand behind the last of `ends` on their device."""
    last = ends.group_by("device", maintain_order=True).last().select("device", ended="moment")
    joined = rows.join(last, on="device", how="left", maintain_order="left")
    return joined.filter((pl.col("moment") > pl.col("ended")).fill_null(value=True)).drop("ended")


def _lasting(
    rows: pl.DataFrame, tables: Tables, trace: Trace, words: pl.Expr, item: pl.Expr | None = None
) -> pl.DataFrame:
    """Return as proofs the rows that came again for long, or for a good part of a wait of the page.

    What stands before the last that got through is left out.
    """
    if rows.is_empty():
        return no_proof()
    unheard = _since(rows, _heard(tables, trace))
    waited = within(unheard.drop_nulls("at"), waits(trace))
    again = [_again(unheard, REQUESTS_REFUSED_OVER), _again(waited, REFUSED_IN_A_WAIT)]
    return counted_proofs(unheard.join(pl.concat(again), on="device", how="semi"), words, item)


def _again(rows: pl.DataFrame, span: timedelta) -> pl.DataFrame:
    """Return the devices whose rows are several, and as far apart as a span."""
    by_device = rows.group_by("device", maintain_order=True).agg(
        times=pl.len(), over=pl.col("moment").max() - pl.col("moment").min()
    )
    return by_device.filter(pl.col("times") >= REQUESTS_REFUSED, pl.col("over") >= span).select("device")


def _heard(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return device and moment of what got through, in its order: an answer, a health report, any item."""
    got = ["heartbeat_sent", "request_answered"]
    sent = health_lines(tables).filter(pl.col("pattern").is_in(got)).select("device", "moment")
    written = (pl.col("detail").str.json_path_match(f"$.{name}_written") for name in ("started", "ended"))
    items = trace.installs.filter(pl.col("kind").cast(pl.String).is_in(BROUGHT)).select(
        "device",
        moment=pl.coalesce(
            pl.col("started_at", "ended_at").dt.replace_time_zone(None),
            *(text.str.to_datetime(time_unit="us", strict=False) for text in written),
        ),
    )
    return pl.concat([sent, items]).drop_nulls().sort("moment")
