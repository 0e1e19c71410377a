"""Marks -> stage runs: each run is the pair of marks that opened and closed its stage."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts.marks import INTERNET_AVAILABLE, OFFLINE_JOIN_APPLIED, PROFILE_EMPTY
from autopilot_analysis.tables import STAGES
from autopilot_analysis.tables.story import PHASES
from autopilot_analysis.tables.typed import once_where_empty
from autopilot_analysis.trace.marks import PAGE_FAILED, WORKLOADS_DONE
from autopilot_analysis.trace.numbering import ATTEMPTED, EMPTY, ENDS, PROVED_ANEW

STAGE = pl.Enum(STAGES)
RUN = ["device", "attempt", "stage"]
RETRIED = "tried_again"
"""Mark of whoever pressed the button that tries again."""
STATE_OF_ENROLMENT = r'"State":\s*"?[67]\b'
"""States of the Autopilot client from its MDM enrolment on; before them it joins Entra ID."""


def _stands_in_preparation() -> pl.Expr:
    """Return whether device preparation had failed by a mark, and nothing since shows a step beyond it.

    What the registry holds of it counts as well, until a later phase of the page: `left_failed`.
    """
    stage, edge = pl.col("stage"), pl.col("edge")
    stopped = (stage == "device_preparation") & (edge == "fail")
    begun_or_done = stage.is_in([*ATTEMPTED, "device_preparation"]) & edge.is_in(["start", "end"])
    later_phase = stage.is_in(PHASES)
    state = (
        pl.when(stopped)
        .then(pl.lit(value=True))
        .when(later_phase)
        .then(pl.lit(value=False))
        .when(begun_or_done)
        .then(pl.col("left_failed"))
    )
    return state.forward_fill().over("device", "attempt").fill_null(pl.col("left_failed"))


def _with_what_the_registry_left(numbered: pl.DataFrame, outcomes: pl.DataFrame | None) -> pl.DataFrame:
    """Add `left_failed`: whether the registry has the last attempt in a preparation that failed.

    It holds the last state of each phase; of device setup it knows nothing before that began.
    """
    if outcomes is None or outcomes.is_empty():
        return numbered.with_columns(left_failed=pl.lit(value=False))
    failed = outcomes.filter(pl.col("stage") == "device_preparation", pl.col("state") == "failed")
    begun = outcomes.filter(pl.col("stage").is_in(PHASES))
    stands = failed.join(begun, on="device", how="anti")["device"].implode()
    last = pl.col("attempt") == pl.col("attempt").max().over("device")
    return numbered.with_columns(left_failed=last & pl.col("device").is_in(stands))


def _settle_esp(numbered: pl.DataFrame) -> pl.DataFrame:
    """Give the marks of the status page the stage they closed: the one named, account setup once begun.

    A page that failed stopped at device preparation where that had failed and no later step was seen.
    """
    account = pl.col("at").filter((pl.col("stage") == "account_setup") & (pl.col("edge") == "start")).min()
    begun = (pl.col("at") > account.over("device", "attempt")).fill_null(value=False)
    in_account = begun | (pl.col("phase") == "account_setup").fill_null(value=False)
    page = pl.col("edge").str.starts_with("esp_")
    stage = (
        pl.when(pl.col("stage").is_not_null())
        .then(pl.col("stage").cast(pl.String))
        .when(in_account & (pl.col("edge") != "esp_seal"))
        .then(pl.lit("account_setup"))
        .when((pl.col("edge") == PAGE_FAILED) & _stands_in_preparation())
        .then(pl.lit("device_preparation"))
        .otherwise(pl.lit("device_setup"))
    )
    edge = pl.col("edge").replace({"esp_fail": "fail", "esp_exit": "end", "esp_seal": "end"})
    return numbered.with_columns(
        stage=pl.when(page).then(stage.cast(STAGE)).otherwise("stage"), page=page, edge=edge
    )


def _settle_preparation(numbered: pl.DataFrame) -> pl.DataFrame:
    """Let the workloads that ended well close device preparation in a try that somebody began anew.

    Without a new try the page that failed stays so, whatever is brought behind it.
    """
    done = pl.col("edge") == WORKLOADS_DONE
    if not (numbered["edge"] == WORKLOADS_DONE).any():
        return numbered
    fails = (pl.col("stage") == "device_preparation") & (pl.col("edge") == "fail")
    failed_at, again_at = (
        pl.col("at").filter(which).max().over("device", "attempt")
        for which in (fails, pl.col("mark") == RETRIED)
    )
    better = done & (pl.col("at") > again_at) & (failed_at < again_at).fill_null(value=True)
    edge = pl.when(better.fill_null(value=False)).then(pl.lit("end")).when(done).then(pl.lit("note"))
    return numbered.with_columns(edge=edge.otherwise("edge"))


def _settle_profile(numbered: pl.DataFrame) -> pl.DataFrame:
    """Let weaker words close the profile download where nothing says more exactly what came of it.

    Windows writes "downloaded" for an empty answer too, so it counts only in attempts without one; an empty
    answer is no profile, and 314 after any other answer is a download that failed.
    """

    def any_of(condition: pl.Expr) -> pl.Expr:
        return condition.fill_null(value=False).any().over("device", "attempt")

    answered = any_of((pl.col("stage") == "profile_download") & pl.col("edge").is_in(ENDS))
    empty, online = any_of(pl.col("mark").is_in(EMPTY)), any_of(pl.col("mark") == INTERNET_AVAILABLE)
    given_up = any_of(pl.col("edge") == "refused")
    edge = (
        pl.when((pl.col("edge") == "downloaded") & (answered | empty | given_up))
        .then(pl.lit("note"))
        .when(pl.col("edge") == "downloaded")
        .then(pl.lit("end"))
        .when((pl.col("mark") == PROFILE_EMPTY) & ~answered)
        .then(pl.lit("skip"))
        .when((pl.col("edge") == "refused") & online & ~answered & ~empty)
        .then(pl.lit("fail"))
        .otherwise("edge")
    )
    return numbered.with_columns(edge=edge)


def _settle_sign_in(numbered: pl.DataFrame) -> pl.DataFrame:
    """Let the reading of settings open the sign-in only where a profile or a later stage shows that it ran.

    A device without a profile reads its settings too, in OOBE and daily.
    """
    came = (pl.col("stage") == "profile_download") & pl.col("edge").is_in(["end", "cached"])
    later = pl.col("stage").to_physical() > STAGES.index("user_authentication")
    went_on = later & pl.col("edge").is_in(["start", "end", "fail"])
    ran = (came.fill_null(value=False) | went_on.fill_null(value=False)).any().over("device", "attempt")
    idle = (pl.col("mark") == "profile_settings_retrieved") & ~ran
    return numbered.with_columns(edge=pl.when(idle).then(pl.lit("note")).otherwise("edge"))


def _settle_own_enrollment(numbered: pl.DataFrame) -> pl.DataFrame:
    """Let the client's word that it enrolled close that step where nothing else of the attempt closes one."""
    own = pl.col("mark") == PROVED_ANEW
    if not (numbered["mark"] == PROVED_ANEW).any():
        return numbered
    closed = pl.col("stage").is_in(ATTEMPTED) & pl.col("edge").is_in(ENDS) | pl.col("edge").str.starts_with(
        "esp_"
    )
    alone = own & ~closed.fill_null(value=False).any().over("device", "attempt")
    enrolled = pl.col("detail").str.contains(STATE_OF_ENROLMENT).fill_null(value=False)
    step = pl.when(enrolled).then(pl.lit("mdm_enrollment")).otherwise(pl.lit("entra_join")).cast(STAGE)
    return numbered.with_columns(
        stage=pl.when(alone).then(step).otherwise("stage"),
        edge=pl.when(alone).then(pl.lit("end")).otherwise("edge"),
    )


def _built_upon(marks: pl.DataFrame) -> pl.DataFrame:
    """Drop failures of a stage that had succeeded, was not begun again, and on which a later stage built.

    A scheduled task that tries to join or enrol once more, a token asked for in daily work: they say nothing
    about the deployment, which had gone on.
    """
    placed = marks.sort("at", "member", "record").with_row_index("place")
    half_way = pl.col("mark") == OFFLINE_JOIN_APPLIED  # the domain is joined, Entra ID is not yet
    won = pl.when((pl.col("edge") == "end") & ~half_way).then("place").forward_fill().over(RUN)
    begun = pl.when(pl.col("edge") == "start").then("place").forward_fill().over(RUN)
    entered = pl.col("stage").to_physical().cum_max().over("device", "attempt")
    undoes = (
        (pl.col("edge") == "fail")
        & (won > begun.fill_null(0))
        & (entered > pl.col("stage").to_physical())
        & (pl.col("stage").to_physical() <= STAGES.index("device_preparation"))
    )
    return placed.filter(~undoes.fill_null(value=False)).drop("place")


def _closing(marks: pl.DataFrame) -> pl.DataFrame:
    """Return one closing mark a run: the success that stood, else the failure that ended the attempt.

    What the status page calls failed stays so: it is left afterwards by whoever continues anyway.
    """
    marks = (
        _built_upon(marks)
        .filter(pl.col("edge").is_in(ENDS), pl.col("stage").is_not_null())
        .with_columns(
            device_setup_at=pl.col("at")
            .filter((pl.col("stage") == "device_setup") & (pl.col("edge") == "start"))
            .min()
            .over("device", "attempt")
        )
    )
    failed_at = pl.col("at").filter(pl.col("edge") == "fail").max().over(RUN)
    page_failed = ((pl.col("edge") == "fail") & pl.col("page")).any().over(RUN)
    after = failed_at.is_null() | ((pl.col("at") > failed_at) & ~page_failed)
    stood = (pl.col("edge") == "end") & after
    rank = (
        pl.when(stood)
        .then(0)
        .when((pl.col("edge") == "fail") & (pl.col("terminal") == "yes"))
        .then(1)
        .when(pl.col("edge") == "fail")
        .then(2)
        .when(pl.col("edge") == "skip")
        .then(3)
        .when(pl.col("edge") == "cached")
        .then(4)
        .otherwise(5)
    )
    last_counts = (
        (pl.col("page") & stood)
        | ((pl.col("stage") == "device_preparation") & stood)
        | ((pl.col("edge") == "fail") & (pl.col("terminal").is_null()))
    )
    order = (
        pl.when(last_counts).then(-pl.col("at").dt.timestamp("us")).otherwise(pl.col("at").dt.timestamp("us"))
    )
    late = (
        (pl.col("stage") == "device_preparation")
        & (pl.col("edge") == "end")
        & (pl.col("at") > pl.col("device_setup_at"))
    ).fill_null(value=False)
    return (
        marks.with_columns(rank=rank + 10 * late.cast(pl.Int32), order=order)
        .sort("device", "attempt", "stage", "rank", "order")
        .unique(RUN, keep="first", maintain_order=True)
        .filter(pl.col("rank") % 10 < 5)
        .select(
            *RUN,
            ended_at="at",
            end_edge="edge",
            end_code="code",
            ended_member="member",
            ended_record="record",
        )
    )


def _opening(marks: pl.DataFrame) -> pl.DataFrame:
    """Return the first opening mark of each run."""
    return (
        marks.filter(pl.col("edge") == "start")
        .sort("at", "member", "record")
        .unique(RUN, keep="first", maintain_order=True)
        .select(*RUN, started_at="at", started_member="member", started_record="record")
    )


def _first(marks: pl.DataFrame, name: str, condition: pl.Expr) -> pl.DataFrame:
    return (
        marks.filter(condition)
        .sort("at", "member", "record")
        .unique(["device", "attempt"], keep="first", maintain_order=True)
        .select("device", "attempt", **{name: "at", f"{name}_member": "member", f"{name}_record": "record"})
    )


def _desktop(marks: pl.DataFrame, runs: pl.DataFrame) -> pl.DataFrame:
    """The desktop opens where the last stage closed and closes when the sign-in tasks are done."""
    before = (
        runs.filter(
            pl.col("stage").is_in(["mdm_enrollment", "device_preparation", "device_setup", "account_setup"]),
            pl.col("ended_at").is_not_null(),
        )
        .sort("ended_at")
        .unique(["device", "attempt"], keep="last", maintain_order=True)
    )
    before = before.filter(~pl.col("end_edge").is_in(["fail"]))
    esp = pl.col("stage").is_in(["device_preparation", "device_setup", "account_setup"])
    logons = (
        marks.filter(pl.col("edge").is_in(["logon", "logon_start"]))
        .join(
            before.select("device", "attempt", "ended_at", "ended_member", "ended_record", esp=esp),
            on=["device", "attempt"],
        )
        .filter(pl.col("at") >= pl.col("ended_at"))
    )
    began = _first(logons.filter(pl.col("edge") == "logon_start"), "began", pl.lit(value=True))
    done = _first(logons.filter(pl.col("edge") == "logon"), "done", pl.lit(value=True))
    page = before.filter(esp).select(
        "device", "attempt", page_at="ended_at", page_member="ended_member", page_record="ended_record"
    )
    return (
        done.join(began, on=["device", "attempt"], how="left")
        .join(page, on=["device", "attempt"], how="left")
        .select(
            "device",
            "attempt",
            stage=pl.lit("desktop", dtype=STAGE),
            started_at=pl.coalesce("page_at", "began"),
            started_member=pl.when(pl.col("page_at").is_not_null())
            .then("page_member")
            .otherwise("began_member"),
            started_record=pl.when(pl.col("page_at").is_not_null())
            .then("page_record")
            .otherwise("began_record"),
            ended_at="done",
            ended_member="done_member",
            ended_record="done_record",
            outcome=pl.lit("succeeded"),
            code=pl.lit(None, dtype=pl.String),
        )
    )


def _network_and_profile(marks: pl.DataFrame, runs: pl.DataFrame) -> pl.DataFrame:
    """Close what 314 closed, and open a profile download that no 160 opened where the network came up."""
    refused = _first(marks, "refused", pl.col("edge") == "refused")
    online = _first(marks, "online", pl.col("mark") == INTERNET_AVAILABLE)
    both = runs.join(refused, on=["device", "attempt"], how="left").join(
        online, on=["device", "attempt"], how="left"
    )
    unsettled = (
        (pl.col("stage") == "network") & pl.col("ended_at").is_null() & pl.col("refused").is_not_null()
    )
    unopened = (
        (pl.col("stage") == "profile_download")
        & pl.col("started_at").is_null()
        & (pl.col("online") <= pl.col("ended_at"))
        & (pl.col("end_edge") != "cached")
    ).fill_null(value=False)
    ends = {"ended_at": "refused", "ended_member": "refused_member", "ended_record": "refused_record"}
    starts = {"started_at": "online", "started_member": "online_member", "started_record": "online_record"}
    return both.with_columns(
        *(pl.when(unsettled).then(instead).otherwise(name).alias(name) for name, instead in ends.items()),
        *(pl.when(unopened).then(instead).otherwise(name).alias(name) for name, instead in starts.items()),
        end_edge=pl.when(unsettled).then(pl.lit("fail")).otherwise("end_edge"),
    ).drop(pl.selectors.starts_with("refused", "online"))


def _noted_codes(marks: pl.DataFrame) -> pl.DataFrame:
    """The last code among all marks of a run, for a failure that names none itself."""
    return (
        marks.filter(pl.col("code").is_not_null(), pl.col("stage").is_not_null())
        .sort("at", "member", "record")
        .unique(RUN, keep="last", maintain_order=True)
        .select(*RUN, noted_code="code")
    )


@once_where_empty
def build_runs(numbered: pl.DataFrame, outcomes: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return the runs that dated marks prove, one row a stage in an attempt, without skips by design.

    Args:
        numbered: What `number_attempts` returned.
        outcomes: What `find_registry_outcomes` returned, None where no registry was read.

    Returns:
        device, attempt, stage, started_at, ended_at, outcome, code and the members and records of both ends.
        A run whose end was not seen is unfinished when nothing followed in its attempt, else unknown.
    """
    known = _with_what_the_registry_left(numbered, outcomes)
    settled = _settle_preparation(_settle_own_enrollment(_settle_esp(known)))
    marks = _settle_sign_in(_settle_profile(settled))
    runs = _opening(marks).join(_closing(marks), on=RUN, how="full", coalesce=True)
    runs = _network_and_profile(marks, runs).join(_noted_codes(marks), on=RUN, how="left")
    late = pl.col("stage").to_physical()
    followed = (late.max().over("device", "attempt") > late).fill_null(value=False)
    failed = pl.col("end_edge") == "fail"
    outcome = (
        pl.when(pl.col("end_edge") == "end")
        .then(pl.lit("succeeded"))
        .when(failed)
        .then(pl.lit("failed"))
        .when(pl.col("end_edge").is_in(["skip", "cached"]))
        .then(pl.lit("skipped"))
        .when(followed)
        .then(pl.lit("unknown"))
        .otherwise(pl.lit("unfinished"))
    )
    settled = runs.with_columns(
        outcome=outcome, code=pl.when(failed).then(pl.coalesce("end_code", "noted_code"))
    )
    desktop = _desktop(marks, settled)
    columns = desktop.columns
    settled = settled.filter(pl.col("stage") != "desktop").with_columns(
        ended_before=pl.col("ended_at") < pl.col("started_at")
    )
    settled = settled.with_columns(
        pl.when(pl.col("ended_before")).then(None).otherwise(pl.col(c)).alias(c)
        for c in ("started_at", "started_member", "started_record")
    )
    return pl.concat([settled.select(columns), desktop])
