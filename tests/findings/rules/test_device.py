"""The device itself: sleep, an old build, restarts, and where an end would have been seen."""

import dataclasses
from datetime import UTC, datetime

import polars as pl
import pytest

from autopilot_analysis.findings import RULES

ENDED = [("failed", "device_setup", "user_driven", 0, 60, None)]
OPEN = {
    "attempts": [("unfinished", None, "user_driven", 0, None, None)],
    "runs": [(1, "device_setup", "unfinished", 10, None, None, None)],
}
SHOW_THE_END = ("events_shell_core", "events_autopilot", "registry_dump")


@pytest.mark.parametrize(("minutes", "at", "found"), [(5, 10, 1), (4.9, 10, 0), (30, 61, 0)])
def test_a_sleep_of_five_minutes_within_an_attempt_is_long(proofs, minutes, at, found):
    assert proofs("DEVICE-SLEPT", attempts=ENDED, steps=[("sleep", at, minutes, "")]).height == found


@pytest.mark.parametrize(
    ("build", "found"), [("22621.1", 1), ("22631.1", 0), ("19044.1", 1), ("19045.4000", 0), (None, 0)]
)
def test_windows_11_22h2_and_before_is_old_but_the_last_windows_10_may_be_served(proofs, build, found):
    rows = proofs("BUILD-OLD", device={"build": build}, properties=[("CurrentBuild", "x")])
    assert rows["item"].to_list() == [build] * found


WHO = r"C:\Windows\System32\msiexec.exe (AP-0001)"


@pytest.mark.parametrize("fields", [{"param1": WHO}, {"Data": [WHO, "AP-0001"]}])
@pytest.mark.parametrize(("outcome", "severity"), [("failed", "warning"), ("succeeded", "info")])
def test_a_restart_weighs_in_an_attempt_that_failed_and_names_who_asked(proofs, outcome, severity, fields):
    stage = "device_setup" if outcome == "failed" else None
    attempts = [(outcome, stage, "user_driven", 0, 60, None)]
    rows = proofs("REBOOT-CAUSE", attempts=attempts, events=[("user32:1074", fields, 20, None)])
    assert rows.select("item", "severity").rows() == [("msiexec.exe", severity)]


@pytest.mark.parametrize(
    ("sources", "severity"), [(SHOW_THE_END, "warning"), (SHOW_THE_END[:2], "info"), ((), "info")]
)
def test_silence_about_an_end_weighs_only_where_every_log_that_shows_one_is_there(proofs, sources, severity):
    coverage = [(source, "present") for source in sources]
    assert proofs("ATTEMPT-UNFINISHED", **OPEN, coverage=coverage)["severity"].to_list() == [severity]


def test_an_attempt_without_an_end_names_the_apps_it_was_at(proofs, at):
    begun = {"outcome": "unfinished", "started_at": at(20), "name": "Viewer"}
    rows = proofs(
        "ATTEMPT-UNFINISHED", **OPEN, installs=[begun, begun | {"name": "Idle", "started_at": None}]
    )
    assert rows["item"].to_list() == ["device setup, Viewer not finished"]


def test_a_password_for_signing_in_is_found_and_never_quoted(proofs):
    key = r"HKEY_LOCAL_MACHINE\software\microsoft\windows nt\currentversion\winlogon"
    rows = proofs("AUTO-LOGON-PASSWORD", registry=[(key, "DefaultPassword", "hunter2")])
    assert rows["quote"].to_list() == ["DefaultPassword is set"]


def test_a_script_that_stopped_device_preparation_is_quoted_in_its_own_words(proofs):
    wrote = '{"error": "Add-Printer : The specified server does not exist."}'
    script = {"kind": "script", "outcome": "failed", "exit_code": 1, "detail": wrote, "started_at": None}
    attempts = [("failed", "device_preparation", "device_preparation", 0, 60, None)]
    rows = proofs("PREPARATION-ITEM-FAILED", attempts=attempts, installs=[script])
    assert rows["quote"].to_list() == [
        "outcome failed, exit code 1: Add-Printer : The specified server does not exist."
    ]


@pytest.mark.parametrize(
    ("other", "scenario", "severity"),
    [
        ("skipped", "device_preparation", ["high", "high"]),
        ("succeeded", "device_preparation", ["warning"]),
        ("skipped", "user_driven", []),
    ],
)
def test_what_device_preparation_skipped_matters_more_where_it_brought_nothing(
    proofs, other, scenario, severity
):
    items = [{"item": "a", "name": "A", "outcome": "skipped"}, {"item": "b", "name": "B", "outcome": other}]
    rows = proofs(
        "PREPARATION-SKIPPED", attempts=[("succeeded", None, scenario, 0, 60, None)], installs=items
    )
    assert rows["severity"].to_list() == severity
    assert set(rows["item"]) <= {"A, B", "A"}


def rendered(update, *, german=False, failed=False):
    """The message of an update, as lists of events hold it."""
    words = "Windows failed to install the following update with error 0x80073D02"
    words = "Fehler 0x80073D02 bei der Installation des folgenden Updates" if german else words
    return {"RenderedMessage": f"{words if failed else 'Windows successfully installed'}: {update}."}


@pytest.mark.parametrize(
    ("bad", "good", "minute", "told"),
    [
        ({"updateTitle": "Example"}, {"updateTitle": "Example"}, 40, 0),
        ({"updateGuid": "{1}", "updateTitle": "A"}, {"updateGuid": "{1}", "updateTitle": "B"}, 40, 0),
        (rendered("Example.App", failed=True), rendered("Example.App"), 40, 0),
        (rendered("Example.App", failed=True, german=True), rendered("Example.App"), 40, 0),
        ({"updateTitle": "Example"}, {"updateTitle": "Another"}, 40, 1),
        ({"updateTitle": "Example"}, {"updateTitle": "Example"}, 20, 1),
        ({}, {}, 40, 1),
    ],
)
def test_an_update_that_was_installed_later_is_no_failure(proofs, bad, good, minute, told):
    attempts = [("succeeded", None, "user_driven", 0, 60, None)]
    events = [("wu:20", bad, 30, "0x80073D02"), ("wu:19", good, minute, None)]
    assert proofs("UPDATE-FAILED-IN-OOBE", attempts=attempts, events=events).height == told


def test_undated_records_of_an_update_follow_each_other_as_they_were_written(world):
    attempts = [("succeeded", None, "user_driven", 0, 60, None)]
    events = [("wu:20", {"updateTitle": "A"}, 30, "0x80073D02"), ("wu:19", {"updateTitle": "A"}, 40, None)]
    tables, trace = world(attempts=attempts, events=events)
    for hour, told in ((9, 0), (7, 1)):
        undated = pl.when(pl.col("event_id") == 19)
        rows = tables.events.with_columns(
            at=undated.then(None).otherwise("at"),
            recorded_at=undated.then(datetime(2026, 3, 2, hour, tzinfo=UTC)).otherwise("recorded_at"),
        )
        given = dataclasses.replace(tables, events=rows)
        assert RULES["UPDATE-FAILED-IN-OOBE"](given, trace).height == told
