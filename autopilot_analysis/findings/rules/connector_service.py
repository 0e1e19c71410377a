"""The service of the Intune Connector for Active Directory, as the System log of its own server shows it."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis import quoting, wording
from autopilot_analysis.facts.marks import OFFLINE_JOIN_APPLIED, OFFLINE_JOIN_TIMED_OUT
from autopilot_analysis.findings.looking import keyed_events, marks_in, unwell
from autopilot_analysis.findings.rule import proof, rule
from autopilot_analysis.findings.rules.page_waits import ATTEMPT
from autopilot_analysis.tables import Tables, Trace

SERVICE = r"(?i)\bODJ ?Connector|Intune Connector for Active Directory"
"""How the service is called; the server's log stands in the export of the device that waited for it."""
NO_RIGHT = "scm:7041"
"""A service's account may not log on as a service."""
REFUSED_LOGON = "%%1069"
"""What a service ends with whose account could not log on."""
DOWN = ["scm:7000", "scm:7009", "scm:7023", "scm:7024", "scm:7031", "scm:7034", "scm:7038", NO_RIGHT]
"""Records of a service that did not start, or did not stay."""
CHANGED = "scm:7036"
"""A service came into the state that the record names."""
STOPPED = r"(?i)stopped"
WITHIN = timedelta(days=1)
"""A service that went down so long before the device's wait was over and never came up is its cause."""
CITED = 3
"""So many last records of each kind are cited."""


@rule("CONNECTOR-SERVICE-RIGHT", needs=f"attempt=hybrid_join; event={NO_RIGHT}")
def no_right_to_log_on(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Waits for a domain join whose connector could not run: its account may not log on as a service."""
    down = _down(tables, trace)
    denied = down.filter(pl.col("key") == NO_RIGHT)
    account = pl.col("data").str.json_path_match("$.param2").fill_null("the service's account")
    named = denied.with_columns(item=pl.format("{} on {}", account, "computer"))
    items = named.group_by(ATTEMPT, maintain_order=True).agg(pl.col("item").last())
    echoes = down.filter(pl.col("data").str.contains(REFUSED_LOGON, literal=True))
    shown = pl.concat([denied, echoes]).join(items, on=ATTEMPT, maintain_order="left")
    return proof(shown, pl.col("words"), pl.col("item"))


@rule("CONNECTOR-SERVICE-DOWN", needs=f"attempt=hybrid_join; event={','.join(DOWN)}")
def service_down(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Waits for a domain join whose connector's service had not started, or had ended and not come up."""
    down = _down(tables, trace)
    error = pl.format(", error {}", pl.col("data").str.extract(r"%%(\d+)").drop_nulls().last()).fill_null("")
    items = down.group_by(ATTEMPT, maintain_order=True).agg(
        item=pl.format("{}{}", pl.col("computer").last(), error)
    )
    return proof(down.join(items, on=ATTEMPT, maintain_order="left"), pl.col("words"), pl.col("item"))


def _down(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the records of a connector's service that was down while a device waited, each with its words.

    They are tied to the wait by time alone, and by the name of the service: the server is another machine.
    """
    records = _beside(_records(tables), _waits(trace), trace)
    before = records.filter(pl.col("over_at") - pl.col("at") >= timedelta())
    failed = before.filter(pl.col("key").is_in(DOWN), pl.col("over_at") - pl.col("at") <= WITHIN)
    last = failed.group_by(ATTEMPT).agg(down_at=pl.col("at").max())
    up = before.filter(_at_work()).join(last, on=ATTEMPT).filter(pl.col("at") >= pl.col("down_at"))
    still = failed.join(up, on=ATTEMPT, how="anti", maintain_order="left")
    cited = still.group_by(*ATTEMPT, "key", maintain_order=True).tail(CITED)
    lead = pl.Series([wording.span(one) for one in cited["over_at"] - cited["at"]], dtype=pl.String)
    fields = pl.Series([quoting.fields(one) for one in cited["detail"]], dtype=pl.String)
    host = pl.col("computer").fill_null("another machine")
    words = pl.format("on {}, {} before the wait was over: event {}, {}", host, lead, "event_id", fields)
    return cited.with_columns(words=words, computer=host).drop("code")


def _waits(trace: Trace) -> pl.DataFrame:
    """Return the failed attempts that got no domain join, with when they had waited for it in vain."""
    timed_out = marks_in(trace, [OFFLINE_JOIN_TIMED_OUT]).select(*ATTEMPT, over_at="at").drop_nulls()
    applied = marks_in(trace, [OFFLINE_JOIN_APPLIED]).select(ATTEMPT)
    ill = timed_out.unique(ATTEMPT, maintain_order=True).join(unwell(trace), on=ATTEMPT, how="semi")
    return ill.join(applied, on=ATTEMPT, how="anti")


def _records(tables: Tables) -> pl.DataFrame:
    """Return the dated records of a connector's service, and all of a connector's own log."""
    about = pl.col("key").is_in([*DOWN, CHANGED]) & pl.col("detail").str.contains(SERVICE)
    own = pl.col("key").str.starts_with("connector:")
    return keyed_events(tables).filter(about.fill_null(value=False) | own).drop_nulls("at").sort("at")


def _beside(records: pl.DataFrame, waiting: pl.DataFrame, trace: Trace) -> pl.DataFrame:
    """Return records beside the waits of their device, or of any device where theirs has no attempt.

    A server whose logs lie in a folder of their own counts as a device of its own.
    """
    servers = records.join(trace.attempts, on="device", how="anti").drop("device")
    pairs = (records.join(waiting, on="device"), servers.join(waiting, how="cross"))
    return pl.concat([rows.select(*records.columns, "attempt", "over_at") for rows in pairs]).sort("at")


def _at_work() -> pl.Expr:
    """Return whether a record shows a connector at work: a state other than stopped, or its own log."""
    state = (pl.col("key") == CHANGED) & ~pl.col("detail").str.contains(STOPPED)
    return state | pl.col("key").str.starts_with("connector:")
