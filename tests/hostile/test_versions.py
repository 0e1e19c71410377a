"""Windows as it was and will be: 10 1809 and 1909, 11 24H2 and 26H1, each told from its own channels."""

import json
from datetime import UTC, datetime, timedelta
from itertools import product

import polars as pl
import pytest
from told_samples import tell_samples

from autopilot_analysis import build_trace, find, open_export, read_tables
from autopilot_analysis.samples import LAYOUTS, truth_table, write_sample
from autopilot_analysis.tables import Tables, schema_of

BEGUN = datetime(2026, 3, 2, 9, tzinfo=UTC)
OLD = "Microsoft-Windows-Provisioning-Diagnostics-Provider"
NEW = "Microsoft-Windows-ModernDeployment-Diagnostics-Provider"
MDM = "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider"
DOWNLOAD = [(111, {}), (160, {}), (161, {}), (153, {"InitialState": "0", "UpdateState": "3"})]


def tables_of(build, *events):
    """Return tables of one device that wrote these (provider, channel, id, fields), a minute apart."""
    rows = [
        {
            "device": "SN-0001",
            "member": f"{channel}.evtx",
            "record": number,
            "clock": "declared",
            "provider": provider,
            "channel": f"{provider}/{channel}",
            "event_id": event,
            "data": json.dumps(fields),
            "level": 4,
            "version": 0,
            "recorded_at": BEGUN + timedelta(minutes=number),
            "at": BEGUN + timedelta(minutes=number),
        }
        for number, (provider, channel, event, fields) in enumerate(events, 1)
    ]
    schema = schema_of("events")
    typed = pl.DataFrame([{c: row.get(c) for c in schema} for row in rows], schema=schema)
    device = schema_of("devices")
    known = pl.DataFrame([{c: {"device": "SN-0001", "build": build}.get(c) for c in device}], schema=device)
    return Tables.of({"events": typed, "devices": known})


def told(tables):
    trace = build_trace(tables)
    return trace, set(find(tables, trace).findings["rule"])


@pytest.mark.parametrize(
    ("build", "provider", "channel"),
    [
        ("17763.1", OLD, "AutoPilot"),
        ("17763.1", OLD, "autopilot"),
        ("18363.1", NEW, "Autopilot"),
        ("26100.1", NEW, "Autopilot"),
        ("28000.1", NEW, "Autopilot"),
    ],
)
def test_the_profile_download_is_told_of_every_windows(build, provider, channel):
    trace, _ = told(tables_of(build, *((provider, channel, event, fields) for event, fields in DOWNLOAD)))
    assert {"profile_sought", "profile_available"} <= set(trace.marks["mark"])
    runs = trace.stage_runs.filter(pl.col("stage") == "profile_download")
    assert runs["outcome"].to_list() == ["succeeded"]


def test_an_id_of_the_provider_in_another_channel_is_no_mark():
    trace, _ = told(
        tables_of("26100.1", *((NEW, "ManagementService", event, fields) for event, fields in DOWNLOAD))
    )
    assert trace.marks.is_empty()


def test_an_id_of_another_provider_is_no_mark():
    trace, _ = told(
        tables_of("26100.1", *(("Some-Provider", "Autopilot", event, fields) for event, fields in DOWNLOAD))
    )
    assert trace.marks.is_empty()


@pytest.mark.parametrize("channel", ["Admin", "Enrollment"])
def test_the_enrolment_is_told_from_the_channel_of_24h2_as_from_the_older(channel):
    trace, _ = told(
        tables_of("26100.1", (MDM, channel, 4, {}), (MDM, channel, 58, {}), (MDM, channel, 72, {}))
    )
    runs = trace.stage_runs.filter(pl.col("stage") == "mdm_enrollment")
    assert runs["outcome"].to_list() == ["succeeded"]


def test_the_sync_channel_of_24h2_ends_in_no_traceback_and_no_false_alarm():
    _, rules = told(tables_of("26100.1", *((MDM, "Sync", event, {}) for event in (208, 209, 216, 1000))))
    assert not {rule for rule in rules if "ENROL" in rule}


@pytest.mark.parametrize("event", [806, 807, 808, 809, 815, 908])
def test_the_new_events_of_26h1_are_not_the_answers_of_the_registration_service(event):
    """807 to 815 are answers of a service in texts; since 26H1 events carry the same numbers."""
    fields = {"HRESULT": "0x80070002", "Message1": "x", "Message2": "y"}
    tables = tables_of(
        "28000.1", *((NEW, "Autopilot", n, f) for n, f in DOWNLOAD), (NEW, "Autopilot", event, fields)
    )
    _, rules = told(tables)
    assert not rules & {"DEVICE-NOT-REGISTERED", "NOT-AUTOPILOT"}
    assert not {rule for rule in rules if "PROFILE" in rule}


WINDOWS = ["windows_10_1809", "windows_10_1909", "windows_11_24h2", "windows_11_26h1"]


@pytest.fixture(scope="module")
def deployments(tmp_path_factory):
    """What a deployment says on each Windows in each layout; all are told together."""
    return tell_samples(tmp_path_factory.mktemp("windows"), [*product(WINDOWS, LAYOUTS)])


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("scenario", WINDOWS)
def test_a_deployment_is_told_to_the_second_on_every_windows(deployments, scenario, layout):
    columns = ["attempt", "stage", "started_at", "ended_at", "outcome"]
    sample, _, trace, findings = deployments[scenario, layout]
    truth = truth_table([sample], sample.path.parent)
    seconds = pl.col("started_at", "ended_at").dt.truncate("1s")
    stages = trace.stage_runs.with_columns(pl.col("stage", "outcome").cast(pl.String))
    told_rows, true_rows = (
        frame.select(columns).with_columns(seconds).sort("attempt", pl.col("stage").cast(pl.String)).rows()
        for frame in (stages, truth.with_columns(pl.col("stage", "outcome").cast(pl.String)))
    )
    assert told_rows == true_rows
    assert not findings.findings.filter(pl.col("role") == "cause").height


def test_26h1_says_that_a_device_is_not_registered_and_it_is_found(tmp_path):
    """The positive control: the same number, 807, as the service's answer instead of an event's id."""
    with open_export(write_sample(tmp_path, "windows_11_26h1_not_registered").path) as export:
        _, rules = told(read_tables(export))
    assert "DEVICE-NOT-REGISTERED" in rules
