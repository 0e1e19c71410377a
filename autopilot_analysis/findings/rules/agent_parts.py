"""What parts of the agent's logs show without an attempt: a fallback, a broken check, no user, no end."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.codes import code_of
from autopilot_analysis.findings.looking import once
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.items import CALLED
from autopilot_analysis.trace.installs.agent.apps import END_UNREAD
from autopilot_analysis.trace.installs.agent.messages import find_messages
from autopilot_analysis.wording import EXIT_CODE

EXCEPTION = "Exception happens when processing"
"""How the agent begins what it says of a check that an exception ended, also in its summary."""
WORDS = [
    "Job has failed",
    "downloading content using DO",
    "CDN mode",
    EXCEPTION,
    "active user sessions",
    "valid AAD User session",
]
"""Literals of the messages that this module asks for."""
BEFORE_EXIT = f"the log ends before its {EXIT_CODE}"
REFUSED, LEFT, CAME = "do_refused", "do_given_up", "cdn_done"
"""Patterns of a download: Delivery Optimization failed it, the agent left it, the other way brought it."""


@once
def part_lines(tables: Tables) -> pl.DataFrame:
    """Return the messages of `WORDS` in the order of their log.

    Args:
        tables: What `read_tables` returned.
    """
    lines = tables.log_lines.filter(pl.col("message").str.contains_any(WORDS))
    texts = lines.select("device", "member", "record", detail=pl.col("message").str.split("\n").list.first())
    found = find_messages(lines).sort("order")
    return found.join(texts, on=["device", "member", "record"], how="left", maintain_order="left")


@rule("DOWNLOAD-FELL-BACK", needs="line")
def fell_back(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Downloads that Delivery Optimization failed and that came from the content network right after."""
    steps = part_lines(tables).filter(pl.col("pattern").is_in([REFUSED, LEFT, CAME]))
    if steps.height <= 1:
        return no_proof()
    thread = ["device", "member", "thread"]
    begun = (pl.col("pattern").shift().over(thread).fill_null(CAME) == CAME).cum_sum().over(thread)
    rounds = steps.with_columns(round=begun)
    each = [*thread, "round"]
    of_round = rounds.group_by(each, maintain_order=True).agg(
        came=(pl.col("pattern").last() == CAME) & (pl.len() > 1),
        own_code=code_of(pl.col("code").drop_nulls().first(), "failure"),
        item=pl.col("id").drop_nulls().first().str.to_lowercase(),
    )
    whole = rounds.join(of_round.filter("came"), on=each, nulls_equal=True, maintain_order="left")
    return proof(whole.with_columns(code="own_code"))


@rule("AGENT-CHECK-BROKE", needs="line")
def check_broke(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Checks of its own that the agent could not carry out, with the exception; they judge nothing."""
    broken = broken_checks(tables)
    if broken.is_empty():
        return no_proof()
    return proof(broken.with_columns(code=pl.lit(None, pl.String)), pl.col("error"), pl.col("name"))


def broken_checks(tables: Tables) -> pl.DataFrame:
    """Return the messages of checks that an exception ended, each with its name.

    Args:
        tables: What `read_tables` returned.
    """
    return part_lines(tables).filter(pl.col("role") == "health_exception")


@rule("AGENT-NO-USER-SESSION", needs="line")
def no_user_session(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices on which somebody is signed in and the agent's last look found no user of Entra among them."""
    counts = part_lines(tables).filter(pl.col("role").is_in(["active_sessions", "entra_sessions"]))
    if counts.is_empty():
        return no_proof()
    number = pl.col("number").cast(pl.Int64, strict=False)
    last = counts.group_by("device", "role", maintain_order=True).last().with_columns(number=number)
    nobody = last.filter(pl.col("role") == "entra_sessions", pl.col("number") == 0)
    somebody = last.filter(pl.col("role") == "active_sessions", pl.col("number") > 0)
    nobody = nobody.join(somebody, on="device", how="semi")
    somebody = somebody.join(nobody, on="device", how="semi")
    return all_proofs([proof(somebody), proof(nobody)])


@rule("APP-WITHOUT-END", needs="install=unfinished")
def without_end(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Installers that ran where a log ends, on devices of which no attempt is known."""
    known = trace.attempts.select("device").unique()
    ran = trace.installs.filter(
        pl.col("outcome") == "unfinished",
        pl.col("kind") == "win32",
        pl.col("detail").str.contains('"process"'),
    )
    process = pl.col("detail").str.json_path_match("$.process")
    quote = pl.format(f"installer process {{}} started; {BEFORE_EXIT}", process)
    open_ones = ran.join(known, on="device", how="anti").with_columns(at=pl.col("started_at"))
    return proof(open_ones, quote, CALLED)


@rule("APP-END-UNREAD", needs="install=unknown")
def end_unread(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Installers that had ended where a log ends, ahead of their exit code, on devices without an attempt."""
    ended = trace.installs.filter(pl.col("outcome") == "unknown", pl.col("reason") == END_UNREAD)
    alone = ended.join(trace.attempts, on="device", how="anti").with_columns(at=pl.col("ended_at"))
    minutes = pl.format(" after {} minutes", pl.col("waited").dt.total_minutes()).fill_null("")
    quote = pl.format(f"its installer ended{{}}; {BEFORE_EXIT}", minutes)
    return proof(alone, quote, CALLED)
