"""Apps that ended well and were not found: where their rule looked, and what their end itself shows.

A restart that is still due, an installer that hardly ran and a failure that a wrapper hid are no wrong rule.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.codes.meaning import HARD_RESTART, SOFT_RESTART, restarts
from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.guids import GUID
from autopilot_analysis.findings.looking import boots, events_of, once, registry
from autopilot_analysis.findings.rule import all_proofs, proof, rule
from autopilot_analysis.findings.rules.later_looks import OF_AN_APP, VERDICT_WORDS
from autopilot_analysis.findings.rules.page_tries import IS_REMOVAL, ITEM, blamed_tries, how_it_ended
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.items import CALLED
from autopilot_analysis.tables.outcomes import FAILED_TRIES
from autopilot_analysis.trace.installs.agent.apps import NOT_DETECTED

NOT_FOUND = "applicationDetected: False"
LOOKED_AT = (
    r"(?i)(?:Checked filePath|Path doesn't exists?): *(.+?),? *(?:Exists: \w+, *)?applicationDetected: False"
)
"""How the agent writes the file or folder that a detection rule did not find."""
VERDICT = rf"{OF_AN_APP}(\w+)"
OF_SYSTEM = r"(?i)\\(?:system32|syswow64)\\config\\systemprofile(?:\\|$)"
"""The profile of the system account, which the variables of a user lead to when no user runs the rule."""
FILE = ["device", "member", "thread"]
RESTARTS = (SOFT_RESTART, HARD_RESTART)
RESTART_DUE = r"\\win32app_({})"
"""Where the page keeps of an app whether a restart is due: RebootRequired is 2 (soft) or 3 (hard)."""
HARDLY_RAN = timedelta(seconds=1)
"""In so short a time no installer puts in a package of a megabyte,"""
LEAST_PACKAGE = 1_000_000
QUICKEST = 50_000_000
"""nor does any put in so many bytes a second."""
RECORDED_WITHIN = timedelta(minutes=1)
"""Windows Installer records what came of a product so soon after the program that ran it."""
RECORDED = "installer:1033"
"""Windows Installer's record of a product that was installed: its name, version, language and status."""
TRY = [*ITEM, "try_number"]
LOOKED = pl.format("the detection rule looked at {} and found nothing", "path")


def _missed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return apps whose installer succeeded and which were not found, with the try that the page blames."""
    blamed = blamed_tries(tables, trace, FAILED_TRIES).filter(
        (pl.col("outcome") == "not_detected") | (pl.col("code") == NOT_DETECTED), ~IS_REMOVAL
    )
    return blamed.with_columns(code=pl.lit(NOT_DETECTED))


@once
def _looks(tables: Tables) -> pl.DataFrame:
    """Return where the last detection of each app looked in vain: device, app, member, record, at, path.

    A rule's own line does not name the app: the next verdict of the same thread does.
    """
    about = tables.log_lines.filter(pl.col("message").str.contains_any([NOT_FOUND, VERDICT_WORDS]))
    lines = about.with_columns(pl.col("thread").fill_null(0), pl.col("record").cast(pl.Int64))
    looks = lines.with_columns(path=pl.col("message").str.extract(LOOKED_AT))
    parts = pl.col("message").str.to_lowercase().str.extract_groups(VERDICT)
    verdicts = lines.select(
        *FILE, "record", app=parts.struct[0], state=parts.struct[1], verdict="record"
    ).drop_nulls("app")  # fmt: skip
    met = looks.drop_nulls("path").sort("record").join_asof(
        verdicts.sort("record"), on="record", by=FILE, strategy="forward", check_sortedness=False
    )  # fmt: skip
    last = pl.col("verdict") == pl.col("verdict").last().over("device", "app")
    ordered = met.filter(pl.col("state") == "notdetected").sort("at", "record", maintain_order=True)
    return ordered.filter(last).select("device", "app", "member", "record", "at", "path")


def _places(tables: Tables, missed: pl.DataFrame) -> pl.DataFrame:
    """Return, for apps that were not found, the lines in which their rule says where it looked."""
    if missed.is_empty():
        return missed.with_columns(path=pl.lit(None, dtype=pl.String))
    apps = missed.select("device", "attempt", "code", "name", "item", app=pl.col("item").str.to_lowercase())
    return _looks(tables).join(apps.unique(maintain_order=True), on=["device", "app"], maintain_order="left")


@once
def _restart_due(tables: Tables) -> pl.DataFrame:
    """Return the apps of which the page keeps that a restart is due: device, app, and the value's own row."""
    kept = registry(tables, r"\\sidecar\\win32app_", "^rebootrequired$").filter(
        pl.col("value").is_in(["2", "3"])
    )
    app = pl.col("key").str.to_lowercase().str.extract(RESTART_DUE.format(GUID))
    return kept.with_columns(app=app).drop_nulls("app")


def _before_restart(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the missed apps that asked for a restart which had not come when they were looked for."""
    missed = _missed(tables, trace).with_columns(app=pl.col("item").str.to_lowercase())
    due = _restart_due(tables).select("device", "app").unique().with_columns(kept=pl.lit(value=True))
    asks = (
        pl.col("exit_class").is_in(RESTARTS) | pl.col("exit_code").is_in(restarts(*RESTARTS)) | pl.col("kept")
    )
    asked = missed.join(due, on=["device", "app"], how="left", maintain_order="left").filter(
        asks.fill_null(value=False)
    )
    looked = (
        pl.col("detail").str.json_path_match("$.detected_at").str.to_datetime(time_zone="UTC", strict=False)
    )
    restarted = asked.join(boots(trace), on="device").filter(
        pl.col("boot_at") > pl.col("ended_at"), pl.col("boot_at") < looked
    )
    return asked.join(restarted, on=TRY, how="anti", maintain_order="left")


def _recorded(tables: Tables, missed: pl.DataFrame) -> pl.DataFrame:
    """Return what Windows Installer recorded while an app's installer ran: product, version, status."""
    fields = {
        name: pl.col("detail").str.json_path_match(f"$.Data[{n}]")
        for n, name in enumerate(("product", "release", None, "status"))
        if name
    }
    events = events_of(tables, [RECORDED]).select("device", "member", "record", "at", **fields)
    spans = missed.select(*TRY, "name", "code", "started_at", "ended_at")
    met = spans.join(events, on="device", maintain_order="left")
    return met.filter(pl.col("at").is_between("started_at", pl.col("ended_at") + RECORDED_WITHIN))


def _is_good() -> pl.Expr:
    """Return whether Windows Installer recorded a good end, one that asks for a restart among them."""
    return pl.col("status").is_in(["0", *map(str, restarts(*RESTARTS))])


def _hidden(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the failures that Windows Installer recorded while an installer ran that reported success."""
    missed = _missed(tables, trace).join(
        _before_restart(tables, trace), on=TRY, how="anti", maintain_order="left"
    )
    return _recorded(tables, missed).filter(~_is_good())


def _hardly_ran(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the missed apps whose installer ran too short for its package, and put in no product."""
    missed = _missed(tables, trace)
    rate = pl.col("download_size") / (pl.col("waited").dt.total_microseconds() / 1_000_000)
    short = (pl.col("waited") <= HARDLY_RAN) & (pl.col("download_size") >= LEAST_PACKAGE)
    quick = missed.filter(pl.col("exit_code") == 0, (short | (rate >= QUICKEST)).fill_null(value=False))
    others = [_recorded(tables, missed).select(TRY), _before_restart(tables, trace).select(TRY)]
    return quick.join(pl.concat(others), on=TRY, how="anti", maintain_order="left")


@rule("ESP-DETECTED-AFTER-RESTART", needs="failed=device_setup,account_setup; install=not_detected,failed")
def detected_after_restart(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps that wait for a restart, and were looked for before."""
    waits, named = _before_restart(tables, trace), CALLED
    kept = _restart_due(tables).join(
        waits.select("device", "app", "attempt", "code", "item", app_name="name"), on=["device", "app"]
    )
    about = pl.coalesce("app_name", "item")
    ended = pl.concat_str(how_it_ended(), pl.lit("; not found before a restart"))
    return all_proofs([proof(waits, ended, named), proof(kept, item=about)])


@rule("ESP-FAILURE-HIDDEN", needs="failed=device_setup,account_setup; install=not_detected,failed")
def failure_hidden(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps whose command reported success although Windows Installer recorded a failure under it."""
    failures, named = _hidden(tables, trace), CALLED
    missed = _missed(tables, trace)
    tries = missed.join(failures, on=TRY, how="semi", maintain_order="left")
    words = pl.format("Windows Installer, under it: {}, status {}", "product", "status")
    ended = pl.concat_str(how_it_ended(), pl.lit("; it failed inside"))
    toolkit = (
        pl.col("exit_code")
        .cast(pl.String)
        .replace_strict(_of_toolkit(), default=None, return_dtype=pl.String)
    )
    mapped = missed.with_columns(why=toolkit).drop_nulls("why")
    as_good = pl.concat_str(
        ended, pl.lit(": "), pl.col("why"), pl.lit("; its return codes call that a success")
    )
    return all_proofs(
        [proof(failures, words, named), proof(tries, ended, named), proof(mapped, as_good, named)]
    )


@cache
def _of_toolkit() -> dict[str, str]:
    """Return the exit codes by which PSAppDeployToolkit says that it failed or was put off, in words."""
    rows = read_facts("install_states").filter(pl.col("scale") == "toolkit_exit")
    return dict(rows.select("value", "reason").iter_rows())


@rule("ESP-INSTALLER-HARDLY-RAN", needs="failed=device_setup,account_setup; install=not_detected,failed")
def installer_hardly_ran(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps whose command ended too soon to have put in anything, whatever it reported."""
    rows = _hardly_ran(tables, trace)
    size = pl.Series("size", [wording.size(one) for one in rows["download_size"]], dtype=pl.String)
    span = pl.Series("span", [wording.span(one) for one in rows["waited"]], dtype=pl.String)
    words = pl.format(
        "{}; it hardly ran: {} for a package of {}",
        how_it_ended(),
        "span",
        "size",
    )
    return proof(rows.with_columns(span, size), words, CALLED)


@rule("ESP-APP-NOT-DETECTED", needs="failed=device_setup,account_setup; install=not_detected,failed")
def installed_yet_not_detected(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps whose installer succeeded, whose detection rule then did not find them, and the page failed."""
    missed, named = _missed(tables, trace), CALLED
    put_in = _recorded(tables, missed).filter(_is_good())
    product = pl.format("Windows Installer put in {}, version {}", "product", "release")
    places = proof(_places(tables, missed), LOOKED, named)
    return all_proofs([proof(missed, how_it_ended(), named), places, proof(put_in, product, named)])


@rule("ESP-DETECTION-PROFILE", needs="failed=device_setup,account_setup; install=not_detected,failed")
def looked_into_the_profile_of_the_system(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps that were looked for in the profile of the system account, where no user's installer puts them."""
    missed, named = _missed(tables, trace), CALLED
    there = _places(tables, missed).filter(pl.col("path").str.contains(OF_SYSTEM))
    tries = missed.join(there, on=["device", "attempt", "item"], how="semi")
    return all_proofs([proof(there, LOOKED, named), proof(tries, how_it_ended(), named)])
