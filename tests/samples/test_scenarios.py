"""The truth of every scenario can be found again, to the second, in the evidence that was written."""

import json
import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from evtx import PyEvtxParser

from autopilot_analysis import open_export
from autopilot_analysis.samples import SCENARIOS, write_sample
from autopilot_analysis.tables import STAGES

STARTED = "SubcategoryProcessing_Started"
FAILED = "DeviceConfigurationTimeOut|ApplicationsFailed"
AUTOPILOT = "-autopilot.evtx"
ADMIN = "devicemanagement-enterprise-diagnostics-provider"


class Evidence:
    """Events of a cabinet as (provider id, fields) with their instant, and its logs as text."""

    def __init__(self, path):
        with open_export(path) as export:
            self.texts = {member.path: member.read() for member in export.members}
        self.events = []
        for name, content in self.texts.items():
            if name.endswith(".evtx"):
                self.events += read_events(name, content, path.parent / "log.evtx")

    def at(self, source, event_id, data=""):
        """Every instant of an event of a source whose fields, as JSON, match a pattern."""
        return [t for n, i, d, t in self.events if source in n and i == event_id and re.search(data, d)]

    def first(self, source, event_id, data="", after=None):
        instants = [t for t in self.at(source, event_id, data) if after is None or t >= after]
        return min(instants, default=None)


def read_events(name, content, scratch):
    scratch.write_bytes(content)
    for entry in PyEvtxParser(str(scratch)).records_json():
        event = json.loads(entry["data"])["Event"]
        event_id = event["System"]["EventID"]
        event_id = event_id["#text"] if isinstance(event_id, dict) else event_id
        instant = datetime.fromisoformat(event["System"]["TimeCreated"]["#attributes"]["SystemTime"])
        yield name, event_id, json.dumps(event["EventData"]), instant


ENDS = {
    "network": [(AUTOPILOT, 164, ""), (AUTOPILOT, 314, "")],
    "profile_download": [(AUTOPILOT, 161, ""), (AUTOPILOT, 163, ""), (AUTOPILOT, 707, "")],
    "user_authentication": [("user device", 325, "")],
    "entra_join": [("user device", 105, ""), (ADMIN, 109, "0x3")],
    "mdm_enrollment": [(ADMIN, 72, ""), (ADMIN, 71, "")],
    "device_preparation": [
        ("moderndeployment", 293, ""),
        ("moderndeployment", 401, '"OverallResult": "0x0"'),
        ("moderndeployment", 171, ""),
    ],
    "device_setup": [("shell-core", 62407, f"Page_Exiting|WhiteGlove_Success|{FAILED}")],
    "account_setup": [("shell-core", 62407, f"Page_Exiting|{FAILED}")],
    "desktop": [("shell-core", 62171, "AllLogonTasks")],
}
STARTS = {
    "network": [(AUTOPILOT, 285, "")],
    "profile_download": [(AUTOPILOT, 160, "")],
    "user_authentication": [(AUTOPILOT, 111, ""), ("user device", 323, "")],
    "entra_join": [("user device", 100, ""), (ADMIN, 111, "")],
    "mdm_enrollment": [(ADMIN, 4, "")],
    "device_preparation": [("moderndeployment", 178, ""), (ADMIN, 72, "")],
    "device_setup": [("shell-core", 62407, f"{STARTED}.*DeviceSetup")],
    "account_setup": [("shell-core", 62407, f"{STARTED}.*AccountSetup")],
    "desktop": [("shell-core", 62407, "Page_Exiting"), ("moderndeployment", 401, "")],
}


@pytest.mark.parametrize("name", list(SCENARIOS))
def test_every_boundary_of_the_truth_stands_in_the_evidence(name, tmp_path):
    sample = write_sample(tmp_path, name, device=3, seed=5)
    evidence = Evidence(sample.path)
    error = SCENARIOS[name].clock_error
    right_from = evidence.first("moderndeployment", 751)
    for row in sample.stages:
        for instant, marks in ((row.started_at, STARTS[row.stage]), (row.ended_at, ENDS[row.stage])):
            if instant is None:
                continue
            written = instant + error if right_from and instant < right_from else instant
            seen = [t for mark in marks for t in evidence.at(*mark)]
            assert any(abs(t - written) < timedelta(milliseconds=10) for t in seen), (row, instant)


STARTS_WITHOUT_PROFILE = {"blank_profile_then_reboot": 1, "not_autopilot": 1}
"""Starts of a device that are no attempt: the service had nothing for it, and nothing followed."""


@pytest.mark.parametrize("name", list(SCENARIOS))
def test_stages_follow_each_other_in_the_order_of_the_scenario(name, tmp_path):
    rows = write_sample(tmp_path, name).stages
    assert {row.stage for row in rows} <= set(STAGES)
    ended = [row for row in rows if row.ended_at is not None]
    assert all(row.started_at is None or row.started_at < row.ended_at for row in ended)
    attempts = sorted({row.attempt for row in rows})
    without_profile = STARTS_WITHOUT_PROFILE.get(name, 0)
    begun = len(SCENARIOS[name].attempts) - without_profile
    assert attempts == [0] * bool(without_profile) + list(range(1, begun + 1))
    for one, other in pairwise(attempts):
        last = max(row.ended_at for row in ended if row.attempt == one)
        assert last < min(row.started_at for row in ended if row.attempt == other and row.started_at)


def test_a_refused_device_tries_four_times_and_leaves_after_each(tmp_path):
    sample = write_sample(tmp_path, "mdm_enrollment_refused")
    evidence = Evidence(sample.path)
    failed = [row for row in sample.stages if row.outcome == "failed"]
    assert [(row.attempt, row.stage, row.code) for row in failed] == [
        (n, "mdm_enrollment", "0x80180014") for n in (1, 2, 3, 4)
    ]
    assert len(evidence.at("enterprise-diagnostics-provider", 71, "0x80180014")) == 4
    assert len(evidence.at("user device", 105)) == 4
    assert len(evidence.at("user device", 371)) == 3
    assert evidence.at("enterprise-diagnostics-provider", 72) == []


@pytest.mark.parametrize(("number", "channel"), [(build, build >= 26100) for build in (22631, 26100)])
def test_enrollment_events_moved_to_their_own_channel_with_build_26100(number, channel, tmp_path):
    for device in range(1, 30):
        sample = write_sample(tmp_path, device=device)
        evidence = Evidence(sample.path)
        if f'"CurrentBuild": "{number}"'.encode() in evidence.texts["MdmDiagLogMetadata.json"]:
            assert bool(evidence.at("provider-enrollment", 72)) is channel
            assert bool(evidence.at("provider-admin", 72)) is not channel
            return
    pytest.fail(f"no device of build {number} among the first 29")


def test_the_clock_of_a_clock_step_jumps_back_in_record_order(tmp_path):
    sample = write_sample(tmp_path, "clock_step")
    evidence = Evidence(sample.path)
    autopilot = [
        (i, t) for n, i, _, t in evidence.events if n.endswith("provider-autopilot.evtx") and "modern" in n
    ]
    (before,) = [t for i, t in autopilot if i == 753]
    (after,) = [t for i, t in autopilot if i == 751]
    assert before - after == SCENARIOS["clock_step"].clock_error - timedelta(milliseconds=1)
    backwards = [b < a for (_, a), (_, b) in pairwise(autopilot)]
    assert backwards.count(True) == 1
    assert evidence.at("time-service", 261)


def test_a_hanging_app_is_in_progress_and_an_undetected_one_is_an_error(tmp_path):
    hanging = (
        Evidence(write_sample(tmp_path / "a", "esp_app_timeout").path)
        .texts["MdmDiagReport_RegistryDump.reg"]
        .decode()
    )
    missing = (
        Evidence(write_sample(tmp_path / "b", "esp_app_failure").path)
        .texts["MdmDiagReport_RegistryDump.reg"]
        .decode()
    )
    tracked = r"Tracking\\Sidecar\\Win32App_[^\]]+\]\r\n    \"InstallationState\"=DWORD:(\d+)"
    assert [int(state) for state in re.findall(tracked, hanging)] == [3, 3, 2]
    assert [int(state) for state in re.findall(tracked, missing)] == [3, 3, 4]
    assert '"HasProvisioningCompleted"' not in hanging + missing


def test_agent_logs_are_in_device_time_at_the_start_of_the_account_setup(tmp_path):
    sample = write_sample(tmp_path)
    evidence = Evidence(sample.path)
    zone = json.loads(evidence.texts["DiagnosticsFrameworkData.json"])["$schema"][0]["categories"][0][
        "items"
    ][2]
    log = evidence.texts["AppWorkload.log"].decode("utf-8-sig")
    written = re.search(r'EspPhase: AccountSetup\..*?time="([\d:]+)', log)[1]
    start = next(row.started_at for row in sample.stages if row.stage == "account_setup")
    assert zone["value"].endswith("Standard Time")
    assert written[3:] == f"{start.astimezone(UTC):%M:%S}"


@pytest.mark.parametrize("name", list(SCENARIOS))
def test_nothing_in_a_sample_belongs_to_anyone(name, tmp_path):
    evidence = Evidence(write_sample(tmp_path, name).path)
    for content in evidence.texts.values():
        text = (content.decode("utf-16-le", "ignore") + content.decode("latin-1")).lower()
        assert not [name for name in ("contoso", "fabrikam", "onmicrosoft", "\\users\\") if name in text]
        assert set(re.findall(r"(?<=[\w.])@([\w.-]+\.[a-z]+)", text)) <= {"example.com"}


CHANNELS_OF = {
    "windows_10_1809": ("provisioning-diagnostics-provider-autopilot", "moderndeployment"),
    "windows_10_1909": ("moderndeployment-diagnostics-provider-autopilot", "provider-enrollment"),
    "windows_11_24h2": ("provider-enrollment", "provisioning-diagnostics-provider-autopilot"),
    "windows_11_26h1": ("provider-sync", "provisioning-diagnostics-provider-autopilot"),
}


@pytest.mark.parametrize("name", CHANNELS_OF)
def test_each_windows_has_its_own_channels_and_no_other(name, tmp_path):
    evidence = Evidence(write_sample(tmp_path, name).path)
    there, absent = CHANNELS_OF[name]
    assert any(there in member for member in evidence.texts)
    assert not any(absent in member for member in evidence.texts)


def test_no_windows_writes_an_event_that_came_later(tmp_path):
    ids = {}
    for name in CHANNELS_OF:
        evidence = Evidence(write_sample(tmp_path / name, name).path)
        ids[name] = {i for n, i, _, _ in evidence.events if n.endswith(AUTOPILOT)}
    assert max(ids["windows_10_1809"]) < 185
    assert not ids["windows_10_1909"] & {285, 286, 287, 288, 292, 293, 296, 297, 809}
    assert 293 in ids["windows_11_24h2"]
    assert 809 not in ids["windows_11_24h2"]
    assert 809 in ids["windows_11_26h1"]
