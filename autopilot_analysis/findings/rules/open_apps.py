"""Apps that were not done when the page gave up: installing, downloading, or waiting for a restart."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts.quotes import kinds
from autopilot_analysis.findings.looking import boots, known_exit
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.findings.rules.apps import RESTART
from autopilot_analysis.findings.rules.dependencies import excused
from autopilot_analysis.findings.rules.page_parts import AFTER_THE_PAGE, open_parts
from autopilot_analysis.findings.rules.page_tries import (
    AT_DOWNLOAD,
    AT_INSTALLER,
    ITEM,
    OPEN,
    blamed_tries,
    cause_lines,
    download_words,
    how_it_ended,
    out_of_time,
)
from autopilot_analysis.findings.rules.preparation import TIME_OUT
from autopilot_analysis.findings.rules.quotes import quoted_errors
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.items import CALLED

LOADING = pl.col("download_outcome").cast(pl.String).eq_missing("unfinished") | (
    (pl.col("kind") == "winget")
    & pl.col("download_started_at").is_not_null()
    & pl.col("download_ended_at").is_null()
)
"""Whether the content of an app had not arrived; WinGet loads it in the step that installs."""

PAGES = [kind.kind for kind in kinds() if kind.rule in ("PAGE-TIMED-OUT", "PAGE-SETUP-FAILED")]
"""Kinds of facts/quotes.csv that say that a page of setup stopped."""
TOUCHED = pl.coalesce("started_at", "download_started_at")


@rule("ESP-APP-HUNG", needs="failed=device_setup,account_setup; install=unfinished,waiting")
def app_hung(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps that were still installing when the status page's timer ended."""
    hung = (
        _open_at_the_end(tables, trace)
        .filter(~LOADING)
        .join(awaiting_restart(tables, trace), on=ITEM, how="anti")
        .join(excused(tables, trace), on=ITEM, how="anti")
    )
    return all_proofs([proof(hung, how_it_ended(), CALLED), cause_lines(hung)])


@rule(
    "ESP-OFFICE-OPEN", needs="failed=device_setup,account_setup; install=office; install=unfinished,waiting"
)
def office_open(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Microsoft 365 Apps where it alone was not done when the page ended at its apps, or out of time."""
    left = blamed_tries(tables, trace, OPEN).filter(pl.col("blocking").fill_null(value=True))
    alone = left.filter(pl.col("item").n_unique().over("device", "attempt") == 1)
    office = alone.filter(pl.col("kind") == "office", pl.col("outcome") != "never_started")
    if office.is_empty():
        return no_proof()
    shown = open_parts(tables).filter(pl.col("part") == "Apps").select("device", phased="phase")
    timed = out_of_time(trace).select("device", phased=pl.col("stage").cast(pl.String).str.head(-6))
    ended = pl.concat([shown, timed]).unique()
    stood = office.with_columns(phased=pl.coalesce(pl.col("phase").cast(pl.String), pl.lit("device")))
    quote = pl.format("outcome {}; no end of its setup was recorded", "outcome")
    return proof(stood.join(ended, on=["device", "phased"], how="semi"), quote, CALLED)


@rule("ESP-DOWNLOAD-OPEN", needs="failed=device_setup,account_setup; install=unfinished,waiting")
def download_open(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps that were still downloading when the status page's timer ended: no installer of theirs hung."""
    quote = pl.concat_str(how_it_ended(), download_words())
    return proof(_open_at_the_end(tables, trace).filter(LOADING), quote, CALLED)


def _open_at_the_end(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the apps without an end in the phases whose timer ended."""
    timed = out_of_time(trace).select("device", "attempt").unique()
    return blamed_tries(tables, trace, ["unfinished", "waiting"]).join(
        timed, on=["device", "attempt"], how="semi"
    )


@rule("PAGE-APP-OPEN", needs=f"install=unfinished; property={','.join(PAGES)}")
def open_on_a_quoted_page(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps without an end that a page waited for which, as somebody wrote it down, ran out of time."""
    quoted = quoted_errors(tables, trace)
    late = (pl.col("rule") == "PAGE-TIMED-OUT") | (
        (pl.col("rule") == "PAGE-SETUP-FAILED") & (pl.col("code") == TIME_OUT)
    )
    pages = quoted.filter(late.fill_null(value=False))
    phases = pages.select("device", phased=pl.col("stage").str.strip_suffix("_setup")).unique()
    later = trace.installs.filter(pl.col("outcome") == "succeeded").select("device", "item")
    waited = trace.installs.filter(
        pl.col("outcome") == "unfinished", pl.col("blocking").fill_null(value=False)
    ).join(later, on=["device", "item"], how="anti", maintain_order="left")
    beside = waited.join(phases, on="device", maintain_order="left").filter(
        pl.coalesce(pl.col("phased") == pl.col("phase").cast(pl.String), pl.lit(value=True))
    )
    own = beside.with_columns(
        at=TOUCHED, stage=pl.concat_str("phase", pl.lit("_setup")), item=_called_with_time()
    )
    shown = pages.select("device", "member", "record", "at", "quote").join(
        own.select("device", "attempt", "stage", "item").unique(maintain_order=True), on="device"
    )
    return all_proofs([proof(own, _begun(), pl.col("item")), proof(shown, pl.col("quote"), pl.col("item"))])


def _called_with_time() -> pl.Expr:
    """Return an app with where it stood: at its download or at its installer."""
    stood = pl.when(LOADING).then(pl.lit("still downloading")).otherwise(pl.lit("still installing"))
    return pl.format("{} ({})", CALLED, stood)


def _begun() -> pl.Expr:
    """Return when download and installer of an app began, as its log writes it, and that no end shows."""
    steps = {
        "download began": "download_started",
        "download ended": "download_ended",
        "installer began": "started",
    }
    written = [
        pl.format(
            f"{words} {{}}",
            pl.col("detail").str.json_path_match(f"$.{name}_written").str.slice(11, 8),
        )
        for words, name in steps.items()
    ]
    size = pl.format("{} MB to download", pl.col("download_size") // 1_000_000)
    return pl.concat_str([*written, size, pl.lit("no end in the log")], separator=", ", ignore_nulls=True)


@rule("ESP-APP-LATE", needs="failed=device_setup,account_setup; install=succeeded")
def app_late(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps that were at work when the status page's timer ended, and were installed after it."""
    late = blamed_tries(tables, trace, ["succeeded"]).filter(pl.col("ended_at") > pl.col("gave_up_at"))
    loading = pl.col("started_at").is_null() | (pl.col("started_at") > pl.col("gave_up_at"))
    stood = pl.when(loading).then(pl.lit(AT_DOWNLOAD)).otherwise(pl.lit(AT_INSTALLER))
    minutes = (pl.col("ended_at") - pl.col("gave_up_at")).dt.total_minutes()
    quote = pl.format(f"{{}}; it was installed {{}}{AFTER_THE_PAGE}", stood, minutes)
    return proof(late.with_columns(at="gave_up_at"), quote, CALLED)


@rule("ESP-RESTART-AWAITED", needs="failed=device_setup,account_setup; install=waiting")
def restart_awaited(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps that went on only after a restart, which did not come while the page waited.

    Those whose installer asked for it are named; the others, which the agent held back for it, only where
    no such app is known.
    """
    waiting = awaiting_restart(tables, trace)
    asked = pl.col("exit_code").is_not_null()
    own = waiting.filter(asked | ~asked.any().over("device", "attempt"))
    return proof(own, pl.format("{}, {}", "reason", known_exit()), CALLED)


def awaiting_restart(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the apps that still waited for a restart when the page gave up, and no start of Windows came."""
    waiting = _open_at_the_end(tables, trace).filter(RESTART)
    timed = out_of_time(trace).group_by("device", "attempt").agg(over_at=pl.col("at").max())
    came = waiting.join(timed, on=["device", "attempt"]).join(boots(trace), on="device")
    between = came.filter(pl.col("boot_at").is_between(pl.col("at"), pl.col("over_at")))
    return waiting.join(between, on=ITEM, how="anti", maintain_order="left")
