"""Recognised cells of a fleet export -> rows of `deployments`: instants, spans, outcome, known traps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, partial

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts import shared_pattern
from autopilot_analysis.facts.hand_lists import HAND_LIST
from autopilot_analysis.facts.own_words import own_words
from autopilot_analysis.facts.quotes import stage_named
from autopilot_analysis.readers.reading import Unread
from autopilot_analysis.readers.serials import is_placeholder
from autopilot_analysis.readers.service.cells.duration import negative_durations, read_durations, says_none
from autopilot_analysis.readers.service.cells.instant import read_together
from autopilot_analysis.readers.service.deployments.deployment import (
    LOCAL_TIME,
    builds,
    codes,
    device_keys,
    failed_states,
    member_names,
    of_distinct,
    outcomes,
    states_with,
    truths,
)
from autopilot_analysis.readers.service.deployments.deployment_story import NEWEST, finished
from autopilot_analysis.readers.service.report_columns import Report
from autopilot_analysis.tables import schema_of
from autopilot_analysis.tables.completing import with_lacking
from autopilot_analysis.tables.fleet import PLACE, REPORT_V2

STAGE_STATES = {
    "preparation_state": "device_preparation",
    "device_state": "device_setup",
    "account_state": "account_setup",
}
OF_THE_PAGE = ("device_state", "account_state")
"""The parts of the status page, the second of which ends a deployment."""
STATE_ENUMS = {
    "AutopilotV2DeploymentStatus": "AutopilotV2DeploymentStatus.DeploymentStatus",
    "portal: Device preparation deployments": "AutopilotV2DeploymentStatus.DeploymentStatus",
}
"""Reports that number the state of the whole in their own way; the others do as Graph does."""

FAILURES = ("failure_text", "device_failure_text", "account_failure_text", "category")

INSTANT, SPAN, TEXT = pl.Datetime("us", "UTC"), pl.Duration("us"), pl.String()
TABLE = schema_of("deployments")
MADE_OF_OTHERS = ("device", "origin", "build", "observed_until", "outcome", "failed_stage", "flags", *PLACE)
"""Columns of `deployments` that no export carries: they are made of others, or say where a row stands."""
READ_BESIDE: Mapping[str, pl.DataType] = {
    **dict.fromkeys(("event_at", "registered_at", "enrolled_at"), INSTANT),
    "deployment_time": SPAN,
    **dict.fromkeys(("user_id", "os_version", "esp_profile_id"), TEXT),
    **dict.fromkeys(("enrollment_state", "state", "state_said", *STAGE_STATES, *FAILURES, "phase"), TEXT),
}
"""What exports carry besides, under the names of facts/report_columns.csv: columns are made of it."""

CARRIED: Mapping[str, pl.DataType] = {
    **{
        name: kind if kind in (INSTANT, SPAN) else TEXT
        for name, kind in TABLE.items()
        if name not in MADE_OF_OTHERS
    },
    **READ_BESIDE,
}
"""Every column that is read, and what it is read as; a column of any other type becomes it at the end."""
TAKEN_AS_MISSING = "taken as missing"
TIMES = [name for name, kind in CARRIED.items() if kind == INSTANT]
LENGTHS = [name for name, kind in CARRIED.items() if kind == SPAN]
TEXTS = [name for name, kind in CARRIED.items() if kind == TEXT]


def deployments_of(report: Report, origin: str) -> tuple[pl.DataFrame, tuple[Unread, ...]]:
    """Return one row of `deployments` for each row of a whole export, and what its cells did not tell.

    Known traps stand in `flags`, comma between them: `failed_first_try_frozen`, `over_an_hour_incomplete`,
    `success_with_timeout` and `stage_failed` (each with `not_clean`), `success_on_retry`,
    `enrolled_is_registered`, `placeholder_serial`, `no_device`, `local_time` (the portal's times are the
    browser's, read as UTC), `unknown_state` (with the state as written), `negative_duration:total` and
    `unread_duration:total` (with the text as written after `=`).

    Args:
        report: The export under our column names.
        origin: A name of `tables.ORIGINS`.
    """
    rows, unread = unfinished_rows(report, origin)
    return finished(rows), unread


def unfinished_rows(report: Report, origin: str) -> tuple[pl.DataFrame, tuple[Unread, ...]]:
    """Return what each row tells by itself, to be put below other pages of its export and `finished`.

    Args:
        report: A part of an export under our column names.
        origin: A name of `tables.ORIGINS`.
    """
    instants, unread = _instants(report)
    spans, flags, more = _spans(report)
    texts = {name: report.take(name) for name in _given(report, TEXTS)}
    if report.groups:
        texts["details"] = report.details
    frame = with_lacking(pl.DataFrame({**instants, **spans, **flags, **texts}), CARRIED)
    del instants, spans, texts  # what is replaced in the frame is held nowhere else
    frame = _with_names(_with_total(frame))
    frame = _with_outcome(frame, origin, STATE_ENUMS.get(report.name, "windowsAutopilotDeploymentState"))
    frame = _without_empty_spans(frame)
    frame = _with_flags(frame, list(flags), local=report.name.startswith(("portal", HAND_LIST)))
    return _shaped(frame, origin), (*unread, *more)


def _given(report: Report, names: Iterable[str]) -> list[str]:
    return [name for name in names if name in report.cells.columns]


def _instants(report: Report) -> tuple[dict[str, pl.Series], list[Unread]]:
    """Read every instant the export carries."""
    names, columns, unread = _given(report, TIMES), {}, []
    for name, instants in zip(names, read_together(map(report.take, names)), strict=True):
        columns[name] = instants.values
        if count := instants.unreadable:
            why = (
                "day and month cannot be told apart" if instants.ambiguous else "no known spelling of a time"
            )
            advice = "export again with ISO dates, or through the Export API"
            unread.append(Unread(f"times in {name} could not be read: {why}", count=count, advice=advice))
    return columns, unread


def _spans(report: Report) -> tuple[dict[str, pl.Series], dict[str, pl.Series], list[Unread]]:
    """Read every span; a negative or unreadable one is null, its text kept among the flags and counted."""
    columns: dict[str, pl.Series] = {}
    flags: dict[str, pl.Series] = {}
    unread: list[Unread] = []
    for name in _given(report, LENGTHS):
        texts = report.take(name)
        columns[name] = read_durations(texts)
        flagged, counted = _missing(
            name, texts, texts.is_not_null() & columns[name].is_null() & ~says_none(texts)
        )
        flags |= {flag.name: flag for flag in flagged}
        unread += counted
    return columns, flags, unread


def _missing(name: str, texts: pl.Series, missing: pl.Series) -> tuple[list[pl.Series], list[Unread]]:
    """Return a flag with the text as written for each span that is none, and how many there are."""
    flags: list[pl.Series] = []
    unread: list[Unread] = []
    if not missing.any():
        return flags, unread
    negative = negative_durations(texts)
    for label, rows in (("negative_duration", missing & negative), ("unread_duration", missing & ~negative)):
        if not rows.any():
            continue
        written = texts.str.replace_all(",", ";", literal=True)
        flag = pl.when(pl.lit(rows)).then(pl.format(f"{label}:{name}={{}}", pl.lit(written)))
        flags.append(pl.select(flag.alias(f"{label}:{name}")).to_series())
        what = wording.words(label)
        reason = f"{what}s in {wording.words(name)}: {TAKEN_AS_MISSING}"
        unread.append(Unread(reason, count=int(rows.sum())))
    return flags, unread


def _with_names(frame: pl.DataFrame) -> pl.DataFrame:
    """Say which device, user, build and profile it was, and drop the texts that told it in another way.

    One after another: a million rows of each text at once would be felt.
    """
    either = {"user": "user_id", "esp_profile": "esp_profile_id"}
    for name, other in either.items():
        frame = frame.with_columns(pl.coalesce(name, other).alias(name)).drop(other)
    by_type = partial(member_names, enum="windowsAutopilotEnrollmentType")
    frame = frame.with_columns(enrollment_type=of_distinct(frame["enrollment_type"], by_type))
    frame = frame.with_columns(build=of_distinct(frame["os_version"], builds)).drop("os_version")
    return frame.with_columns(device_keys(frame))


def _with_outcome(frame: pl.DataFrame, origin: str, enum: str) -> pl.DataFrame:
    """Tell how each attempt ended, and in which stage one failed."""
    named = {
        name: of_distinct(frame[name], partial(_words, enum=_enum(name, enum)))
        for name in ("state", "state_said", "enrollment_state", *STAGE_STATES)
    }
    written, known = frame["state"], list(outcomes())
    frame = frame.with_columns(**named)
    state = (
        pl.when(pl.col("state").is_in(known))
        .then("state")
        .otherwise(pl.when(pl.col("state_said").is_in(known)).then("state_said").otherwise("state"))
    )
    frame = frame.with_columns(state.alias("state"))
    stranger = pl.col("state").is_not_null() & ~pl.col("state").is_in(known)
    spelt = pl.lit(written).str.replace_all(",", ";", literal=True)
    refused = _failed("enrollment_state") | (pl.col("enrollment_state") == "blocked")
    ended = frame["state"].replace_strict(outcomes(), default="unknown", return_dtype=pl.String)
    frame = frame.with_columns(ended.fill_null("unknown").alias("outcome"))
    unknown = pl.col("outcome") == "unknown"
    frame = frame.with_columns(
        pl.when(refused & unknown)
        .then(pl.lit("failed"))
        .when(pl.col("state").is_null() & unknown)
        .then(_of_stages())
        .otherwise("outcome")
        .alias("outcome")
    )
    if frame.select(stranger.any()).item():
        frame = frame.with_columns(
            pl.when(stranger).then(pl.format("unknown_state={}", spelt)).alias("unknown_state")
        )
    stages = [pl.when(_failed(name)).then(pl.lit(stage)) for name, stage in STAGE_STATES.items()]
    only = pl.lit("device_preparation" if origin == REPORT_V2 else None, dtype=pl.String)
    step = pl.lit(of_distinct(frame["failure_text"], _steps))
    of_page = pl.col("failure_text").str.contains(_part_of_the_page()).fill_null(value=False)
    enrollment = pl.when(refused & ~of_page).then(pl.lit("mdm_enrollment"))
    failed_stage = pl.coalesce(step, *stages, enrollment, only)
    return frame.with_columns(pl.when(pl.col("outcome") == "failed").then(failed_stage).alias("failed_stage"))


def _steps(texts: pl.Series) -> pl.Series:
    """Return the stages of the steps that texts of failures name, null where one names none."""
    named = [stage_named(text) if text else None for text in texts]
    return pl.Series(texts.name, named, pl.String)


@cache
def _part_of_the_page() -> str:
    """Return how a failure begins of a part of the status page, of whichever phase: "Apps: 0x87D1041C"."""
    return rf"(?i)^\W{{0,4}}(?:ESP )?{shared_pattern('PART')}\W"


def _of_stages() -> pl.Expr:
    """Return what an attempt came to whose report tells it of the status page alone, by its two parts."""
    well = [pl.col(name).replace_strict(outcomes(), default=None) == "succeeded" for name in OF_THE_PAGE]
    return (
        pl.when(pl.any_horizontal(_failed(name) for name in OF_THE_PAGE))
        .then(pl.lit("failed"))
        .when(pl.all_horizontal(well).fill_null(value=False))
        .then(pl.lit("succeeded"))
        .otherwise(pl.lit("unknown"))
    )


def _enum(name: str, of_whole: str) -> str:
    """Return the enum that numbers a column of states."""
    if name == "enrollment_state":
        return "enrollmentState"
    return of_whole if name == "state" else "windowsAutopilotDeploymentState"


def _words(states: pl.Series, enum: str) -> pl.Series:
    """Return states by name in lower case without signs, the analyst's own words as Graph spells them."""
    return (
        member_names(states, enum)
        .str.to_lowercase()
        .str.replace_all(r"[^\p{L}\p{N}]", "")
        .replace(own_words().states)
    )


def _failed(state: str) -> pl.Expr:
    return pl.col(state).is_in(failed_states())


def _with_total(frame: pl.DataFrame) -> pl.DataFrame:
    """Take the time of the deployment for the whole where that is not told."""
    total = pl.col("total")
    known = total.is_not_null() & (total != pl.duration())
    return frame.with_columns(pl.when(known).then(total).otherwise("deployment_time").alias("total"))


def _without_empty_spans(frame: pl.DataFrame) -> pl.DataFrame:
    """Drop spans of no length: of a stage, unless it is said to have succeeded; of a whole deployment always.

    The service writes `PT0S` for a stage that was skipped, switched off or not reached.
    """
    ran = {stage: pl.col(state).str.starts_with("success") for state, stage in STAGE_STATES.items()}
    measured = [
        pl.when((pl.col(name) != pl.duration()) | passed.fill_null(value=False)).then(name).alias(name)
        for name, passed in {"total": pl.lit(value=False), **ran}.items()
    ]
    return frame.with_columns(measured)


def _with_flags(frame: pl.DataFrame, spans: list[str], *, local: bool) -> pl.DataFrame:
    """Say which known traps a row shows by itself."""
    succeeded = pl.col("outcome") == "succeeded"
    late = states_with("success_with_timeout")
    timeout = pl.any_horizontal([pl.col(name).is_in(late) for name in ("state", *STAGE_STATES)])
    stage_failed = succeeded & pl.any_horizontal([_failed(name) for name in STAGE_STATES])
    named = {
        "success_with_timeout": succeeded & timeout,
        "stage_failed": stage_failed,
        "not_clean": succeeded & (timeout.fill_null(value=False) | stage_failed.fill_null(value=False)),
        "success_on_retry": succeeded & pl.col("state").is_in(states_with("success_on_retry")),
        "enrolled_is_registered": pl.col("enrolled_at") == pl.col("registered_at"),
        "placeholder_serial": is_placeholder(pl.col("serial")),
        "no_device": pl.col("device").is_null(),
    }
    shown = frame.select(condition.fill_null(value=False).alias(name) for name, condition in named.items())
    flags: list[pl.Expr] = [pl.when(pl.lit(each)).then(pl.lit(each.name)) for each in shown if each.any()]
    flags += [pl.lit(LOCAL_TIME)] if local else []
    flags += [pl.col(name) for name in ("unknown_state", *spans) if name in frame.columns]
    joined = pl.concat_str(flags, separator=",", ignore_nulls=True) if flags else pl.lit("")
    return frame.with_columns(pl.when(joined != "").then(joined).alias("flags"))


def _shaped(frame: pl.DataFrame, origin: str) -> pl.DataFrame:
    """Return the columns of `deployments`, and the newest instant each row tells of."""
    failure = pl.when(pl.col("outcome") != "succeeded").then(pl.coalesce(*FAILURES, "phase"))
    plain_codes = [of_distinct(frame[name], codes).alias(f"{name}_code") for name in ("code", *FAILURES)]
    times = {
        NEWEST: pl.max_horizontal(TIMES),
        "started_at": pl.coalesce("started_at", "enrolled_at", "event_at"),
        "observed_until": pl.lit(None, dtype=pl.Datetime("us", "UTC")),
    }
    frame = frame.with_columns(
        **times,
        origin=pl.lit(origin),
        failure_text=failure,
        code=pl.coalesce(plain_codes),
        member=pl.lit(None, dtype=pl.String),
        record=pl.int_range(1, pl.len() + 1),
    )
    return frame.select(*(_typed(name, kind) for name, kind in TABLE.items()), NEWEST)


def _typed(name: str, kind: pl.DataType) -> pl.Expr:
    """Return a column as its table has it; a text of an export that is none of its kind is null."""
    return truths(name) if kind == pl.Boolean else pl.col(name).cast(kind, strict=name in MADE_OF_OTHERS)
