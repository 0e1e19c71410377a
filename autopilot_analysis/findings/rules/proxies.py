"""A fixed proxy of the system that the network of the moment does not know, and what failed for want of it.

With a fixed proxy WinHTTP asks for the proxy's name alone, and connects to nothing else: what could not be
resolved or connected to is the proxy, unless the host goes past it.
"""

from __future__ import annotations

import re
from fnmatch import fnmatch

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.looking import failed_runs, properties
from autopilot_analysis.findings.meaning import ENROLLMENT
from autopilot_analysis.findings.rule import NEVER, all_proofs, proof, rule
from autopilot_analysis.findings.rules.enrollment import no_session
from autopilot_analysis.findings.rules.page_waits import ATTEMPT
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.story import STAGES

NUMBERS = r"^(?:\w+://)?(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-fA-F:.]+\])(?::\d+)?$"
"""A proxy that is named by its address: there is no name to resolve."""
SECURE = r"(?i)\bhttps=([^;\s]+)"
"""The proxy of TLS, where each protocol has its own."""
MARKS = "\"', "
FAILURES = read_facts("proxy_failures").drop("page")


@rule("NETWORK-PROXY-UNREACHED", needs="property=proxy server; attempt=failed,unfinished")
def proxy_unreached(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts that failed by a code that speaks of the fixed proxy which the same export shows."""
    proxies = _proxies(tables)
    of_device = proxies.select("device", "proxy", "past")
    by_number = pl.col("proxy").str.contains(NUMBERS)
    failed = unreached(tables, trace).join(of_device, on="device", maintain_order="left")
    met = failed.join(FAILURES, how="cross", maintain_order="left").filter(
        pl.col("code").str.ends_with(pl.col("tail")),
        pl.col("named").is_null() | ~by_number,
        ~pl.col("stage").is_in("past"),
    )
    failures = met.select(*ATTEMPT, "code", "stage", "what", "severity").unique(maintain_order=True)
    kept = failures.join(proxies.drop("past"), on="device", maintain_order="left").with_columns(at=NEVER)
    item = pl.concat_str("proxy", pl.lit(", "), "what")  # as a format it breaks off on rows of a cross join
    return all_proofs([proof(rows, item=item) for rows in (met, kept)])


def _proxies(tables: Tables) -> pl.DataFrame:
    """Return the fixed proxy of each device as netsh shows it, with the stages whose hosts go past it."""
    rows = properties(tables, "^proxy server$", r"\w").unique("device", keep="first", maintain_order=True)
    past = properties(tables, "^bypass list$").select("device", bypass="value").unique("device", keep="first")
    joined = rows.join(past, on="device", how="left", maintain_order="left")
    stages = [_stages_past(value) for value in joined["bypass"]]
    own = pl.coalesce(pl.col("value").str.extract(SECURE), pl.col("value").str.extract(r"^([^;]+)"))
    return joined.with_columns(
        pl.Series("past", stages, pl.List(pl.String)), proxy=own.str.strip_chars(MARKS)
    )


def _stages_past(bypass: str | None) -> list[str]:
    """Return the stages of which a host goes past the proxy: it was asked for itself."""
    shapes = [shape.strip(MARKS).lower() for shape in re.split(r"[;,\s]+", bypass or "") if shape]
    hosts = read_facts("endpoints").select("stage", "hosts").drop_nulls().iter_rows()
    return [
        stage
        for stage, names in hosts
        if any(
            fnmatch(host.replace("*", "x").lower(), shape) for host in names.split(" ") for shape in shapes
        )
    ]


def unreached(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the failed stages, and the sessions in vain, with their code, detail and stage."""
    columns = [*ATTEMPT, "member", "record", "at", "code", "detail", "stage"]
    runs = failed_runs(trace, STAGES).with_columns(pl.col("stage").cast(pl.String))
    sessions = no_session(tables, trace).with_columns(detail="quote", stage=pl.lit(ENROLLMENT))
    return pl.concat([runs.select(columns), sessions.select(columns)]).drop_nulls("code")
