"""The Intune agent's own health: what refused it, what held it up, and what it found wrong with itself.

The service that answers with 401 can be reached: the network is not at fault. Subnets that the agent's probe
does not reach prove no blocked network while the endpoint itself answers (genuine logs of 2025 and 2026).
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.clock import best_instant
from autopilot_analysis.clock.offsets import FURTHEST
from autopilot_analysis.codes import code_of
from autopilot_analysis.findings.looking import SESSION_ENDED, events_of, once
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.findings.rules.agent_parts import EXCEPTION, broken_checks
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.trace.installs.agent.messages import find_messages

TLS_REFUSED = "tls_refused"
"""What facts/ime_patterns.csv calls a line of the agent's health that says so."""
TOKEN_WORDS = ["AAD token", "Successfully get the token"]
"""Literals of the messages about a token of the user."""
SESSION_WORDS = "After impersonation: "
"""Literal of the message that names whose session the agent acts in."""
NOBODY = r"(?i)(?:^|\\)defaultuser\d+$|(?:^|\\)foouser@"
"""Accounts that Windows and Autopilot use before anybody has signed in: Entra gives them no token."""
OF_USER = "AAD User check using device check in app is"
USER_CHECK = f"{OF_USER} failed"
NO_TRUST = "no trust relationship for the TLS channel"
"""How the agent calls the same where it asks whether the session is one of Entra."""
CHECK_FAILED = "AAD User check is failed"
"""How the agent calls it that no session of a user with a token is there."""
NOT_SIGNED_IN = "0xCAA10001"
"""The refusal that says no more than that nobody has signed in yet."""
MANY_REFUSALS = 3
"""So many refusals in the session of who signed in, and no token after them, are no delay."""
WORDS = [
    *TOKEN_WORDS,
    "Summary: rule ",
    "health report ",
    "Found WebException",
    "ExceptionDetails: WebException",
    "statuscode is ",
    "trust relationship",
    "TCP probe Phase ",
    "throttling info",
    "static proxy=",
    "autoconfiguration url=",
    " MDM certificates from",
    "MDM device certificate",
    "Current proxy is ",
    "Web Exception occurs",
    "[SendWebRequestInternal] Succeeded",
]
"""Literals of the messages about health: only lines that hold one are looked at."""
UNAUTHORIZED = ["unauthorized", "401"]
TOKEN_WAIT = timedelta(minutes=30)
"""A token that comes so soon after a refused one makes the refusal routine."""
MOST_CHECK_INS = 25
"""Check-ins in an hour from which on the agent holds its own back (public parser of the agent's logs)."""
RECORDS_CITED = 3
"""Records of one kind that prove it; the rest say the same."""


@once
def health_lines(tables: Tables) -> pl.DataFrame:
    """Return the messages about the agent's health, with moment (as known, else as written), in order.

    Args:
        tables: What `read_tables` returned.
    """
    lines = find_messages(tables.log_lines.filter(pl.col("message").str.contains_any(WORDS)))
    moment = best_instant()
    return lines.with_columns(moment=moment, code=pl.lit(None, pl.String)).sort(
        "device", "moment", "order", nulls_last=True
    )


@once
def roles(tables: Tables) -> frozenset[str]:
    """Return the roles that the messages about the agent's health have: most rules look for a rare one.

    Args:
        tables: What `read_tables` returned.
    """
    return frozenset(health_lines(tables)["role"].drop_nulls())


def counted_proofs(rows: pl.DataFrame, quote: pl.Expr, item: pl.Expr | None = None) -> pl.DataFrame:
    """Return the first records of each device and its last as proofs, with how many there are.

    Args:
        rows: What `health_lines` returned, or some of it.
        quote: What stands in a record.
        item: What the finding is about, for its title.
    """
    if rows.is_empty():
        return no_proof()
    count = pl.len().over("device")
    counted = pl.when(count > 1).then(pl.concat_str(quote, pl.lit(" ("), count, pl.lit(" times)")))
    quoted = rows.with_columns(_quote=counted.otherwise(quote))
    place = pl.int_range(pl.len()).over("device")
    shown = quoted.filter((place < RECORDS_CITED - 1) | (place == count - 1))
    return proof(shown, pl.col("_quote"), item)


def _after(rows: pl.DataFrame, last: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of devices on which nothing in `last` comes after them."""
    ends = last.group_by("device").agg(end=pl.col("order").max())
    joined = rows.join(ends, on="device", how="left", maintain_order="left")
    newest = pl.col("order").max().over("device")
    return joined.filter(pl.col("end").is_null() | (newest > pl.col("end")))


@rule("AGENT-REFUSED", needs="line")
def refused(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose agent the service answered with 401, and where nothing got through afterwards."""
    unauthorized, still = _unauthorized(tables)
    if unauthorized.is_empty():
        return no_proof()
    return counted_proofs(
        unauthorized.filter(pl.col("device").is_in(still.implode())), pl.lit("401, unauthorized")
    )


@rule("AGENT-REFUSED-ONCE", needs="line")
def refused_once(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose agent the service answered with 401 and whose report it took afterwards."""
    unauthorized, still = _unauthorized(tables)
    if unauthorized.is_empty():
        return no_proof()
    return counted_proofs(
        unauthorized.filter(~pl.col("device").is_in(still.implode())), pl.lit("401, unauthorized")
    )


@once
def _unauthorized(tables: Tables) -> tuple[pl.DataFrame, pl.Series]:
    """Return the answers with 401, and the devices that the service kept refusing.

    One refusal behind reports that were taken is ordinary: where the log ends with it, nobody knows what the
    next one met. Nor is a device refused that got a token, or ended a session of management well, later on.
    """
    health = health_lines(tables)
    word = pl.coalesce("state", "number").str.to_lowercase()
    unauthorized = health.filter(pl.col("role").is_in(["web_error", "web_status"]), word.is_in(UNAUTHORIZED))
    if unauthorized.is_empty():
        return unauthorized, unauthorized["device"]
    sent = health.filter(pl.col("pattern") == "heartbeat_sent")
    refused_last = _after(unauthorized, sent).group_by("device")
    ends = refused_last.agg(in_a_row=(pl.col("order") > pl.col("end")).sum(), last_at=pl.col("moment").max())
    kept = ends.filter(pl.col("in_a_row") != 1)
    return unauthorized, kept.join(_accepted_after(kept, tables), on="device", how="anti")["device"]


def _accepted_after(ends: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """Return the devices that the service accepted after their last refusal, wherever the two clocks stand.

    Args:
        ends: device and last_at, as the agent's log has it.
        tables: What `read_tables` returned.
    """
    tokens = health_lines(tables).filter(pl.col("pattern") == "token_success").select("device", at="moment")
    sessions = events_of(tables, [SESSION_ENDED]).filter(pl.col("code").is_null())
    dated = sessions.select("device", at=pl.col("at").dt.replace_time_zone(None))
    later = pl.concat([tokens, dated]).join(ends, on="device")
    return later.filter(pl.col("at") > pl.col("last_at") + FURTHEST)


@rule("AGENT-UNHEARD", needs="line")
def unheard(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose agent's last health reports did not get through."""
    health = health_lines(tables)
    failed = health.filter(pl.col("pattern") == "heartbeat_failed")
    if failed.is_empty():
        return no_proof()
    lost = _after(failed, health.filter(pl.col("pattern") == "heartbeat_sent"))
    return counted_proofs(lost, pl.lit("the health report failed to send"))


@rule("AGENT-CHECK-FAILED", needs="line")
def check_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Checks of its own that the agent did not pass.

    The summary of a check that an exception ended repeats it: AGENT-CHECK-BROKE tells of that.
    """
    checks = health_lines(tables).filter(pl.col("role") == "health_rule", pl.col("state") != "Pass")
    if checks.is_empty():
        return no_proof()
    repeats = pl.col("payload").fill_null("").str.starts_with(EXCEPTION)
    if checks.select(repeats.any()).item():
        broke = broken_checks(tables).select("device", "name", broke=pl.lit(value=True)).unique()
        both = checks.join(broke, on=["device", "name"], how="left", maintain_order="left")
        checks = both.filter(~(repeats & pl.col("broke").fill_null(value=False)))
    return proof(checks, pl.format("{}: {}", "state", "payload"), pl.col("name"))


@rule("AGENT-TLS-REFUSED", needs="line")
def tls_refused(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose agent did not trust the certificate of a server."""
    lines = health_lines(tables).filter(pl.col("role") == TLS_REFUSED)
    return counted_proofs(lines, pl.lit(NO_TRUST))


@rule("AGENT-ENDPOINT-BLOCKED", needs="line")
def endpoint_blocked(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose agent could not reach its own endpoint by TCP; other subnets alone prove nothing."""
    lines = health_lines(tables).filter(pl.col("role") == "probe_endpoint", pl.col("state") != "SUCCESS")
    return counted_proofs(lines, pl.format("TCP probe of the endpoint: {}", "state"))


@rule("AGENT-THROTTLED", needs="line", limits={"times": MOST_CHECK_INS})
def throttled(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose agent asked so often that it holds back its own check-ins."""
    count = pl.col("number").cast(pl.Int64, strict=False)
    lines = health_lines(tables).filter(pl.col("role") == "throttle", count >= MOST_CHECK_INS)
    return counted_proofs(lines, pl.format("{}: {} within an hour", "name", "number"), pl.col("name"))


@once
def _token_lines(tables: Tables) -> pl.DataFrame:
    """Return the messages about tokens, with `nobody`: whether they are of a session before any sign-in.

    `signed_in` is whose session it is, where the log says so before the message.
    """
    literals = [*TOKEN_WORDS, SESSION_WORDS]
    lines = tables.log_lines.filter(pl.col("message").str.contains_any(literals))
    found = find_messages(lines).sort("order")
    log = ["device", "member"]
    who = pl.when(pl.col("pattern") == "impersonation").then(pl.col("user").str.strip_chars())
    sessions = found.with_columns(who=who.forward_fill().over(log)).with_columns(
        signed_in=pl.col("who"), who=pl.col("who").backward_fill().over(log)
    )
    nobody = pl.col("who").str.contains(NOBODY).fill_null(value=False)
    return sessions.with_columns(nobody=nobody, moment=best_instant()).filter(
        pl.col("pattern").str.starts_with("token_")
    )


@once
def _tokens_alone(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the messages about tokens of devices of which no attempt shows."""
    return _token_lines(tables).join(trace.attempts, on="device", how="anti", maintain_order="left")


@rule("AGENT-TOKEN-REFUSED", needs="line")
def token_refused(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose agent got no token of the user, nor soon after; before a sign-in that is routine."""
    dated = _token_lines(tables).filter(pl.col("moment").is_not_null()).sort("moment")
    failed = dated.filter(pl.col("pattern") == "token_failure", ~pl.col("nobody"))
    if failed.is_empty():
        return no_proof()
    got = dated.filter(pl.col("pattern") == "token_success").select("device", got_at="moment")
    next_one = failed.join_asof(
        got, left_on="moment", right_on="got_at", by="device", strategy="forward", check_sortedness=False
    )
    came = ((pl.col("got_at") - pl.col("moment")) <= TOKEN_WAIT).fill_null(value=False)
    ended = dated.group_by("device").agg(end=pl.col("moment").max())
    watched = pl.col("end") - pl.col("moment") >= TOKEN_WAIT
    users = trace.stage_runs.filter(
        pl.col("stage") == "account_setup", pl.col("outcome") != "skipped"
    ).select("device")
    real = next_one.join(ended, on="device").filter(~came, watched).join(users, on="device", how="semi")
    spelt = real.with_columns(code=code_of(pl.col("code"), "failure"))
    return counted_proofs(spelt, pl.format("no token, error {}", "code"))


@rule("AGENT-TOKEN-REFUSED-ALONE", needs="line")
def token_refused_alone(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices of which no attempt shows, in whose log the agent got no token of the user, nor later."""
    own = _tokens_alone(tables, trace)
    if own.is_empty():
        return no_proof()
    ordered = own.sort("device", "moment", "order", nulls_last=True).with_row_index("place")
    got = (
        ordered.filter(pl.col("pattern") == "token_success")
        .group_by("device")
        .agg(last=pl.col("place").max())
    )
    failed = ordered.filter(pl.col("pattern") == "token_failure", ~pl.col("nobody")).join(
        got, on="device", how="left", maintain_order="left"
    )
    since = failed.filter((pl.col("place") > pl.col("last")).fill_null(value=True))
    spelt = since.with_columns(code=code_of(pl.col("code"), "failure"))
    return counted_proofs(spelt, pl.format("no token, error {}", "code"))


@rule("AGENT-TOKEN-DENIED", needs="line", limits={"times": MANY_REFUSALS})
def token_denied(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices of which no attempt shows, whose agent asks in vain for a token of who had signed in."""
    own = _tokens_alone(tables, trace)
    if own.is_empty():
        return no_proof()
    ordered = own.sort("device", "moment", "order", nulls_last=True)
    since_got = (pl.col("pattern") == "token_success").cast(pl.Int64).cum_sum(reverse=True).over("device")
    spelt = ordered.with_columns(code=code_of(pl.col("code"), "failure"), since_got=since_got)
    person = pl.col("signed_in").is_not_null() & ~pl.col("nobody")
    denied = spelt.filter(
        pl.col("pattern") == "token_failure",
        person,
        pl.col("since_got") == 0,
        pl.col("code") != NOT_SIGNED_IN,
    ).filter(pl.len().over("device") >= MANY_REFUSALS)
    if denied.is_empty():
        return no_proof()
    codes = denied.group_by("device").agg(pl.col("code").last())
    same = denied.join(codes, on=["device", "code"], how="semi", maintain_order="left")
    checks = tables.log_lines.filter(pl.col("message").str.starts_with(CHECK_FAILED)).drop("severity")
    checked = checks.join(codes, on="device", maintain_order="left")
    tokens = counted_proofs(same, pl.format("no token, error {}, in the session of {}", "code", "signed_in"))
    return all_proofs([tokens, proof(checked, pl.lit(CHECK_FAILED))])


@rule("AGENT-BEFORE-SIGN-IN", needs="line")
def before_sign_in(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices of which no attempt shows, whose agent asked for a token before anybody had signed in."""
    own = _tokens_alone(tables, trace)
    failed = own.filter(pl.col("pattern") == "token_failure")
    if failed.is_empty():
        return no_proof()
    others = failed.filter(~pl.col("nobody")).select("device").unique()
    alone = failed.join(others, on="device", how="anti", maintain_order="left")
    spelt = alone.with_columns(code=code_of(pl.col("code"), "failure"))
    lines = tables.log_lines.filter(pl.col("message").str.starts_with(USER_CHECK))
    checks = lines.join(alone, on="device", how="semi")
    codes = spelt.group_by("device").agg(pl.col("code").last())
    checked = checks.drop("severity").join(codes, on="device", maintain_order="left")
    tokens = counted_proofs(spelt, pl.format("no token, error {}, in the session {}", "code", "who"))
    return all_proofs([tokens, proof(checked, pl.lit(USER_CHECK))])


@rule("AGENT-PROXY", needs="line")
def proxy(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose agent found a proxy set for the user."""
    lines = health_lines(tables).filter(pl.col("role") == "proxy", pl.col("payload").str.len_chars() > 0)
    once_each = lines.unique(["device", "payload"], keep="first", maintain_order=True)
    return proof(once_each, pl.col("payload"))
