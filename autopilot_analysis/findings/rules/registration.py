"""Whether the device is registered and enrolled at all."""

from __future__ import annotations

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts.marks import PROFILE_EMPTY, PROFILE_NOT_PROVISIONED
from autopilot_analysis.findings.looking import AN_ENROLMENT, PROFILE_KEPT, marks_in, unwell
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.tables import STAGES, Tables, Trace
from autopilot_analysis.tables.verdict import INFO, WARNING


def _key_values(tables: Tables, key: str, name: str) -> pl.DataFrame:
    rows = tables.registry_values.filter(
        pl.col("name").str.to_lowercase() == name, pl.col("key").str.to_lowercase().str.contains(key)
    )
    return proof(rows, pl.concat_str("key", pl.lit("\\"), "name", pl.lit(' = "'), "value", pl.lit('"')))


@rule("NOT-AUTOPILOT")
def not_registered(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices for which the service knows no Autopilot profile; device preparation does without one."""
    prepared = trace.attempts.filter(pl.col("scenario") == "device_preparation").select("device")
    unknown = tables.devices.filter(~pl.col("registered").fill_null(value=True)).select("device")
    devices = unknown.join(prepared, on="device", how="anti")
    if devices.is_empty():
        return no_proof()
    marks = marks_in(trace, ["autopilot_not_used", PROFILE_NOT_PROVISIONED, PROFILE_EMPTY])
    found = all_proofs([proof(marks), _key_values(tables, PROFILE_KEPT, "cloudassignedtenantdomain")])
    return found.with_columns(attempt=pl.lit(None, dtype=pl.Int64)).join(devices, on="device", how="semi")


@rule("NOT-ENROLLED", needs="registry=providerid")
def not_enrolled(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose registry was dumped and holds no enrolment of an MDM server.

    It weighs where enrolment is expected: on a registered device, or after an attempt that ended badly.
    """
    ill = unwell(trace).select("device", ill=pl.lit(value=True)).unique()
    devices = (
        tables.devices.filter(~pl.col("enrolled").fill_null(value=True))
        .join(ill, on="device", how="left")
        .select("device", expected=pl.col("registered").fill_null(value=False) | pl.col("ill").is_not_null())
    )
    rows = _key_values(tables, AN_ENROLMENT, "providerid").join(devices, on="device")
    weight = pl.when("expected").then(pl.lit(WARNING)).otherwise(pl.lit(INFO))
    return rows.with_columns(severity=weight).drop("expected")


@rule("UNENROLLED", needs="mark=unenrolled")
def unenrolled(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices whose enrolment was taken away after it had succeeded; heavy where none stands now."""
    good = trace.stage_runs.filter(pl.col("stage") == "mdm_enrollment", pl.col("outcome") == "succeeded")
    last = good.group_by("device").agg(enrolled_at=pl.col("ended_at").max())
    gone = (
        marks_in(trace, ["unenrolled"]).join(last, on="device").filter(pl.col("at") > pl.col("enrolled_at"))
    )
    now = tables.devices.select("device", enrolled_now="enrolled")
    missing = ~pl.col("enrolled_now").fill_null(value=True)
    weight = pl.when(missing).then(pl.lit(WARNING)).otherwise(pl.lit(INFO))
    return proof(gone.join(now, on="device").with_columns(severity=weight))


@rule("ATTEMPTS-REPEATED", needs="attempt=failed")
def repeated(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices that ran at enrolment more than once after a failure; across two installations no warning."""
    failures = trace.attempts.filter(pl.col("outcome") == "failed")
    last = trace.attempts.group_by("device").agg(last=pl.col("attempt").max())
    again = failures.join(last, on="device").filter(pl.col("attempt") < pl.col("last"))
    if again.is_empty():
        return no_proof()
    runs = trace.stage_runs.filter(pl.col("outcome") == "failed").join(
        again, on=["device", "attempt"], how="semi"
    )
    rows = runs.select(
        "device", "attempt", at="ended_at", member="ended_member", record="ended_record", stage="stage"
    )
    anew = rows.select("device", "member", "record", "at").join(_began_anew(tables), on="device")
    past = anew.filter(pl.col("anew_at") > pl.col("at")).select("device", "member", "record").unique()
    rows = rows.join(past.with_columns(severity=pl.lit(INFO)), on=["device", "member", "record"], how="left")
    stage = pl.col("stage").cast(pl.String).replace({name: wording.words(name) for name in STAGES})
    return proof(rows, pl.concat_str(pl.lit("attempt ended in "), stage))


def _began_anew(tables: Tables) -> pl.DataFrame:
    """Return when a log of the device began anew, as after a reset: a later one counts from the start again.

    A log that is cleared, or loses its oldest records, goes on counting.
    """
    logs = tables.events.group_by("device", "channel", "member").agg(
        first_at=pl.col("at").min(),
        last_at=pl.col("at").max(),
        first=pl.col("record").min(),
        last=pl.col("record").max(),
    )
    later = logs.join(logs, on=["device", "channel"], suffix="_later").filter(
        pl.col("first_at_later") > pl.col("last_at"), pl.col("first_later") <= pl.col("last")
    )
    return later.select("device", anew_at="first_at_later").unique()
