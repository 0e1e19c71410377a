"""No app's content came: what the network kept from the device is no fault of one app.

Where the content of one app came from the same place, the way to it works, and the app that lacks its own
content is apart by itself.
"""

from __future__ import annotations

from collections import Counter
from functools import cache

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.looking import UNWELL, in_attempts
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.findings.rules.page_tries import ITEM, download_words
from autopilot_analysis.findings.rules.page_waits import ATTEMPT
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.items import APP, CALLED
from autopilot_analysis.tables.outcomes import CACHED
from autopilot_analysis.tables.verdict import WARNING
from autopilot_analysis.wording import count

LEAST_APPS = 2
"""So many apps without a byte, and none that came, are not one app's content."""
PLACES = {"win32": APP, "winget": f"Store {APP}"}
"""Kinds of apps whose content the agent loads, each from one place, and what such an app is called."""
ON_THE_DEVICE = r"^0x80D0(?:1001|380[13478]|6802)$|^0x8007(?:0070|0422)$"
"""Codes of a download that name what is at fault on the device: its disk, its service, a policy."""
UNPACKED = ["0x87D30065", "0x87D30067"]
"""Codes of content that came and could not be unpacked."""
UNNAMED = "no_content"
"""What facts/ime_patterns.csv calls a line of a download for which the service named no content."""
EXCEPTION = ["WebException", "Web Exception", "SocketException", "HttpRequestException"]
"""Literals of the agent's lines about a connection that failed."""
OF_CONTENT = r"(?i)\bCDN\b|\bdownload"
"""What such a line names where it is about content, and not about the service."""
OF_SERVICE = "SendWebRequest"
ADDRESS = r"\b((?:\d{1,3}\.){3}\d{1,3}:\d{1,5})\b"
NAMED_HOST = r"(?i)(?:could not be resolved: '|is known\. \(|//)([a-z0-9][a-z0-9.-]{2,252}\.[a-z]{2,24})\b"
"""The host that a line names: as an address with its port, else by its name."""
HOST, SOME_HOST = "{host}", "the content host"
"""Stands in facts/content_failures.csv for the host; what it is called where no line names it."""


@rule("NETWORK-NO-CONTENT", needs="install=failed,unfinished; line")
def no_content(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts in which no app's content came: of several apps, or of one whose connection failed."""
    lacking = _lacking(trace)
    if lacking.is_empty():
        return no_proof()
    lines = _failed_connections(tables, trace, lacking)
    failing = lines.select(*ATTEMPT, failing=pl.lit(value=True)).unique()
    judged = lacking.join(failing, on=ATTEMPT, how="left", nulls_equal=True, maintain_order="left")
    empty = pl.col("item").filter("empty").n_unique().over("device", "attempt", "kind")
    enough = (empty >= LEAST_APPS) | ((empty > 0) & pl.col("failing").fill_null(value=False))
    apps = judged.filter(enough)
    if apps.is_empty():
        return no_proof()
    named = apps.join(_about(apps, lines), on=ATTEMPT, nulls_equal=True, maintain_order="left")
    severity = pl.when(pl.col("attempt").is_null()).then(pl.lit(WARNING))
    rows = named.with_columns(at=pl.coalesce("ended_at", "started_at"), code="agreed", severity=severity)
    quote = pl.format("{}{}", CALLED, download_words().fill_null(""))
    quoted = lines.drop("code", strict=False).join(
        rows.select(*ATTEMPT, "about", "agreed", "severity").unique(), on=ATTEMPT, nulls_equal=True
    )
    shown = quoted.with_columns(code="agreed").unique(ATTEMPT, keep="last", maintain_order=True)
    connections = proof(shown, pl.col("message"), pl.col("about"))
    return all_proofs([connections, proof(rows, quote, pl.col("about"))])


def _lacking(trace: Trace) -> pl.DataFrame:
    """Return the first try of each app without content, of attempts in which no content came from its place.

    `empty` says that not a byte of it was counted. A download that still grew at the end shows a network
    that works, and so does what the agent unpacked or began to install.
    """
    apps = trace.installs.filter(pl.col("kind").cast(pl.String).is_in(list(PLACES)))
    tried = pl.col("download_outcome").is_in(["failed", "unfinished"])
    if not apps.select(tried.any()).item():
        return apps.clear().with_columns(empty=pl.lit(value=False))
    ill = trace.attempts.select(*ATTEMPT, ill=pl.col("outcome").cast(pl.String).is_in(UNWELL))
    placed = apps.join(ill, on=ATTEMPT, how="left", maintain_order="left")
    alone = ~pl.col("device").is_in(trace.attempts["device"].implode())
    placed = placed.filter(pl.col("ill").fill_null(value=False) | (pl.col("attempt").is_null() & alone))
    stood = (pl.col("download_outcome") == "failed") | (pl.col("stalls") > 0)
    counted = pl.col("downloaded_bytes").fill_null(0) > 0
    flows = (pl.col("download_outcome") == "unfinished") & ~stood.fill_null(value=False) & counted
    began = (pl.col("kind") == "win32") & pl.col("started_at").is_not_null()
    brought = (pl.col("outcome") == "succeeded") & ~pl.col("detected_before").fill_null(value=False)
    came = (pl.col("download_outcome") == "succeeded") | brought | began
    codes = pl.concat_list(pl.col("code", "download_code")).list
    own = codes.eval(pl.element().str.contains(ON_THE_DEVICE) | pl.element().is_in(UNPACKED)).list.any()
    kept = (pl.col("download_outcome").cast(pl.String) == CACHED).fill_null(value=False)
    works = (came.fill_null(value=False) & ~kept) | flows.fill_null(value=False) | own.fill_null(value=False)
    dry = placed.filter(~works.any().over("device", "attempt", "kind"))
    short = dry.filter(tried & stood.fill_null(value=False), pl.col("reason").ne_missing(_unnamed()))
    empty = (pl.col("downloaded_bytes").fill_null(0) == 0).all().over(ITEM)
    return short.with_columns(empty=empty).unique(ITEM, keep="first", maintain_order=True)


def _failed_connections(tables: Tables, trace: Trace, lacking: pl.DataFrame) -> pl.DataFrame:
    """Return the agent's lines about connections to a content host that failed, with `answer` and `host`.

    A line belongs to the attempt in which it lies; one that no clock places stands in the log of its tries.
    """
    text = pl.col("message")
    lines = tables.log_lines.filter(text.str.contains_any(EXCEPTION))
    if lines.is_empty():
        return lines.with_columns(attempt=pl.lit(None, pl.Int64), answer=text, host=text)
    known = read_facts("content_failures")
    answers = (
        pl.when(text.str.contains(f"(?i){pattern}")).then(pl.lit(answer))
        for pattern, answer in known.select("pattern", "answer").iter_rows()
    )
    host = pl.coalesce(text.str.extract(ADDRESS), text.str.extract(NAMED_HOST))
    about = lines.filter(text.str.contains(OF_CONTENT), ~text.str.contains(OF_SERVICE, literal=True))
    failed = about.with_columns(answer=pl.coalesce(*answers), host=host).drop_nulls("answer")
    begins = lacking.group_by(*ATTEMPT, "member").agg(first=pl.col("record").min())
    near = in_attempts(failed, trace).rename({"attempt": "lies_in"}).join(begins, on=["device", "member"])
    same = pl.col("lies_in").eq_missing(pl.col("attempt")) | pl.col("at").is_null()
    behind = pl.col("record") >= pl.col("first")
    return near.filter(same, behind).drop("severity", "lies_in", "first")


def _about(apps: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Return of each attempt `about`: how many apps, and what became of the connections; and `agreed`."""
    last = lines.group_by(ATTEMPT, maintain_order=True).agg(
        pl.col("answer").last(), pl.col("host").drop_nulls().last()
    )
    named = zip(last.select(ATTEMPT).rows(), last["answer"], last["host"], strict=True)
    why = {key: answer.replace(HOST, host or SOME_HOST) for key, answer, host in named}
    rows = []
    for key, own in apps.group_by(ATTEMPT, maintain_order=True):
        kinds = own.group_by(pl.col("kind").cast(pl.String), maintain_order=True).len().iter_rows()
        counted = " and ".join(count(number, PLACES[kind]) for kind, number in kinds)
        codes = own["download_code"].drop_nulls().to_list() or own["code"].drop_nulls().to_list()
        agreed = Counter(codes).most_common(1)
        about = f"{counted}, {why[key]}" if key in why else counted
        rows.append((*key, about, agreed[0][0] if agreed else None))
    schema = {"device": pl.String(), "attempt": pl.Int64(), "about": pl.String(), "agreed": pl.String()}
    return pl.DataFrame(rows, schema=schema, orient="row")


@cache
def _unnamed() -> str:
    """Return why a download fails of which the service never said where its content lies."""
    return str(read_facts("ime_patterns").filter(id=UNNAMED)["reason"][0])
