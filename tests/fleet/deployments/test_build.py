from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis import build_trace, open_export, read_tables
from autopilot_analysis.fleet.deployments.build import build_deployments
from autopilot_analysis.samples import write_sample
from autopilot_analysis.tables import SCHEMAS, Tables, Trace, schema_of
from autopilot_analysis.tables.fleet import describing

MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)


def at(minutes):
    return MORNING + timedelta(minutes=minutes)


def deployments_of(tmp_path, scenario):
    write_sample(tmp_path / "a.cab", scenario)
    tables = read_tables(open_export(tmp_path / "a.cab"))
    trace = build_trace(tables)
    return build_deployments(tables, trace), tables, trace


def fleet(*rows):
    schema = schema_of("deployments")
    whole = {"outcome": "succeeded", "origin": "capture"}
    filled = [{**dict.fromkeys(schema), "deployment": str(n), **whole, **row} for n, row in enumerate(rows)]
    return pl.DataFrame(filled, schema=schema)


def test_an_attempt_that_ended_well_tells_its_whole_and_its_stages(tmp_path):
    deployments, _, trace = deployments_of(tmp_path, "user_driven_success")
    (row,) = deployments.to_dicts()
    attempt = trace.attempts.to_dicts()[0]
    assert row["deployment"] == "SN-0001/1"
    assert (row["outcome"], row["origin"], row["enrollment_type"]) == ("succeeded", "capture", "user_driven")
    assert row["total"] == attempt["ended_at"] - attempt["started_at"]
    waited = dict(trace.stage_runs.select("stage", "waited").iter_rows())
    assert row["device_setup"] == waited["device_setup"]
    assert row["account_setup"] == waited["account_setup"]
    assert row["observed_until"] is None
    assert row["apps"] == 6


def test_four_refusals_are_four_deployments_each_with_its_code(tmp_path):
    deployments, *_ = deployments_of(tmp_path, "mdm_enrollment_refused")
    assert deployments["deployment"].to_list() == [f"SN-0001/{number}" for number in range(1, 5)]
    assert set(deployments["outcome"]) == {"failed"}
    assert set(deployments["failed_stage"]) == {"mdm_enrollment"}
    assert set(deployments["code"]) == {"0x80180014"}
    assert deployments["device_setup"].null_count() == 4


@pytest.mark.parametrize(
    ("outcome", "later", "expected", "until"),
    [
        ("unfinished", None, "in_progress", at(90)),
        ("unfinished", at(40), "abandoned", at(40)),
        ("failed", at(40), "failed", None),
        ("unknown", None, "unknown", at(90)),
        ("skipped", None, None, None),
    ],
)
def test_how_an_attempt_ended_and_how_long_it_was_watched(outcome, later, expected, until):
    ended = at(20) if outcome == "failed" else None
    rows = [{"device": "SN-0001", "attempt": 1, "started_at": at(0), "ended_at": ended, "outcome": outcome}]
    if later:
        rows.append({**rows[0], "attempt": 2, "started_at": later, "outcome": "unknown", "ended_at": None})
    device = {"device": ["SN-0001"], "collected_at": [at(90)]}
    frames = {
        "attempts": pl.DataFrame([{**dict.fromkeys(SCHEMAS["attempts"].column_names()), **r} for r in rows])
    }
    devices = pl.DataFrame({**{c: [None] for c in SCHEMAS["devices"].column_names()}, **device})
    found = build_deployments(Tables.of({"devices": devices}), Trace.of(frames))
    told = found.filter(pl.col("deployment") == "SN-0001/1")
    assert told.select("outcome", "observed_until").rows() == ([(expected, until)] if expected else [])


def test_every_column_that_describes_a_device_comes_from_its_capture():
    both = sorted(set(describing()) & set(SCHEMAS["devices"].column_names()))
    device = {"device": ["SN-0001"], **{name: [f"its {name}"] for name in both}}
    devices = pl.DataFrame({**{c: [None] for c in SCHEMAS["devices"].column_names()}, **device})
    row = {"device": "SN-0001", "attempt": 1, "started_at": at(0), "outcome": "succeeded"}
    attempts = pl.DataFrame([{**dict.fromkeys(SCHEMAS["attempts"].column_names()), **row}])
    found = build_deployments(Tables.of({"devices": devices}), Trace.of({"attempts": attempts}))
    assert {"model", "build", "tpm_version"} <= set(both)
    assert found.select(both).row(0) == tuple(f"its {name}" for name in both)


def test_rows_of_reports_pass_through_beside_the_captures(tmp_path):
    _, tables, trace = deployments_of(tmp_path, "user_driven_success")
    graph = fleet({"device": "SN-0009", "origin": "graph", "started_at": at(0)})
    frames = {**tables.frames(), "deployments": graph}
    found = build_deployments(Tables.of(frames), trace)
    assert found.select("device", "origin").rows() == [("SN-0001", "capture"), ("SN-0009", "graph")]
