"""Downloads apart from installers: source, speed and stalls; every id, name and time is made up."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.tables import schema_of
from autopilot_analysis.trace.installs.agent.downloads import STALL
from autopilot_analysis.trace.installs.agent.tries import read_installs_from_log

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
APP = "11111111-2222-4333-8444-555555555555"
USER = "99999999-8888-4777-8666-555555555555"
FILE = f"0f0e0d0c-0b0a-4909-8807-060504030201-intunewin-bin_{APP}_1"
BEGUN = f"[Win32App] Content cache miss for app (id = {APP}, name Sample Viewer), start downloading..."
DONE = "[Win32App DO] DO download and decryption is successfully done"
TIMEOUT = "[Win32App DO] DO downloading is not finished within timeout"


def progress(got, of=1000, via="DO"):
    app = f"(id = {APP}, name Sample Viewer)"
    return f"[StatusService] Downloading app {app} via {via}, bytes {got}/{of} for user {USER}"


def read(*records):
    schema = schema_of("log_lines")
    rows = []
    for n, (at, message) in enumerate(records, 1):
        moment = START + timedelta(seconds=at)
        row = {"device": "D", "member": "AppWorkload.log", "record": n, "clock": "device_zone", "thread": 7}
        row |= {"at": moment, "written_at": moment.replace(tzinfo=None), "message": message}
        rows.append({name: row.get(name) for name in schema})
    return read_installs_from_log(pl.DataFrame(rows, schema=schema)).row(0, named=True)


def telemetry(**bytes_from):
    told = {"FileId": FILE, "FileSize": 1000, "TotalBytesDownloaded": 1000} | bytes_from
    body = ",".join(
        f'"{name}":"{value}"' if isinstance(value, str) else f'"{name}":{value}'
        for name, value in told.items()
    )
    return f"[DO TEL] = {{{body}}}"


def sources(row):
    return row["peer_bytes"], row["cache_bytes"], row["cdn_bytes"]


def test_telemetry_tells_peers_from_the_cache_and_from_the_service():
    line = telemetry(
        BytesFromPeers=300, BytesFromHttp=700, BytesFromCacheServer=450, DownloadDuration="00:00:04"
    )
    row = read((0, BEGUN), (20, line), (21, DONE))
    assert sources(row) == (300, 450, 250)
    assert (row["download_outcome"], row["download_size"], row["download_rate"]) == ("succeeded", 1000, 250.0)


def test_telemetry_with_doubled_quotes_is_read_like_any_other():
    line = telemetry(BytesFromPeers=300, BytesFromHttp=700).replace('"', '""')
    assert sources(read((0, BEGUN), (20, line), (21, DONE))) == (300, None, 700)


def test_a_log_without_telemetry_leaves_the_source_unknown():
    row = read((0, BEGUN), (4, progress(500)), (10, progress(1000)), (10, DONE))
    assert sources(row) == (None, None, None)
    assert (row["downloaded_bytes"], row["download_size"], row["download_rate"]) == (1000, 1000, 100.0)


def test_bytes_with_thousands_and_decimals_are_whole():
    row = read((0, BEGUN), (10, DONE), (10, "[Win32App] Downloaded file size 37,187,491.00"))
    assert row["downloaded_bytes"] == 37_187_491


@pytest.mark.parametrize(
    ("still", "stalls", "stalled"),
    [(STALL.seconds, 1, STALL), (STALL.seconds - 1, 0, None)],
    ids=["two minutes", "a second less"],
)
def test_two_minutes_without_a_new_byte_are_a_stall(still, stalls, stalled):
    row = read((0, BEGUN), (5, progress(200)), (5 + still, progress(200)), (200, progress(1000)), (201, DONE))
    assert (row["stalls"], row["stalled"], row["download_outcome"]) == (stalls, stalled, "succeeded")


def test_a_download_that_is_whole_and_is_checked_for_long_has_not_stalled():
    row = read((0, BEGUN), (5, progress(1000)), (500, progress(1000)), (501, DONE))
    assert (row["stalls"], row["stalled"]) == (0, None)


def test_the_time_until_the_agent_gave_up_counts_as_a_stall():
    row = read((0, BEGUN), (5, progress(200)), (10, progress(400)), (610, TIMEOUT))
    assert (row["stalls"], row["stalled"]) == (1, timedelta(minutes=10))
    assert (row["outcome"], row["reason"], row["download_outcome"]) == (
        "failed",
        "download timed out",
        "failed",
    )
    assert (row["started_at"], row["downloaded_bytes"], row["download_rate"]) == (None, 400, 40.0)


def test_a_download_that_stands_still_where_the_log_ends_is_no_running_installer():
    row = read((0, BEGUN), (5, progress(200)), (305, progress(200)))
    assert (row["outcome"], row["download_outcome"]) == ("unfinished", "unfinished")
    assert row["reason"] == "download stalled: no byte came for 5 minutes"


def test_a_code_of_delivery_optimization_is_the_downloads_own():
    row = read((0, BEGUN), (5, "[Win32App DO] download ended with 0x80D02002"), (610, TIMEOUT))
    assert (row["download_code"], row["download_outcome"]) == ("0x80D02002", "failed")


def test_the_code_of_the_download_goes_before_that_of_the_verdict_on_its_app():
    late = (
        f"{TIMEOUT}, jobState = BG_JOB_STATE_TRANSIENT_ERROR, hr = 0x80D02002, file = intunewin-bin_{APP}_1"
    )
    delta = '{"EnforcementState":{"OldValue":"InProgress","NewValue":"ErrorDownloadingContent"},'
    delta += '"EnforcementErrorCode":{"OldValue":null,"NewValue":-2016214936}}'
    verdict = f"[Win32App][ReportingManager] Download state for app with id: {APP} has been updated. "
    row = read((0, BEGUN), (5, progress(0)), (605, late), (606, f"{verdict}Report delta: {delta}"))
    assert (row["download_code"], row["code"]) == ("0x80D02002", "0x87D30068")


def test_the_report_of_a_lost_download_brings_its_code():
    delta = '{"EnforcementState":{"OldValue":"InProgress","NewValue":"ErrorDownloadingContent"},'
    delta += '"EnforcementErrorCode":{"OldValue":null,"NewValue":-2016214937}}'
    text = f"[Win32App][ReportingManager] Download state for app with id: {APP} has been updated. "
    text += f"Report delta: {delta}"
    row = read((0, BEGUN), (5, progress(200)), (9, text))
    assert (row["download_code"], row["code"], row["download_outcome"]) == (
        "0x87D30067",
        "0x87D30067",
        "failed",
    )


def test_content_from_the_agents_own_cache_is_no_download():
    handler = "[Win32App][DownloadActionHandler] Handler invoked for policy with id:"
    begun = "[Win32App][ExecutionActionHandler] Handler invoked with execution type: Install"
    row = read(
        (0, f"{handler} {APP} and version: 1"),
        (2, "[Win32App] Content cache found for app"),
        (3, f"{begun} for policy with id: {APP} and version: 1."),
        (9, "[Win32App] lpExitCode 0"),
    )
    assert (row["download_outcome"], row["stalls"], row["download_rate"]) == ("cached", None, None)


def test_an_agent_that_downloads_from_the_cdn_itself_says_so():
    row = read((0, BEGUN), (1, "[Win32App] ExternalCDN mode, content raw URL is https://cdn.example.com/a"))
    assert (row["download_outcome"], '"via": "CDN"' in row["detail"]) == ("unfinished", True)
