"""Networks that did not let the device in, as the log of the wireless or wired network itself says.

Another network may have stayed: only where no server was reached meanwhile is the refusal told.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.looking import (
    NO_CONNECTION,
    SESSION_EVENTS,
    events_of,
    failed_runs,
    in_attempts,
    marks_in,
)
from autopilot_analysis.findings.rule import proof, rule
from autopilot_analysis.findings.rules.agent import RECORDS_CITED
from autopilot_analysis.findings.rules.network import BACK, GONE
from autopilot_analysis.findings.rules.page_waits import ATTEMPT
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.story import STAGES
from autopilot_analysis.wording import NO_REASON

KNOWN = read_facts("network_refusals")
EVENTS = KNOWN["event"].to_list()
CONNECTED = ["wlan:8001", "wired:15505", *BACK]
"""Records of a network that was joined."""
LEFT = ["wlan:8003", GONE]
"""Records of a network that was left."""
GONE_WITH = timedelta(minutes=1)
"""The network that was left for the one that refuses goes at about that time; a later one was used."""
ADAPTER_WRITTEN = r"(?m)^\s{0,8}(?:SSID|Network Adapter|Netzwerkadapter|Carte réseau) ?: ?([^\r\n]{1,120})"
REASON_WRITTEN = r"(?m)^\s{0,8}(?:Reason Text|Ursachentext|Texte de la raison) ?: ?([^\r\n]{1,300})"
"""Network and reason in the message of a record."""
REFUSED = 2
"""A network that did not let the device in once may do so the next time."""


@rule("NETWORK-NOT-AUTHENTICATED", needs=f"event={','.join(EVENTS)}; attempt=failed")
def not_authenticated(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Networks that refused the device until its attempt failed, with no network joined since."""
    ends = (
        failed_runs(trace, STAGES)
        .group_by(ATTEMPT, maintain_order=True)
        .agg(over_at=pl.col("at").max(), stage=pl.col("stage").last(), code_of_end=pl.col("code").last())
    )
    refused = in_attempts(refusals(tables), trace).join(ends, on=ATTEMPT, maintain_order="left")
    since = refused.filter(pl.col("at") <= pl.col("over_at")).join(
        _joined(tables, ends), on=ATTEMPT, how="left"
    )
    last = since.filter((pl.col("at") > pl.col("joined_at")).fill_null(value=True)).sort(
        "at", maintain_order=True
    )
    again = last.filter(pl.len().over(*ATTEMPT, "network", "key") >= REFUSED)
    alone = again.join(_lost_later(tables, again), on=ATTEMPT, how="anti", maintain_order="left")
    cut_off = alone.join(_cut_off(tables, alone), on=ATTEMPT, how="semi", maintain_order="left")
    times = pl.len().over(*ATTEMPT, "network", "key").max().over(*ATTEMPT, "network")
    place = pl.int_range(pl.len()).over(*ATTEMPT, "network", "key")
    ends_with = place == pl.len().over(*ATTEMPT, "network", "key") - 1
    named = cut_off.with_columns(
        item=pl.concat_str("network", pl.lit(", "), times, pl.lit(" times")),
        stage=pl.col("stage").cast(pl.String),
    )
    return proof(named.filter((place < RECORDS_CITED - 1) | ends_with))


@rule("NETWORK-TAKEN-AWAY", needs=f"event={','.join(EVENTS)}; attempt=unfinished; mark=enrolled")
def taken_away(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Networks first tried when the one in use was left, after the enrolment, that refused until the end."""
    open_ones = trace.attempts.filter(pl.col("outcome") == "unfinished").select(ATTEMPT)
    enrolled = marks_in(trace, ["enrolled"]).join(open_ones, on=ATTEMPT, how="semi")
    since = enrolled.group_by("device").agg(enrolled_at=pl.col("at").max())
    refused = refusals(tables).join(since, on="device", maintain_order="left")
    first = refused.group_by("device", "network").agg(began_at=pl.col("at").min())
    joins = events_of(tables, CONNECTED).select("device", joined_at="at").drop_nulls()
    left = events_of(tables, LEFT).select("device", left_at="at").drop_nulls()
    taken = (
        first.join(left, on="device")
        .filter(pl.col("began_at").is_between("left_at", pl.col("left_at") + GONE_WITH))
        .join(joins, on="device")
        .filter(pl.col("joined_at") < pl.col("left_at"))
        .select("device", "network", "began_at")
        .unique()
    )
    back = pl.concat([joins.rename({"joined_at": "back_at"}), _reached(tables)])
    again = taken.join(back, on="device").filter(pl.col("back_at") > pl.col("began_at"))
    alone = refused.join(taken, on=["device", "network"], maintain_order="left").join(
        again, on=["device", "network"], how="anti", maintain_order="left"
    )
    times = pl.len().over("device", "network", "key").max().over("device", "network")
    late = alone.filter(pl.col("began_at") > pl.col("enrolled_at"), times >= REFUSED)
    named = in_attempts(late, trace).with_columns(
        item=pl.concat_str("network", pl.lit(", "), times, pl.lit(" times"))
    )
    place = pl.int_range(pl.len()).over("device", "network", "key")
    last = place == pl.len().over("device", "network", "key") - 1
    return proof(named.filter((place < RECORDS_CITED - 1) | last))


def _reached(tables: Tables) -> pl.DataFrame:
    """Return when a session had an answer of a server."""
    sessions = events_of(tables, SESSION_EVENTS).drop_nulls("at")
    heard = ~pl.col("code").fill_null("").str.contains(NO_CONNECTION)
    return sessions.filter(heard).select("device", back_at="at")


def refusals(tables: Tables) -> pl.DataFrame:
    """Return the dated records of refusals, with network, and as detail the reason.

    A record that somebody copied has its fields in the words of its message.

    Args:
        tables: What `read_tables` returned.
    """
    events = events_of(tables, EVENTS).drop_nulls("at")
    known = KNOWN.select(pl.col("event").alias("key"), "reason", fields="network")
    rows = events.join(known, on="key", maintain_order="left")
    network, reason = (_first(rows, name) for name in ("fields", "reason"))
    message = pl.col("data").str.json_path_match("$.RenderedMessage")
    written, why = message.str.extract(ADAPTER_WRITTEN), message.str.extract(REASON_WRITTEN)
    named = rows.with_columns(
        network=pl.coalesce(network, written, pl.lit("the wired network")),
        why=pl.coalesce(reason, why, pl.lit(NO_REASON)),
    )
    words = pl.concat_str("network", pl.lit(": "), "why", pl.lit(" (event "), "event_id", pl.lit(")"))
    return named.with_columns(detail=words)


def _first(rows: pl.DataFrame, column: str) -> pl.Expr:
    """Return the first value of the fields that a column names, of each record, in the column's order."""
    values = (
        pl.when(pl.col(column) == names).then(
            pl.coalesce(pl.col("data").str.json_path_match(f"$.{name}") for name in names.split(" "))
        )
        for names in rows[column].unique(maintain_order=True).drop_nulls()
    )
    return pl.coalesce(*values, pl.lit(None, pl.String))


def _joined(tables: Tables, ends: pl.DataFrame) -> pl.DataFrame:
    """Return when a network was joined for the last time before each end."""
    rows = events_of(tables, CONNECTED).select("device", joined_at="at").join(ends, on="device")
    return (
        rows.filter(pl.col("joined_at") <= pl.col("over_at")).group_by(ATTEMPT).agg(pl.col("joined_at").max())
    )


def _lost_later(tables: Tables, refused: pl.DataFrame) -> pl.DataFrame:
    """Return the attempts in which a network that was in use went after the refusals had begun."""
    began = refused.group_by(ATTEMPT).agg(began_at=pl.col("at").min(), over_at=pl.col("over_at").first())
    gone = events_of(tables, [GONE]).select("device", "at").join(began, on="device")
    later = pl.col("at").is_between(pl.col("began_at") + GONE_WITH, "over_at")
    return gone.filter(later).select(ATTEMPT).unique()


def _cut_off(tables: Tables, refused: pl.DataFrame) -> pl.DataFrame:
    """Return the attempts in which no server was reached since the first refusal, by a session or the end."""
    sessions = events_of(tables, SESSION_EVENTS).filter(
        pl.col("code").fill_null("").str.contains(NO_CONNECTION)
    )
    began = refused.group_by(ATTEMPT, maintain_order=True).agg(
        pl.col("at").min(), pl.col("over_at", "stage", "code_of_end").first()
    )
    silent = began.join(sessions.select("device", silent_at="at"), on="device").filter(
        pl.col("silent_at").is_between("at", "over_at")
    )
    unheard = pl.col("code_of_end").fill_null("").str.contains(NO_CONNECTION)
    offline = began.filter((pl.col("stage") == "network") | unheard)
    return pl.concat([silent.select(ATTEMPT), offline.select(ATTEMPT)]).unique()
