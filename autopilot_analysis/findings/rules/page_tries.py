"""What the status page waited for in the phase that failed: tries, how they ended, whose time ran out."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from autopilot_analysis.facts.marks import ESP_TIMED_OUT
from autopilot_analysis.findings.looking import failed_runs, known_exit, once
from autopilot_analysis.findings.rule import proof
from autopilot_analysis.findings.rules.later_looks import with_last_look
from autopilot_analysis.findings.rules.page_parts import are_beside_the_end
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.items import CALLED
from autopilot_analysis.tables.story import APPS, PHASES, in_words
from autopilot_analysis.trace.installs.agent.apps import LEFT_ALONE
from autopilot_analysis.trace.installs.agent.tries import OFFERED
from autopilot_analysis.trace.installs.agent.untried import ONLY_LISTED
from autopilot_analysis.wording import IN_MINUTES, IN_ZONE, TO_THE_MINUTE, whole_span

TIMED_OUT = ["0x800705B4", "0x81036502"]
"""What a phase carries that ran out of time, also where no event tells of its end: its own, an app's."""
BACKGROUND = r"^asked for by "
"""Reason of a package that Windows installs, updates or removes by itself: the page does not track it."""
AT_INSTALLER = "its installer had begun"
AT_DOWNLOAD = "its download had begun and its installer had not"
AT_DETECTION = "its installer had ended well and its detection had not come to an end"
NOT_BEGUN = "nothing shows that its installer began"
"""Where an app without an end stood when the page gave up; the reason of its try follows."""
IS_REMOVAL = (pl.col("detail").str.json_path_match("$.action") == "uninstall").fill_null(value=False)
"""Whether a try is one to remove an app: its error is no failed installation; to be found is no success."""
IS_OFFERED = pl.col("detail").str.json_path_match(f"$.{OFFERED}").is_not_null()
"""Whether an app is one that users may ask for: no page waits for it, and it is no part of a deployment."""
PAGE_LISTS = ["EnrollmentStatusTracking", "ESPTrackingInfo", "EspTrackingWin32Apps"]
"""Places of the registry that hold the states which the page was given, and nothing of an installer."""
OF_LISTS = pl.col("detail").str.json_path_match("$.registry").is_in(PAGE_LISTS) & pl.all_horizontal(
    pl.col("reason", "code", "exit_code", "started_at", "cause").is_null()
)
LISTED = ((pl.col("reason") == ONLY_LISTED) | OF_LISTS).fill_null(value=False)
"""Whether an app is known to have failed by its state for the page alone, and nothing shows its installer."""
ITEM = ["device", "attempt", "item"]
"""What tells one app of an attempt from every other."""
_OF_PAGE = ["over_at", "over_written"]
"""When a phase was over: the instant, and the time by the device's own clock."""
OPEN = ["unfinished", "waiting", "never_started"]
"""Outcomes of what the page still waited for."""


def out_of_time(trace: Trace) -> pl.DataFrame:
    """Return the failed phases that ran out of time: as the page says, else as their code does."""
    runs = failed_runs(trace, PHASES)
    on_esp = pl.col("mark").fill_null("").str.starts_with("esp_")
    late = pl.when(on_esp).then(pl.col("mark") == ESP_TIMED_OUT).otherwise(pl.col("code") == TIMED_OUT[0])
    late = late.fill_null(value=False) | (pl.col("code") == TIMED_OUT[1]).fill_null(value=False)
    return runs.filter(late, pl.col("member").is_not_null())


def on_the_page() -> pl.Expr:
    """Return whether the page may wait for an item: one in its set, else none of Windows' own or offered."""
    own = pl.col("reason").fill_null("").str.contains(BACKGROUND)
    return pl.col("blocking").fill_null(value=~own & ~IS_OFFERED)


def outside(trace: Trace) -> pl.Expr:
    """Return whether a try at an app is no part of a deployment of its device that is known.

    It lies apart from all of them in time, or its app is one that users may ask for.

    Args:
        trace: What `build_trace` returned.
    """
    deployed = pl.col("device").is_in(trace.attempts["device"].unique().implode())
    apart = pl.col("attempt").is_null() | IS_OFFERED
    return deployed & apart & pl.col("kind").is_in(APPS)


@once
def _failed_phases(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the phases of the page that failed, with the last end of each, and when its time ran out.

    `over_written` is that end by the device's own clock, where a log wrote it.
    """
    failed = trace.stage_runs.filter(pl.col("stage").is_in(PHASES), pl.col("outcome") == "failed")
    phase = ["device", "attempt", "ended"]
    late = out_of_time(trace).group_by("device", "attempt", ended=pl.col("stage").cast(pl.String))
    written = tables.log_lines.select(
        "device", "written_at", ended_member="member", ended_record="record"
    ).drop_nulls("written_at")
    return (
        failed.join(written, on=["device", "ended_member", "ended_record"], how="left")
        .group_by("device", "attempt", ended=pl.col("stage").cast(pl.String))
        .agg(over_at=pl.col("ended_at").max(), over_written=pl.col("written_at").max())
        .join(late.agg(gave_up_at=pl.col("at").max()), on=phase, how="left")
    )


def _written(name: str) -> pl.Expr:
    """Return a time of a try by the clock of its own log, which names no zone."""
    stored = pl.col("detail").str.json_path_match(f"$.{name}_written")
    return stored.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False)


@once
def _mended(trace: Trace) -> pl.DataFrame:
    """Return when each item last ended well, by which of its tries, and when by the clock of its log."""
    good = trace.installs.filter(pl.col("outcome") == "succeeded")
    return good.group_by("device", "item").agg(
        good_at=pl.col("ended_at").max(),
        good_try=pl.col("try_number").max(),
        good_written=_written("ended").max(),
    )


def _mended_in_time() -> pl.Expr:
    """Return whether a later try brought an item while its phase of the page ran.

    Where a log names no zone the numbers of the tries tell their order, and its own clock whether the page
    had ended by then; where that is not known, an item that is there in the end is no cause.
    """
    too_late = (pl.col("good_at") > pl.col("over_at")) | (pl.col("ended_at") > pl.col("good_at"))
    came_after = (pl.col("good_try") > pl.col("try_number")).fill_null(value=False)
    page_was_over = (pl.col("good_written") > pl.col("over_written")).fill_null(value=False)
    dated = pl.col("good_at").is_not_null()
    return pl.when(dated).then(~too_late.fill_null(value=False)).otherwise(came_after & ~page_was_over)


def blamed_tries(
    tables: Tables, trace: Trace, outcomes: Sequence[str], kinds: Sequence[str] = APPS
) -> pl.DataFrame:
    """Items that ended badly in the phase of the page that failed, in a part that may have ended it."""
    judged = _such(_judged(tables, trace), outcomes, kinds)
    return _undoubled(judged.filter(~pl.col("beside")))


def tries_beside(tables: Tables, trace: Trace, outcomes: Sequence[str]) -> pl.DataFrame:
    """Apps that ended badly in the phase of the page that failed, and whose part did not end it."""
    beside = _undoubled(_such(_judged(tables, trace), outcomes, APPS).filter("beside"))
    blamed = blamed_tries(tables, trace, outcomes)
    return beside.join(blamed, on=["device", "attempt", "item"], how="anti", maintain_order="left")


@once
def _judged(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return every item of a phase that failed, and whether its part of the page is beside the end.

    An app that a later look found is there since, although no try of it ended well; one that was found while
    the page still waited is no item of it.
    """
    items = with_last_look(_of_failed_phases(tables, trace), tables)
    found = (pl.col("there") & ~IS_REMOVAL).fill_null(value=False)
    in_time = pl.coalesce(
        pl.col("looked_at") <= pl.col("over_at"),
        pl.col("looked_written") <= pl.col("over_written"),
        pl.col("looked_at").is_null(),
    )
    found_since = pl.when(found).then("looked_at")
    items = items.filter(~(found & in_time))
    items = items.with_columns(good_at=pl.coalesce("good_at", found_since)).drop(_OF_PAGE)
    return items.with_columns(beside=are_beside_the_end(items, tables, trace))


def _such(items: pl.DataFrame, outcomes: Sequence[str], kinds: Sequence[str]) -> pl.DataFrame:
    return items.filter(pl.col("outcome").is_in(outcomes), pl.col("kind").is_in(kinds))


def _undoubled(tries: pl.DataFrame) -> pl.DataFrame:
    if tries.height > 1:
        own = [name for name in tries.columns if name not in ("ended", "gave_up_at", "beside")]
        tries = tries.unique(own, keep="first", maintain_order=True)
    return tries.drop("ended", "beside")


def tries_of_failed_phases(
    tables: Tables, trace: Trace, outcomes: Sequence[str], kinds: Sequence[str]
) -> pl.DataFrame:
    """Items of some kinds that ended badly, not mended while it ran, in a phase of the page that failed.

    An item of unknown phase may belong to either; `ended` is the phase, `gave_up_at` when its time ran out.
    What was begun only after that kept nobody waiting.
    """
    return _such(_of_failed_phases(tables, trace), outcomes, kinds).drop(_OF_PAGE)


@once
def _of_failed_phases(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return every item of a phase of the page that failed, and was not mended while it ran.

    `good_at` is when it ended well since: what went well before the try, perhaps in an earlier deployment,
    mended nothing.
    """
    phase = pl.concat_str(pl.col("phase").cast(pl.String), pl.lit("_setup"))
    bad = (
        trace.installs.filter(on_the_page())
        .join(_mended(trace), on=["device", "item"], how="left")
        .join(_failed_phases(tables, trace), on=["device", "attempt"])
        .filter(~_mended_in_time(), ~begun_after(pl.col("gave_up_at")), ~_came_behind())
        .filter((phase == pl.col("ended")).fill_null(value=True))
    )
    bad = bad.drop("good_try", "good_written").with_columns(at=pl.coalesce("ended_at", "started_at"))
    before = (pl.col("good_at") < pl.col("at")).fill_null(value=False)
    return bad.with_columns(good_at=pl.when(~before).then("good_at"))


def _came_behind() -> pl.Expr:
    """Return whether an app was begun only after its phase of the page had ended, and came then."""
    began = pl.min_horizontal(_written("started"), _written("download_started"))
    behind = begun_after(pl.col("over_at")) | (began > pl.col("over_written"))
    came = (pl.col("good_at") > pl.col("ended_at")) | (pl.col("good_try") > pl.col("try_number"))
    return (pl.col("kind").is_in(APPS) & behind & came).fill_null(value=False)


def begun_after(instant: pl.Expr) -> pl.Expr:
    """Return whether an app was begun only after an instant."""
    began = pl.min_horizontal("started_at", "download_started_at")
    return (pl.col("kind").is_in(APPS) & (began > instant)).fill_null(value=False)


def how_it_ended() -> pl.Expr:
    """Return in words how a try ended, why, what a later pass found, else when it is tried again."""
    why = pl.concat_str(
        pl.lit("outcome "),
        in_words(pl.col("outcome")),
        pl.lit(", "),
        known_exit(),
    )
    reason = pl.when(pl.col("reason").is_not_null()).then(pl.concat_str(pl.lit(": "), "reason"))
    found_later = pl.when(pl.col("good_at").is_not_null()).then(pl.lit("; a later pass found it installed"))
    again = pl.col("next_retry_at").dt.strftime(TO_THE_MINUTE)
    alone = whole_span(LEFT_ALONE)
    waits = pl.format(f"; the agent locks it for {alone} (GRS) and tries again from {{}}{IN_ZONE} on", again)
    locked = pl.when(pl.col("good_at").is_null()).then(waits)
    lost = pl.when(pl.col("download_outcome") == "failed").then(download_words())
    minutes = (pl.col("ended_at") - pl.col("gave_up_at")).dt.total_minutes()
    after = pl.when(pl.col("ended_at") > pl.col("gave_up_at")).then(
        pl.format(f"; it was still open when the page gave up, {{}}{IN_MINUTES} before", minutes)
    )
    parts = (_where_it_stood(), reason, lost, found_later, locked, after)
    return pl.concat_str(why, *(part.fill_null("") for part in parts))


def _where_it_stood() -> pl.Expr:
    """Return whether an app without an end was downloading or installing, as far as it is known."""
    loading = pl.col("download_started_at").is_not_null() & pl.col("download_ended_at").is_null()
    open_ended = pl.col("outcome") == "unfinished"
    place = (
        pl.when(pl.col("exit_code") == 0)
        .then(pl.lit(AT_DETECTION))
        .when(pl.col("started_at").is_not_null())
        .then(pl.lit(AT_INSTALLER))
        .when(loading)
        .then(pl.lit(AT_DOWNLOAD))
        .otherwise(pl.lit(NOT_BEGUN))
    )
    return pl.when(open_ended).then(pl.format(", {}", place)).otherwise(pl.lit(""))


def download_words() -> pl.Expr:
    """Return how far a download came, where it stood still and what stopped it; empty where nothing tells."""
    parts = [
        pl.format(", {} of {} bytes downloaded", "downloaded_bytes", "download_size"),
        pl.format(", no byte came for {} minutes in all", pl.col("stalled").dt.total_minutes()),
        pl.format(", download code {}", "download_code"),
    ]
    return pl.concat_str(part.fill_null("") for part in parts)


def cause_lines(tries: pl.DataFrame) -> pl.DataFrame:
    """Return, as proofs, the lines of installers' own logs that explain how tries ended."""
    explained = tries.filter(pl.col("cause").is_not_null())
    lines = explained.with_columns(member="cause_member", record="cause_record")
    return proof(lines, pl.col("cause"), CALLED)
