"""Recognised cells of a fleet export -> `deployments`: device key, build, outcome, spans and known traps."""

from __future__ import annotations

from functools import cache

import polars as pl

from autopilot_analysis.codes import normalise_column
from autopilot_analysis.facts import read_facts
from autopilot_analysis.readers.duration import negative_durations, read_durations
from autopilot_analysis.readers.instant import read_instants
from autopilot_analysis.readers.reading import Unread
from autopilot_analysis.readers.report_columns import Report, plain
from autopilot_analysis.tables import SCHEMAS

REPORT_WATCHES = pl.duration(hours=1)
"""Deployments longer than this are known to stay incomplete in the service's own report."""

RETRY_WITHIN = pl.duration(days=30)
"""A success this soon after a failure of the same device belongs to the same journey."""

LOCAL_TIME = "local_time"
"""The flag of a row whose times carry no offset."""

STAGE_STATES = {
    "preparation_state": "device_preparation",
    "device_state": "device_setup",
    "account_state": "account_setup",
}


@cache
def _names(enum: str) -> dict[str, str]:
    rows = read_facts("enums").filter(pl.col("enum") == enum, pl.col("number").is_not_null())
    return dict(rows.select("number", "name").iter_rows())


@cache
def _outcomes() -> dict[str, str]:
    rows = read_facts("enums").filter(pl.col("enum") == "deployment outcome")
    return {plain(name): outcome for name, outcome in rows.select("name", "meaning").iter_rows()}


@cache
def placeholders() -> tuple[str, ...]:
    """Return the texts firmware writes in place of a serial number, in lower case."""
    return tuple(read_facts("placeholder_serials")["serial"])


def member_names(values: pl.Series, enum: str) -> pl.Series:
    """Return enum members by name: numbers are looked up, names and members nobody knows stay as written.

    Args:
        values: Names or numbers, as text.
        enum: A name of facts/enums.csv.
    """
    return values.replace(_names(enum))


def device_keys(cells: pl.DataFrame) -> pl.Series:
    """Return the device of each row: its serial unless a placeholder, else Intune id, Entra id, name.

    Args:
        cells: Text columns under our names.
    """
    columns = {name: _text(cells, name) for name in ("serial", "intune_device_id", "entra_device_id", "name")}
    serial = pl.when(~is_placeholder(pl.col("serial"))).then(pl.col("serial").str.strip_chars())
    empty_id = "00000000-0000-0000-0000-000000000000"
    ids = [
        pl.when(pl.col(name) != empty_id).then(pl.col(name))
        for name in ("intune_device_id", "entra_device_id")
    ]
    return pl.DataFrame(columns).select(pl.coalesce(serial, *ids, "name").alias("device"))["device"]


def is_placeholder(serial: pl.Expr) -> pl.Expr:
    """Tell which serial numbers are none: too short, or a text that firmware writes in place of one.

    Args:
        serial: The column.
    """
    text = serial.str.strip_chars().str.to_lowercase()
    return (text.str.len_chars() < 4) | text.is_in(placeholders())


def _text(cells: pl.DataFrame, name: str) -> pl.Series:
    return cells[name] if name in cells.columns else pl.Series(name, [None] * cells.height, dtype=pl.String)


def builds(versions: pl.Series) -> pl.Series:
    """Return build and revision, like 22631.4037, of a version such as 10.0.22631.4037, else null.

    Args:
        versions: Operating system versions as written.
    """
    return versions.str.extract(r"(?:^|[^\d.])(?:10\.0\.)?(\d{5}(?:\.\d{1,6})?)(?:$|[^\d.])", 1)


def codes(texts: pl.Series) -> pl.Series:
    """Return the result code of each text, like 0x80180014; zero is "no error" and stays null.

    Args:
        texts: Codes or failure texts as written.
    """
    spelt = texts.cast(pl.String)
    return normalise_column(spelt).replace("0x00000000", None).rename("code")


def deployments_of(report: Report, origin: str) -> tuple[pl.DataFrame, tuple[Unread, ...]]:
    """Return one row of `deployments` for each row of a recognised export, and what its cells did not tell.

    Known traps stand in `flags`, comma between them: `negative_duration:total`, `unread_duration:total` (with
    the text as written after `=`), `success_with_timeout` and `stage_failed` (each with `not_clean`),
    `success_on_retry`, `unknown_state` (with the state as written), `failed_first_try_frozen`,
    `over_an_hour_incomplete`, `enrolled_is_registered`,
    `placeholder_serial`, `no_device`, `local_time` (the portal's times are the browser's, read as UTC).

    Args:
        report: The export under our column names.
        origin: A name of `tables.ORIGINS`.
    """
    frame, unread = _with_instants(report)
    frame = frame.with_columns(device_keys(report.cells).alias("key"))
    frame, spans, more = _with_spans(report, frame)
    frame = _with_outcome(frame, origin)
    frame = _without_empty_spans(frame)
    frame = _with_watch(frame)
    frame = _with_flags(frame, spans, local=report.name.startswith("portal"))
    return _shaped(frame, origin), (*unread, *more)


def _with_instants(report: Report) -> tuple[pl.DataFrame, list[Unread]]:
    """Read every instant the export carries; the frame keeps all other cells as text.

    The columns are read as one: one export spells all its times alike, and one decides for all which of two
    numbers is the month.
    """
    columns, unread = {}, []
    height = report.cells.height
    instants = read_instants(pl.concat([report.column(name).rename("text") for name in TIMES]))
    for place, name in enumerate(TIMES):
        columns[name] = instants.values.slice(place * height, height).rename(name)
        if instants.unreadable and (count := int(instants.unread.slice(place * height, height).sum())):
            why = (
                "day and month cannot be told apart" if instants.ambiguous else "no known spelling of a time"
            )
            advice = "export again with ISO dates, or through the Export API"
            unread.append(Unread(f"times in {name} could not be read: {why}", count=count, advice=advice))
    texts = {name: report.column(name) for name in TEXTS}
    return pl.DataFrame({**texts, **columns}), unread


TIMES = ("event_at", "registered_at", "enrolled_at", "started_at", "ended_at")
LENGTHS = ("total", "deployment_time", "device_preparation", "device_setup", "account_setup")
TEXTS = (
    "deployment", "serial", "intune_device_id", "entra_device_id", "name", "user", "user_id",
    "manufacturer", "model", "os_version", "group_tag", "profile", "esp_profile", "esp_profile_id",
    "enrollment_type", "enrollment_state", "state", "preparation_state", "device_state", "account_state",
    "failure_text", "device_failure_text", "account_failure_text", "category", "phase", "code", "apps",
    "policies",
)  # fmt: skip


def _with_spans(report: Report, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[str], list[Unread]]:
    """Read every span; a negative or unreadable one is null, its text kept among the flags and counted."""
    flags: list[str] = []
    unread: list[Unread] = []
    height = frame.height
    texts = pl.concat([report.column(name).rename("text") for name in LENGTHS])
    spans = read_durations(texts)
    missing = texts.is_not_null() & spans.is_null()
    negative = negative_durations(texts)
    columns = [spans.slice(place * height, height).rename(name) for place, name in enumerate(LENGTHS)]
    for place, name in enumerate(LENGTHS if missing.any() else ()):
        for label, mask in (
            ("negative_duration", missing & negative),
            ("unread_duration", missing & ~negative),
        ):
            rows = mask.slice(place * height, height)
            if not rows.any():
                continue
            written = report.column(name).str.replace_all(",", ";", literal=True)
            flag = pl.DataFrame({"text": written, "row": rows}).select(
                pl.when("row").then(pl.format(f"{label}:{name}={{}}", "text")).alias(f"{label}:{name}")
            )
            columns.append(flag.to_series())
            flags.append(f"{label}:{name}")
            what = label.replace("_", " ")
            unread.append(Unread(f"{what}s in {name}: taken as missing", count=int(rows.sum())))
    empty = pl.col("total").is_not_null() & (pl.col("total") == pl.duration())
    total = pl.when(report.column("total").is_null() | empty).then("deployment_time").otherwise("total")
    return frame.with_columns(columns).with_columns(total.alias("total")), flags, unread


def _with_outcome(frame: pl.DataFrame, origin: str) -> pl.DataFrame:
    stranger = pl.col("state").is_not_null() & ~pl.col("known")
    known = member_names(frame["state"], "windowsAutopilotDeploymentState")
    known = known.str.to_lowercase().str.replace_all(r"[^a-z]", "").is_in(list(_outcomes()))
    written = pl.col("state").str.replace_all(",", ";", literal=True)
    frame = frame.with_columns(known.fill_null(value=True).alias("known")).with_columns(
        pl.when(stranger).then(pl.format("unknown_state={}", written)).alias("unknown_state")
    )
    states = {}
    for name in ("state", "enrollment_state", *STAGE_STATES):
        enum = "enrollmentState" if name == "enrollment_state" else "windowsAutopilotDeploymentState"
        spelt = member_names(frame[name], enum)
        states[name] = spelt.str.to_lowercase().str.replace_all(r"[^a-z]", "")
    frame = frame.with_columns(**states)
    outcome = pl.col("state").replace_strict(_outcomes(), default="unknown").fill_null("unknown")
    refused = (outcome == "unknown") & pl.col("enrollment_state").is_in(["failed", "blocked"])
    outcome = pl.when(refused).then(pl.lit("failed")).otherwise(outcome)
    stages = [pl.when(_failed(name)).then(pl.lit(stage)) for name, stage in STAGE_STATES.items()]
    enrollment = pl.when(pl.col("enrollment_state").is_in(["failed", "blocked"])).then(
        pl.lit("mdm_enrollment")
    )
    only = pl.lit("device_preparation" if origin == "report_v2" else None, dtype=pl.String)
    return frame.with_columns(outcome.alias("outcome")).with_columns(
        pl.when(pl.col("outcome") == "failed")
        .then(pl.coalesce(*stages, enrollment, only))
        .alias("failed_stage")
    )


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


def _failed(state: str) -> pl.Expr:
    return pl.col(state).is_in(["failure", "failed", "error"])


def _with_watch(frame: pl.DataFrame) -> pl.DataFrame:
    """Say how long what did not end was watched: to the newest instant of the export, an hour at the most."""
    started = pl.coalesce("started_at", "enrolled_at", "event_at").alias("started_at")
    newest = pl.max_horizontal([pl.col(name).max() for name in TIMES])
    frame = frame.with_columns(started, newest.alias("newest"))
    late = pl.col("newest") - pl.col("started_at") > REPORT_WATCHES
    open_ended = (
        pl.col("outcome").is_in(["in_progress", "abandoned", "unknown"]) & pl.col("ended_at").is_null()
    )
    until = pl.min_horizontal(pl.col("newest"), pl.col("started_at") + REPORT_WATCHES)
    return frame.with_columns(
        pl.when(open_ended).then(until).alias("observed_until"),
        (late & open_ended & (pl.col("outcome") == "in_progress")).alias("over"),
    )


def _with_flags(frame: pl.DataFrame, spans: list[str], *, local: bool) -> pl.DataFrame:
    succeeded = pl.col("outcome") == "succeeded"
    timeout = pl.any_horizontal([pl.col(name) == "successwithtimeout" for name in ("state", *STAGE_STATES)])
    stage_failed = succeeded & pl.any_horizontal([_failed(name) for name in STAGE_STATES])
    success = pl.when(succeeded).then("started_at")
    ordered = frame.with_row_index("row").sort("key", "started_at", "row", nulls_last=True)
    owner = pl.when(succeeded & pl.col("started_at").is_not_null()).then("key")
    ordered = ordered.with_columns(
        success.shift(-1).backward_fill().alias("next_success"),
        owner.shift(-1).backward_fill().alias("next_key"),
    ).sort("row")
    soon = pl.col("next_success") - pl.col("started_at") <= RETRY_WITHIN
    frozen = (pl.col("outcome") == "failed") & (pl.col("next_key") == pl.col("key")) & soon
    named = {
        "success_with_timeout": succeeded & timeout,
        "stage_failed": stage_failed,
        "not_clean": succeeded & (timeout.fill_null(value=False) | stage_failed.fill_null(value=False)),
        "success_on_retry": succeeded & (pl.col("state") == "successonretry"),
        "failed_first_try_frozen": frozen,
        "over_an_hour_incomplete": pl.col("over"),
        "enrolled_is_registered": pl.col("enrolled_at") == pl.col("registered_at"),
        "placeholder_serial": is_placeholder(pl.col("serial")),
        "no_device": pl.col("key").is_null(),
        LOCAL_TIME: pl.lit(value=local),
    }
    flags = [pl.when(condition).then(pl.lit(name)) for name, condition in named.items()]
    joined = pl.concat_str(
        [*flags, "unknown_state", *(pl.col(name) for name in spans)], separator=",", ignore_nulls=True
    )
    return ordered.with_columns(pl.when(joined != "").then(joined).alias("flags"))


def _shaped(frame: pl.DataFrame, origin: str) -> pl.DataFrame:
    texts = pl.coalesce("failure_text", "device_failure_text", "account_failure_text", "category", "phase")
    failure = pl.when(pl.col("outcome") != "succeeded").then(texts)
    device = pl.coalesce("key", pl.format("unknown-{}", pl.col("row") + 1))
    spoken = [
        codes(frame[name]).alias(f"{name}_code")
        for name in ("code", "failure_text", "device_failure_text", "account_failure_text", "category")
    ]
    frame = frame.with_columns(
        device.alias("device"),
        pl.lit(origin).alias("origin"),
        failure.alias("failure_text"),
        pl.coalesce(spoken).alias("code"),
        builds(frame["os_version"]).alias("build"),
        pl.coalesce("esp_profile", "esp_profile_id").alias("esp_profile"),
        pl.coalesce("user", "user_id").alias("user"),
        member_names(frame["enrollment_type"], "windowsAutopilotEnrollmentType").alias("enrollment_type"),
        pl.col("apps").cast(pl.Int64, strict=False),
        pl.col("policies").cast(pl.Int64, strict=False),
    )
    stamp = pl.col("started_at").dt.to_string("%Y-%m-%dT%H:%M:%SZ").fill_null("unknown")
    key = pl.coalesce("deployment", pl.format("{}@{}", "device", stamp))
    frame = frame.with_columns(key.alias("deployment"))
    unique = pl.col("deployment")
    if frame["deployment"].is_duplicated().any():
        again = pl.int_range(pl.len()).over("deployment")
        unique = pl.when(again == 0).then("deployment").otherwise(pl.format("{}#{}", "deployment", again + 1))
    schema = {
        name: kind for name, kind in SCHEMAS["deployments"].create_empty().schema.items() if name != "member"
    }
    return frame.with_columns(unique.alias("deployment")).select(
        pl.col(name).cast(kind) for name, kind in schema.items()
    )
