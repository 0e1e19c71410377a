"""Certificates that are asked for again and again in vain, where no failed status page waited for them."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.looking import events_of
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.findings.rules.page_tries import ITEM, blamed_tries
from autopilot_analysis.findings.rules.quotes import waiting_parts
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.items import called
from autopilot_analysis.tables.verdict import INFO, WARNING

IN_VAIN = 3
"""A request is repeated by itself: so many in vain,"""
IN_VAIN_OVER = timedelta(minutes=30)
"""and over so long, are no slip of a moment."""
REFUSED, ISSUED = "dm:32", "dm:39"
"""Events of a request by SCEP: refused, and its certificate installed."""
UNASKED, UNISSUED = "certenroll:86", "certenroll:87"
"""Events of the component that makes the request: it broke before the request was sent, and behind that."""
OF_THE_CHIP = r"(?i)microsoftaik|/templates/aik/"
"""Addresses at which Windows asks for a certificate of the TPM, which no profile asks for."""
ON_THE_PAGE = r"(?i)\b(?:Certifi|Zertifikat)\w"
"""How the status page calls its part of certificates, in the languages that are known."""
STAGE = r"(?:Stage:\s*|failed:(?:\\[nr]|[^A-Za-z\\])*)([A-Z][A-Za-z]{2,30})\b"
HOST = r"(?i)\bvia https?://([^/\s:]+)"
"""How such an event names the stage that it broke at, and its server."""
NAMELESS, BY_SERVER = r"^certificate request of event \d+$", "^certificate of "
"""How a request is called that no event names, and one that is known by its server alone."""
UNNAMED = "a certificate that no event names"
LASTING = "yes"
"""Marks a code that no later try can mend: one such request says it."""
UNSETTLED = ["", "unfinished"]
"""Outcomes of a last attempt, or none, beside which a few requests in vain are told, quietly."""
BESIDE = {"failed": INFO, "succeeded": WARNING}
"""What it weighs beside a last attempt that ended so: a failed one has a cause of its own."""


@rule("CERTIFICATES-IN-VAIN", needs="install=certificate")
def asked_in_vain(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Certificates whose last requests all failed, under the rule of the last code, with how often and where.

    Those that a failed page waited for are told by the rules of the page; beside another failure of the last
    attempt it is `info`.
    """
    tries = trace.installs.filter(pl.col("kind") == "certificate", pl.col("outcome") != "unfinished")
    ordered = tries.drop_nulls("ended_at").sort("ended_at", maintain_order=True)
    last = _last_issue()
    since = ordered.filter((pl.col("ended_at") > last).fill_null(value=True), pl.col("outcome") == "failed")
    if since.is_empty():
        return no_proof()
    waited_for = blamed_tries(tables, trace, ["failed"], ["certificate"])
    own = since.join(waited_for, on=ITEM, how="anti", maintain_order="left", nulls_equal=True)
    ended = trace.attempts.sort("attempt").group_by("device").agg(pl.col("outcome").last().cast(pl.String))
    weight = dict(ended.rows())
    found = [no_proof()]
    pages = waiting_parts(tables, ON_THE_PAGE).select("device", "member", "record", "detail")
    named = pl.when(~pl.col("item").str.contains(NAMELESS)).then("item").otherwise(pl.lit(UNNAMED))
    own = own.with_columns(item=named).with_columns(
        try_number=pl.when(pl.col("item") == UNNAMED)
        .then(pl.int_range(1, pl.len() + 1).over("device", "item"))
        .otherwise("try_number")
    )
    for (device, _), rows in own.group_by("device", "item", maintain_order=True):
        over = rows["ended_at"][-1] - rows["ended_at"][0]
        name, lasting = _refusal(rows["code"][-1])
        settled = weight.get(str(device), "")
        loud = lasting or (rows.height >= IN_VAIN and over >= IN_VAIN_OVER)
        if loud or settled in UNSETTLED:
            severity = BESIDE.get(settled) if loud else INFO
            own = _proof(rows.with_columns(rule=pl.lit(name), severity=pl.lit(severity, pl.String)))
            family = own.select("device", "rule", "severity", "code", "item").unique()
            beside = pages.join(family, on="device", maintain_order="left")
            found += [own, proof(beside, item=pl.col("item"))] if lasting else [own]
    return all_proofs(found)


def _last_issue() -> pl.Expr:
    """Return when the certificate of a try was last issued; one without a name may be any of its device."""
    issued = pl.when(pl.col("outcome") == "succeeded").then("ended_at")
    nameless, by_server = (pl.col("item").str.contains(shape) for shape in (NAMELESS, BY_SERVER))
    return pl.max_horizontal(
        issued.max().over("device", "item"),
        pl.when(nameless).then(issued.max().over("device")),
        pl.when(by_server).then(pl.when(nameless).then(issued).max().over("device")),
    )


@rule("CERTIFICATE-REFUSED-ALONE", needs=f"event={REFUSED},{UNISSUED}")
def refused_alone(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Failed requests that a text quotes without a time, where neither an attempt nor an issue shows."""
    refused = _refusals(tables, trace, UNISSUED)
    unasked = _alone(tables, trace, [UNASKED])
    return proof(refused.join(unasked, on="device", how="anti", maintain_order="left"))


@rule("CERTIFICATE-UNASKED", needs=f"event={UNASKED}")
def unasked(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Requests that a text quotes without a time, and that broke before they were sent, with their server."""
    refused = _refusals(tables, trace, UNASKED)
    return proof(refused.filter(pl.col("key").eq(UNASKED).any().over("device")))


def _refusals(tables: Tables, trace: Trace, key: str) -> pl.DataFrame:
    """Return refused requests and the events of one key beside them, with their last code.

    `item` is the stage and the server that these events name.
    """
    refused = _alone(tables, trace, [key, REFUSED])
    stage, host = (pl.col("detail").str.extract(shape) for shape in (STAGE, HOST))
    named = pl.concat_str([stage, host], separator=" at ", ignore_nulls=True).replace("", None)
    where = pl.when(pl.col("key") == key).then(named).drop_nulls().last().over("device")
    return refused.with_columns(item=where, code=pl.col("code").drop_nulls().last().over("device"))


def _alone(tables: Tables, trace: Trace, keys: list[str]) -> pl.DataFrame:
    """Return events that a text quotes without a time, of devices without an attempt or an issue."""
    quoted = events_of(tables, keys).filter(
        pl.col("at").is_null(), ~pl.col("detail").fill_null("").str.contains(OF_THE_CHIP)
    )
    known = pl.concat([events_of(tables, [ISSUED]).select("device"), trace.attempts.select("device")])
    return quoted.join(known, on="device", how="anti", maintain_order="left")


def _proof(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the failed requests for one certificate."""
    last = rows.row(-1, named=True)
    server = rows["detail"].str.json_path_match("$.server").drop_nulls()
    host = urlsplit(server[-1]).hostname if len(server) else None
    name = called(last)
    at = f" at {host}" if host and host not in name else ""
    many = rows.height > 1
    often = f", {wording.times(rows.height, rows['ended_at'][0], rows['ended_at'][-1])}" if many else ""
    about = f"{name}{at}{often}"
    of_try = pl.col("detail").str.json_path_match
    ended = pl.concat_str(
        pl.format("request {} ended with {}", "try_number", pl.col("code").fill_null("no code")),
        pl.format(": {}", of_try("$.words")),
        pl.format("; thumbprint of the authority {}", of_try("$.authority")),
        ignore_nulls=True,
    )
    stated = rows.with_columns(at="ended_at", detail=ended, code=pl.lit(last["code"], pl.String))
    return proof(stated, item=pl.lit(about))


def _refusal(code: str | None) -> tuple[str, bool]:
    """Return the rule of a last code, and whether no later try can mend what it says."""
    known = read_facts("certificate_refusals").select("code", "rule", "lasting").iter_rows()
    return next(
        (rule, lasting == LASTING) for shape, rule, lasting in known if re.search(shape, code or "0x")
    )
