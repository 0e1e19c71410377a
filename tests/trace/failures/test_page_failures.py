"""A status page that stands still for an app: told by the agent's log, or by the registry alone."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.tables import SCHEMAS, Tables, schema_of
from autopilot_analysis.trace import build_trace

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
APP = "11111111-2222-4333-8444-555555555555"
OTHER = "22222222-2222-4333-8444-555555555555"
TRACK = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\Autopilot\EnrollmentStatusTracking"


def frame(table, rows):
    schema = schema_of(table)
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def stages(*records, registry=()):
    """The stage runs of a device whose agent wrote these records: (minutes, message)."""
    lines = [
        {
            "device": "D", "member": "AppWorkload.log", "record": n, "clock": "device_zone", "message": text,
            "at": START + timedelta(minutes=at),
            "written_at": (START + timedelta(minutes=at)).replace(tzinfo=None),
        }
        for n, (at, text) in enumerate(records, 1)
    ]  # fmt: skip
    values = [
        {"device": "D", "member": "dump.reg", "record": n, "kind": "REG_DWORD", "key": key, "name": name}
        | {"value": value}
        for n, (key, name, value) in enumerate(registry, 1)
    ]
    empty = {name: SCHEMAS[name].create_empty() for name in Tables.__dataclass_fields__}
    told = empty | {
        "log_lines": frame("log_lines", lines),
        "registry_values": frame("registry_values", values),
    }
    runs = build_trace(Tables(**told)).stage_runs
    return dict(runs.select(pl.col("stage").cast(pl.String), pl.col("outcome").cast(pl.String)).rows())


def tracked(before, after, app=APP):
    return (
        f"[Win32App][EspManager] Updating ESP tracked install status from {before} to {after} "
        f"for application {app} with name: Sample Viewer."
    )


DEVICE = (0, "[Win32App] The EspPhase: DeviceSetup.")
ACCOUNT = (30, "[Win32App] The EspPhase: AccountSetup.")
ALL_DONE = "[Win32App][EspHelper][CheckDeviceAndAccountSetupStateWithWmi] All apps completed for device"


def test_an_app_in_error_that_the_page_waits_for_fails_the_phase():
    assert stages(DEVICE, (5, tracked("InProgress", "Error"))) == {"device_setup": "failed"}


@pytest.mark.parametrize("now", ["InProgress", "Completed"])
def test_an_app_that_is_tried_again_or_came_through_fails_nothing(now):
    runs = stages(DEVICE, (5, tracked("InProgress", "Error")), (9, tracked("Error", now)))
    assert runs == {"device_setup": "unfinished"}


def test_a_phase_that_was_gone_on_from_is_not_held_by_its_app():
    assert stages(DEVICE, (5, tracked("InProgress", "Error")), ACCOUNT)["device_setup"] == "unknown"


def test_an_app_of_the_user_fails_the_account_setup():
    runs = stages(
        DEVICE, (5, tracked("InProgress", "Completed")), ACCOUNT, (40, tracked("InProgress", "Error", OTHER))
    )
    assert runs == {"device_setup": "unknown", "account_setup": "failed"}


def test_the_agent_s_word_that_all_apps_completed_ends_the_phase():
    assert stages(DEVICE, (5, tracked("InProgress", "Completed")), (6, ALL_DONE)) == {
        "device_setup": "succeeded"
    }


def test_the_registry_alone_tells_of_an_app_in_error_unless_the_phase_completed():
    app = (rf"{TRACK}\Device\Setup\Apps\Tracking\Sidecar\Win32App_{APP}_1", "InstallationState", "4")
    done = (rf"{TRACK}\Device\Setup", "HasProvisioningCompleted", "4294967295")
    assert stages(DEVICE, registry=[app]) == {"device_setup": "failed"}
    assert stages(DEVICE, registry=[app, done]) == {"device_setup": "succeeded"}
    assert stages(DEVICE, registry=[(app[0], app[1], "3")]) == {"device_setup": "unfinished"}
