"""Win32 and WinGet apps from the agent's logs: every try."""

from __future__ import annotations

import json
from datetime import timedelta

import polars as pl

from autopilot_analysis.codes import OWN_NUMBERS, code_of
from autopilot_analysis.facts import read_facts
from autopilot_analysis.tables.outcomes import FAILED_TRIES
from autopilot_analysis.trace.installs.agent.app_stream import DECIDED, DOWNLOAD, DOWNLOADED, EXITED, INSTALL
from autopilot_analysis.trace.installs.agent.downloads import (
    COUNTED,
    FILE_SIZE,
    FROM_CACHE,
    FROM_HTTP,
    FROM_PEERS,
    read_downloads,
)
from autopilot_analysis.trace.installs.agent.stream import CONTEXTS
from autopilot_analysis.trace.installs.rows import to_detail

NOT_DETECTED = "0x87D1041C"
"""The agent's own code for an installer that succeeded and an app that detection does not find."""

UNINSTALL = "4"
"""The agent's number for the intent to remove an app."""

CUT_OFF = "cut off: the agent's pass ended"
"""Why a try has no end although the agent went on."""

STOOD = "download stalled: no byte came for {} minutes"
"""Why a download has no end although the agent went on counting its bytes."""

STILL_RUNNING = "still running where the log ends"
"""What is said of a try without an end, where nothing else is known of it."""
NOT_LOGGED = "the log of installs is not in the export"
"""Why it is unknown what came of a try."""

END_UNREAD = "its installer ended, and how is not in what was read"
"""Why it is unknown what came of a try whose log ends between the end of its installer and the exit code."""

_NOT_THERE = "installer reported success, detection did not find the app"
_STILL_THERE = "uninstaller succeeded, detection still finds the app"
LEFT_ALONE = timedelta(hours=24)
"""How long the agent leaves an app alone after a failed attempt (the GRS value)."""

_KEYS = ["device", "item"]
_TRY = ["device", "item", "number_of_try"]


def states(scale: str) -> pl.DataFrame:
    """Return one scale of facts/install_states.csv: value, means (an outcome), why."""
    rows = read_facts("install_states").filter(pl.col("scale") == scale)
    return rows.select("value", means="outcome", why="reason")


def stored_number(name: str) -> pl.Expr:
    """Return one number of the agent's stored state as text, null where the JSON has none."""
    return pl.col("payload").str.extract(rf'"+{name}"+: ?(-?\d+)')


def is_stored_state() -> pl.Expr:
    """Return whether a message holds the agent's stored state of an app."""
    return pl.col("role").is_in(["stored", "report"])


def _decides() -> pl.Expr:
    """Return whether a message may decide a try: no exit class does, nor that the next one began.

    What was an error for the page and is none any more was found since: the try that failed did not end well.
    """
    under_way = (pl.col("role") == "verdict") & (pl.col("means") == "unfinished")
    found_since = (pl.col("role") == "esp") & (pl.col("before") == "Error") & (pl.col("means") == "succeeded")
    return (pl.col("role") != "exit_class") & ~under_way & ~found_since.fill_null(value=False)


def locked(value: pl.Expr) -> pl.Expr:
    """Return when the agent may try an app again: LEFT_ALONE after the attempt it wrote down, in UTC."""
    attempt = value.str.to_datetime("%m/%d/%Y %H:%M:%S", time_unit="us", time_zone="UTC", strict=False)
    return attempt + LEFT_ALONE


def build_tries(stream: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each try in a numbered stream, with its times, bytes, exit and outcome.

    What is asked of its messages is collected one after another: each takes the few columns it needs.
    """
    home = pl.col("passage").filter(pl.col("place").is_not_null()).first().over(_TRY)
    tries = stream.lazy().filter(pl.col("number_of_try") > 0).with_columns(home=home)
    within = tries.filter(pl.col("passage") == pl.col("home"))
    downloads = read_downloads(within)
    passes = _within_pass(within).collect().join(downloads, on=_TRY, how="left", maintain_order="left")
    later = tries.group_by(_TRY, maintain_order=True).agg(**_verdicts(), **_holds()).collect()
    return _decide(passes.join(later, on=_TRY, how="left", maintain_order="left"), stream)


def _verdicts() -> dict[str, pl.Expr]:
    """Return what is said of a try in any pass, its own and those after it.

    Where the agent calls it failed and the app was never found, the page's own "Completed" does not outweigh
    that: the page counts an app as done that it does not wait for.
    """
    role = pl.col("role")
    why = pl.col("reason").filter(role.is_in(["error", "interrupted"]))
    reported = pl.when(is_stored_state()).then(stored_number("EnforcementErrorCode"))
    elsewhere = pl.col("detected").filter(pl.col("passage") != pl.col("home"))
    means = pl.col("means").filter(_decides())
    of_agent = pl.col("means").filter(_decides() & (role != "esp")).drop_nulls().last()
    stays_failed = (of_agent == "failed") & ~pl.col("detected").any()
    return {
        "means": pl.when(stays_failed).then(of_agent).otherwise(means.drop_nulls().last()),
        "why": pl.col("why").drop_nulls().last(),
        "reason": pl.coalesce(why.last(), why.first()),
        "code": pl.col("code").drop_nulls().last(),
        "reported": reported.drop_nulls().last(),
        "found_later": elsewhere.drop_nulls().first(),
    }


def _holds() -> dict[str, pl.Expr]:
    """Return what held a try back: the page, waiting, the lock after a failure."""
    role = pl.col("role")
    waited = pl.col("at").filter(role == "wait")
    return {
        "on_page": pl.col("means").filter(role == "esp").drop_nulls().last(),
        "held_from_at": waited.first(),
        "held_until_at": waited.last(),
        "held": (role == "wait").sum(),
        "last_lock": locked(pl.col("payload").filter(role == "lock").last()),
    }


def _within_pass(within: pl.LazyFrame) -> pl.LazyFrame:
    """Return what each try showed inside the pass it ran in."""
    place, moment, role = pl.col("place"), pl.col("moment"), pl.col("role")
    ended = place.is_in([EXITED, DECIDED])
    decided = role.is_in(["winget_result", "package_state"]) & (place == DECIDED)
    exited = moment.filter((place == EXITED) | decided).first()
    uninstalls = ((role == "install_begin") & (pl.col("state").str.to_lowercase() == "uninstall")) | (
        (role == "intent") & (pl.col("number") == UNINSTALL)
    )
    first = place.is_not_null()

    def edge(condition: pl.Expr, name: str, *, last: bool = False) -> list[pl.Expr]:
        at, written = pl.col("at").filter(condition), moment.filter(condition)
        ends = (at.last(), written.last()) if last else (at.first(), written.first())
        return [ends[0].alias(f"{name}_at"), ends[1].alias(f"{name}_written")]

    limit = pl.col("number").filter(role == "install_limit").last().cast(pl.Int64, strict=False)
    waited = moment - moment.filter(role == "install_limit").last()
    back = (role == "install_returned") & (waited < pl.duration(milliseconds=limit))
    full = (place == DOWNLOAD) & (pl.col("bytes") == pl.col("total")) & (pl.col("total") != "0")
    after_exit = (pl.col("moment") >= exited) | exited.is_null()
    times = [
        *edge((place == DOWNLOAD) | (place == DOWNLOADED), "download_started"),
        *edge((place == DOWNLOADED) & (role != "job_done") | full, "download_ended"),
        *edge(place == INSTALL, "started"),
        *edge(ended, "ended"),
        *edge(back, "returned"),
        *_own_look(ended),
        *edge(first, "last_seen", last=True),
    ]
    launched = pl.col("session").drop_nulls().last()
    process = pl.col("number").filter(role == "install_process").last()
    exit_facts = {
        "exit_code": pl.col("exit_code").cast(pl.Int64, strict=False).drop_nulls().last(),
        "exit_class": pl.col("state").filter(role == "exit_class").last(),
        "detected": pl.col("detected").filter(after_exit & exited.is_not_null()).drop_nulls().last(),
    }
    passes = within.group_by(_TRY, maintain_order=True).agg(
        pl.col("member", "record", "clock", "turn", "page").filter(first).first(),
        pl.col("passage").first(),
        *times,
        **exit_facts,
        detected_before=pl.col("known").filter(first).first(),
        process=process.cast(pl.Int64, strict=False),
        context=launched.str.to_lowercase(),
        last_place=place.max(),
        uninstalls=uninstalls.any(),
        collecting=(role == "install_end").any(),
    )
    came_back = pl.col("returned_written").is_not_null()
    return passes.with_columns(
        ended_at=pl.coalesce("ended_at", "returned_at"),
        ended_written=pl.coalesce("ended_written", "returned_written"),
        end_unread=(pl.col("collecting") | came_back) & pl.col("exit_code").is_null(),
    )


def _own_look(ended: pl.Expr) -> list[pl.Expr]:
    """Return when a try was looked for: first after its end, else last; what is found later is not its doing.

    Args:
        ended: Whether a message ends a try.
    """
    looked = pl.col("detected").is_not_null() & pl.col("place").is_null()
    behind = looked & (pl.col("moment") >= pl.col("moment").filter(ended).first()).fill_null(value=False)
    return [
        pl.coalesce(pl.col(name).filter(behind).first(), pl.col(name).filter(looked).last()).alias(called)
        for name, called in (("at", "detected_at"), ("moment", "detected_written"))
    ]


def _decide(tries: pl.DataFrame, stream: pl.DataFrame) -> pl.DataFrame:
    """Return the tries with outcome, reason, code and detail."""
    codes = states("exit_code").select(exit_text="value", by_code="means", code_why="why")
    toolkit = states("toolkit_exit").select(toolkit_text="value", toolkit_why="why")
    classes = states("exit_class").select(exit_class="value", by_class="means", class_why="why")
    last_passage = stream.group_by("device").agg(last_passage=pl.col("passage").max())
    installs_logged = stream.group_by("device").agg(
        installs_logged=(pl.col("stem").str.to_lowercase() == "appworkload").any()
        | (pl.col("place") >= INSTALL).any()
    )
    known = (
        tries.with_columns(exit_text=pl.col("exit_code").cast(pl.String))
        .join(codes, on="exit_text", how="left", maintain_order="left")
        .join(classes, on="exit_class", how="left", maintain_order="left")
        .with_columns(toolkit_text=_toolkit_code())
        .join(toolkit, on="toolkit_text", how="left", maintain_order="left")
        .join(last_passage, on="device", how="left", maintain_order="left")
        .join(installs_logged, on="device", how="left", maintain_order="left")
    )
    exited = pl.coalesce(
        "by_class", "by_code", pl.when(pl.col("exit_code").is_not_null()).then(pl.lit("failed"))
    )
    ok = exited == "succeeded"
    later = pl.when(ok).then("found_later")
    as_wanted = pl.coalesce("detected", later) != pl.col("uninstalls")
    not_found = code_of(pl.col("code"), "failure") == NOT_DETECTED
    lied = ok & ((pl.col("detected") == pl.col("uninstalls")) | not_found)
    only_downloaded = (pl.col("last_place") <= DOWNLOADED) & pl.col("download_ended_written").is_not_null()
    means, went_on = pl.col("means"), pl.col("passage") < pl.col("last_passage")
    nobody_knows = (ok & went_on) | (only_downloaded & ~pl.col("installs_logged")) | pl.col("end_unread")
    by_its_lines = (
        pl.when(lied)
        .then(pl.lit("not_detected"))
        .when(means.is_in(["failed", "succeeded"]))
        .then(means)
        .when(exited == "failed")
        .then(pl.lit("failed"))
        .when(means == "waiting")
        .then(pl.lit("waiting"))
    )
    outcome = (
        by_its_lines.when(ok & as_wanted)
        .then(pl.lit("succeeded"))
        .when(ok & ~as_wanted)
        .then(pl.lit("not_detected"))
        .when(nobody_knows)
        .then(pl.lit("unknown"))
        .otherwise(pl.lit("unfinished"))
    )
    judged = known.with_columns(outcome=outcome, detected=pl.coalesce("detected", later))
    given = pl.coalesce(code_of(pl.col("code"), "failure"), code_of(pl.col("reported"), "failure"))
    code = pl.coalesce(_passed_on(given), given)
    reset = pl.col("outcome").is_in(FAILED_TRIES)
    return judged.with_columns(
        reason=_reason(only_downloaded, went_on),
        code=pl.when(pl.col("outcome") != "succeeded").then(code),
        exit_class=pl.coalesce("exit_class", _class_of_code()),
        detail=_details(known),
        detected_after="detected",
        context=pl.col("context").replace(CONTEXTS),
        next_retry_at=pl.when(reset).then("last_lock"),
    )


def _passed_on(given: pl.Expr) -> pl.Expr:
    """Return the code that an installer ended with, of which the agent's own holds the last half alone.

    Windows' wrap of an error number (HRESULT_FROM_WIN32) keeps 16 bits: 0xC0000005 becomes 0x80070005.

    Args:
        given: The code that the agent gives for the try.
    """
    code = code_of(pl.when(pl.col("exit_code") > OWN_NUMBERS[1]).then("exit_code"), "result")
    half = pl.concat_str(pl.lit("0x8007"), code.str.slice(6))
    return pl.when(given.fill_null(half) == half).then(code)


def _reason(only_downloaded: pl.Expr, went_on: pl.Expr) -> pl.Expr:
    """Return why a try ended as it did, or why nobody knows.

    Args:
        only_downloaded: Nothing behind its download was seen.
        went_on: The agent began another pass after it.
    """
    outcome = pl.col("outcome")
    absent = pl.when("uninstalls").then(pl.lit(_STILL_THERE)).otherwise(pl.lit(_NOT_THERE))
    ended = (
        pl.when(outcome.is_in(["failed", "waiting"]))
        .then(pl.coalesce("reason", "why", "class_why", "code_why", "toolkit_why"))
        .when(outcome == "succeeded")
        .then(pl.coalesce("class_why", "code_why"))
        .when(outcome == "not_detected")
        .then(absent)
        .when((outcome == "unknown") & only_downloaded)
        .then(pl.lit(NOT_LOGGED))
        .when((outcome == "unknown") & pl.col("end_unread"))
        .then(pl.lit(END_UNREAD))
    )
    stands = (pl.col("download_outcome") == "unfinished") & pl.col("standing").is_not_null()
    return (
        ended.when(outcome == "unknown")
        .then(pl.lit("no detection was seen after the installer ended"))
        .when(went_on)
        .then(pl.lit(CUT_OFF))
        .when(stands)
        .then(pl.format(STOOD, pl.col("standing").dt.total_minutes()))
        .otherwise(pl.lit(STILL_RUNNING))
    )


OWN_CODES = (69_000, 79_999)
"""Exit codes that PSAppDeployToolkit leaves to the authors of packages."""


def _toolkit_code() -> pl.Expr:
    """Return an exit code as the scale toolkit_exit spells it."""
    own = pl.col("exit_code").is_between(*OWN_CODES)
    return pl.when(own).then(pl.lit("own_script")).otherwise(pl.col("exit_code").cast(pl.String))


def _class_of_code() -> pl.Expr:
    names = read_facts("install_states").filter(pl.col("scale") == "exit_code")
    return pl.col("exit_text").replace_strict(
        names["value"], names["symbol"], default=None, return_dtype=pl.String
    )


_TELEMETRY = {
    FROM_PEERS: "peers",
    FROM_HTTP: "http",
    FROM_CACHE: "cache",
    "PercentPeerCaching": "peer_percent",
    "DownloadDuration": "download_duration",
    FILE_SIZE: "size",
    COUNTED: "downloaded_bytes",
}


def _details(tries: pl.DataFrame) -> pl.Series:
    """Return the detail column: sizes, where bytes came from, and times as written."""
    columns = [
        "downloaded_bytes",
        "download_size",
        "via",
        "telemetry",
        "detected_at",
        "detected_written",
        "last_seen_at",
        "action",
        "process",
        "held",
        "held_from_at",
        "held_until_at",
    ]
    written = [
        f"{name}_written" for name in ("download_started", "download_ended", "started", "ended", "last_seen")
    ]
    held = pl.when(pl.col("held") > 0).then("held")
    acted = tries.with_columns(action=pl.when("uninstalls").then(pl.lit("uninstall")), held=held)
    rows = acted.select(columns + written).iter_rows(named=True)
    return pl.Series("detail", [to_detail(_detail(row)) for row in rows], dtype=pl.String)


def _detail(row: dict[str, object]) -> dict[str, object]:
    telemetry = row.pop("telemetry")
    if isinstance(telemetry, str):
        try:
            fields = json.loads(telemetry.replace('""', '"'))
        except ValueError:
            fields = {}
        row["bytes_from"] = "telemetry"
        row.update({short: fields[name] for name, short in _TELEMETRY.items() if name in fields})
    elif row["downloaded_bytes"] is not None:
        row["bytes_from"] = "rebuilt"
    row.pop("downloaded_bytes")
    row["size"] = row.get("size", row.pop("download_size"))
    return row
