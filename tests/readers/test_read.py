from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import polars as pl
import pytest

from autopilot_analysis.errors import UnknownName
from autopilot_analysis.samples import write_sample
from autopilot_analysis.samples.formats.trace_log import TracedEvent, TraceSettings, write_trace_log
from autopilot_analysis.samples.formats.trace_values import TraceField
from autopilot_analysis.tables import SCHEMAS


def test_every_row_names_its_device_and_a_member_that_is_listed(read, cabinet):
    tables = read(cabinet)
    listed = set(tables.members["member"])
    for name in ("events", "log_lines", "registry_values", "settings", "properties"):
        frame = getattr(tables, name)
        assert frame["device"].unique().to_list() == ["SN-0001"], name
        assert set(frame["member"]) <= listed


def test_every_frame_is_what_its_schema_says(read, cabinet):
    for name, frame in read(cabinet).frames().items():
        assert SCHEMAS[name].is_valid(frame), name


def test_a_log_that_lies_cut_in_a_cabinet_is_seen_in_part_and_not_called_absent(read, cabinet, tmp_path):
    whole = cabinet.read_bytes()
    (tmp_path / "cut.cab").write_bytes(whole[: len(whole) * 6 // 10])
    tables = read(tmp_path / "cut.cab")
    cut = tables.members.filter(pl.col("member").str.contains("moderndeployment.*autopilot.evtx"))
    assert cut.select("source", "state").rows() == [("events_autopilot", "damaged")]
    covered = tables.coverage.filter(source="events_autopilot")
    assert covered["presence"].to_list() == ["partial"]
    assert covered["note"][0].startswith("is cut: 0 of ")


def test_a_device_is_found_by_its_name_and_a_stranger_is_an_error(read, cabinet):
    assert read(cabinet, device="ap-0001").devices["device"].to_list() == ["SN-0001"]
    with pytest.raises(UnknownName, match="SN-0001"):
        read(cabinet, device="SN-9999")


def test_two_devices_in_one_folder_stay_two(read, tmp_path):
    write_sample(tmp_path / "a.cab", "user_driven_success", device=1)
    write_sample(tmp_path / "b.cab", "esp_app_timeout", device=2)
    tables = read(tmp_path)
    assert tables.devices["device"].to_list() == ["SN-0001", "SN-0002"]
    assert set(tables.events["device"]) == {"SN-0001", "SN-0002"}


def test_two_captures_of_one_device_make_one_row(read, tmp_path):
    write_sample(tmp_path / "before.cab", "mdm_enrollment_refused", device=1)
    write_sample(tmp_path / "after.cab", "user_driven_success", device=1)
    assert read(tmp_path).devices["device"].to_list() == ["SN-0001"]


def test_privacy_leaves_no_serial_name_or_domain(read, cabinet, monkeypatch, tmp_path):
    for variable in ("HOME", "XDG_DATA_HOME", "APPDATA"):
        monkeypatch.setenv(variable, str(tmp_path))
    plain, hidden = read(cabinet), read(cabinet, privacy=True)
    secrets = [plain.devices[c][0] for c in ("serial", "name", "tenant_domain")]
    text = "\n".join(frame.write_csv() for frame in hidden.frames().values()).lower()
    assert [s for s in secrets if s.lower() in text] == []
    assert hidden.events.height == plain.events.height


def test_progress_is_told_once_a_member(read, cabinet):
    seen = []
    read(cabinet, progress=lambda done, total, name: seen.append((done, total, name)))
    assert [s[0] for s in seen] == list(range(seen[0][1]))


@pytest.fixture
def oobe_trace():
    """One trace of OOBE with one page."""
    start = datetime(2026, 1, 5, 10, tzinfo=UTC)
    page = TracedEvent(
        at=start + timedelta(seconds=1),
        provider="Microsoft.Windows.Shell.CloudExperienceHost",
        provider_guid=UUID("d0034f5e-3686-5a74-dc48-5a22dd4f3d5b"),
        name="WebAppActivity",
        opcode=1,
        fields=[TraceField("cxid", "OobeRegion")],
    )
    return write_trace_log([page], TraceSettings(started=start, booted=start, ended=start))


def test_to_pandas_gives_every_table(read, cabinet):
    frames = read(cabinet).to_pandas()
    assert len(frames["members"]) == read(cabinet).members.height
    assert str(frames["events"]["at"].dtype).startswith("datetime64")


def test_the_genuine_control_gives_the_counts_that_stand_beside_it(read, genuine):
    tables = read(genuine / "mdm-diagnostics-23h2.cab")
    assert tables.members.height == 39
    assert tables.members.filter(pl.col("source") == "unknown").is_empty()
    assert tables.registry_values.height == 22_683
    of_traces = tables.members.filter(pl.col("source") == "etl")["member"].implode()
    traced = tables.events.filter(pl.col("member").is_in(of_traces))
    assert (tables.events.height - traced.height, traced.height) == (7_740, 298)
    assert tables.settings.height == 40
    device = tables.devices.row(0, named=True)
    assert (device["registered"], device["enrolled"], device["scenario"]) == (None, False, "not_autopilot")
    assert (device["build"], device["tpm_version"]) == ("22631.3880", "2.0")
    assert device["collected_at"] == datetime(2024, 8, 6, 1, 23, 7, tzinfo=UTC)


def test_traces_of_a_capture_are_read_beside_its_logs(read, tmp_path, oobe_trace):
    (tmp_path / "CloudExperienceHostOobe.etl.001").write_bytes(oobe_trace)
    tables = read(tmp_path)
    assert tables.members["state"].to_list() == ["read"]
    assert tables.events.select("channel", "name", "opcode", "clock").rows() == [
        (None, "WebAppActivity", 1, "declared")
    ]
    assert tables.properties.filter(pl.col("name") == "Session")["value"].to_list() == [
        "CloudExperienceHostOobe"
    ]
    assert tables.devices["build"].to_list() == ["22631"]
    assert tables.coverage.select("source", "presence", "records").rows() == [("etl_oobe", "present", 13)]


def test_a_trace_of_which_some_is_only_counted_is_present_all_the_same(read, tmp_path, oobe_trace):
    noisy = oobe_trace.replace(UUID("d0034f5e-3686-5a74-dc48-5a22dd4f3d5b").bytes_le, bytes(15) + b"\1")
    (tmp_path / "CloudExperienceHostOobe.etl.001").write_bytes(noisy)
    tables = read(tmp_path)
    assert tables.gaps["count"].to_list() == [1]
    assert tables.gaps["reason"].str.starts_with("counted, not kept: ").all()
    assert tables.coverage.select("source", "presence").rows() == [("etl_oobe", "present")]


def test_every_genuine_event_log_is_read_as_a_second_parser_counts(read, genuine):
    expected = {
        "ModernDeployment-Diagnostics-Provider%4Autopilot": 32, "Shell-Core%4Operational": 1097,
        "System": 1077,
        "Time-Service%4Operational": 43, "User Device Registration%4Admin": 2, "Setup": 21,
    }  # fmt: skip
    tables = read(genuine / "windows11-event-logs")
    counted = dict(tables.events.group_by("member").len().iter_rows())
    for stem, n in expected.items():
        (member,) = [m for m in counted if m.endswith(f"{stem}.evtx")]
        assert counted[member] == n, member


def test_damaged_logs_lose_nothing_silently(read, genuine):
    tables = read(genuine / "damaged-event-logs")
    for stem in ("cut-at-200000-bytes", "bad_chunk_magic"):
        assert tables.gaps.filter(pl.col("member").str.contains(stem)).height > 0, stem
    assert tables.events.height > 0
