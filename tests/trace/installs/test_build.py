"""Installs from logs, events and registry; every id, name and time here is made up."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from autopilot_analysis.findings.rules.page_tries import PAGE_LISTS
from autopilot_analysis.tables import SCHEMAS, Tables, schema_of
from autopilot_analysis.trace.installs import build
from autopilot_analysis.trace.installs.agent.messages import find_messages
from autopilot_analysis.trace.installs.agent.tries import read_installs_from_log
from autopilot_analysis.trace.installs.build import best_claims, build_installs
from autopilot_analysis.trace.installs.registry.claims import as_claims

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
APP = "11111111-2222-4333-8444-555555555555"
OTHER = "22222222-2222-4333-8444-555555555555"
USER = "99999999-8888-4777-8666-555555555555"
JOB = "0f0e0d0c-0b0a-4909-8807-060504030201"


def log_lines(*records, member="AppWorkload.log", known=True):
    """Records as (seconds, message) of one log."""
    rows = [
        {
            "device": "D",
            "member": member,
            "record": n,
            "written_at": (START + timedelta(seconds=at)).replace(tzinfo=None),
            "at": START + timedelta(seconds=at) if known else None,
            "clock": "device_zone" if known else "unknown",
            "thread": 11,
            "message": message,
        }
        for n, (at, message) in enumerate(records, 1)
    ]
    schema = schema_of("log_lines")
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def tables(**frames):
    empty = {name: SCHEMAS[name].create_empty() for name in Tables.__dataclass_fields__}
    return Tables(**(empty | frames))


def registry(*rows):
    schema = schema_of("registry_values")
    names = ("key", "name", "value")
    full = [
        {"device": "D", "member": "dump.reg", "record": n, "kind": "REG_SZ"}
        | dict(zip(names, row, strict=True))
        for n, row in enumerate(rows, 1)
    ]
    return pl.DataFrame(full, schema=schema)


def seconds(row, name):
    return None if row[name] is None else (row[name] - START).total_seconds()


def delta(app, before, after, code=None):
    tail = f',"EnforcementErrorCode":{{"OldValue":null,"NewValue":{code}}}' if code else ""
    change = f'{{"EnforcementState":{{"OldValue":"{before}","NewValue":"{after}"}}{tail}}}'
    return (
        f"[Win32App][ReportingManager] Execution state for app with id: {app} has "
        f"been updated. Report delta: {change}"
    )


def new_era_try(at, app=APP, *, code=0, mapped="Success", detected=True, final="Success", error=None):
    """One whole try as an agent since 2408 writes it: 10 s download, 23 s install."""
    found = "Detected" if detected else "NotDetected"
    detection = (
        f"[Win32App][DetectionActionHandler] Detection for policy with id: {app} "
        f"resulted in action status: Success and detection state: "
    )
    return [
        (at, f"[Win32App][V3Processor] Processing subgraph with app ids: {app}"),
        (at + 1, detection + "NotDetected."),
        (
            at + 2,
            f"[Win32App][DownloadActionHandler] Handler invoked for policy with id: {app} and version: 1",
        ),
        (
            at + 3,
            f"[Win32App] Content cache miss for app (id = {app}, name = Sample Viewer), start downloading...",
        ),
        (
            at + 7,
            f"[StatusService] Downloading app (id = {app}, name Sample Viewer) via DO, "
            f"bytes 512/2048 for user {USER}",
        ),
        (at + 12, "[Win32App DO] DO download and decryption is successfully done"),
        (at + 12, "[Win32App] Downloaded file size 2048"),
        (
            at + 20,
            f"[Win32App][ExecutionActionHandler] Handler invoked with execution type: "
            f"Install for policy with id: {app} and version: 1",
        ),
        (at + 21, "[Win32App] Launch Win32AppInstaller in machine session"),
        (at + 43, "[Win32App] Installation is done, collecting result"),
        (at + 43, f"[Win32App] lpExitCode {code}"),
        (at + 43, f"[Win32App] lpExitCode is defined as {mapped}"),
        (at + 45, detection + found + "."),
        (at + 46, delta(app, "InProgress", final, error)),
        (at + 47, "[Win32App][V3Processor] Done processing subgraph."),
    ]


def test_a_try_of_the_new_era_has_its_download_its_install_and_its_detection():
    row = read_installs_from_log(log_lines(*new_era_try(0))).row(0, named=True)
    assert (row["item"], row["name"], row["kind"], row["outcome"]) == (
        APP,
        "Sample Viewer",
        "win32",
        "succeeded",
    )
    assert [
        seconds(row, f"{name}_at") for name in ("download_started", "download_ended", "started", "ended")
    ] == [2, 12, 20, 43]
    assert (row["downloaded_bytes"], row["exit_code"], row["exit_class"], row["detected"]) == (
        2048,
        0,
        "Success",
        True,
    )
    detail = json.loads(row["detail"])
    assert detail["bytes_from"] == "rebuilt"
    assert detail["detected_at"] == "2026-03-02T08:00:45+00:00"


def test_two_passes_are_never_glued_into_one_long_install():
    detection = (
        f"[Win32App][DetectionActionHandler] Detection for policy with id: {APP} "
        f"resulted in action status: Success and detection state: "
    )
    evaluation = [
        (0, f"[Win32App][V3Processor] Processing subgraph with app ids: {APP}"),
        (1, detection + "NotDetected."),
        (2, "[Win32App][V3Processor] Done processing subgraph."),
    ]
    again = [
        (8000, f"[Win32App][V3Processor] Processing subgraph with app ids: {APP}"),
        (8001, detection + "Detected."),
    ]
    installs = build_installs(tables(log_lines=log_lines(*evaluation, *new_era_try(3960), *again)))
    assert installs["waited"].to_list() == [timedelta(seconds=23)]
    assert json.loads(installs["detail"][0])["detected_at"] == (START + timedelta(seconds=4005)).isoformat()


def test_exit_zero_but_not_detected_is_told_with_its_code():
    records = new_era_try(0, detected=False, final="Error", error=-2016345060)
    row = read_installs_from_log(log_lines(*records)).row(0, named=True)
    assert (row["outcome"], row["exit_code"], row["detected"], row["code"]) == (
        "not_detected",
        0,
        False,
        "0x87D1041C",
    )


def test_every_retry_is_a_row_and_the_lock_between_them_stands_on_the_failed_one():
    failed = {"code": 1603, "mapped": "Failed", "detected": False, "final": "Error", "error": -2147023293}
    first, second = new_era_try(0, **failed), new_era_try(90_000)
    held = log_lines(
        (
            100,
            f"[Win32App][ActionProcessor] App with id: {APP} to install is in GRS. The "
            f"app will not be enforced.",
        ),
        (
            4000,
            f"[Win32App][ActionProcessor] App with id: {APP} to install is in GRS. The "
            f"app will not be enforced.",
        ),
        member="AppActionProcessor.log",
    )
    rows = read_installs_from_log(pl.concat([held, log_lines(*first, *second)]))
    assert rows.select("try_number", "outcome", "exit_code", "code", "reason").rows() == [
        (1, "failed", 1603, "0x80070643", None),
        (2, "succeeded", 0, None, None),
    ]
    detail = json.loads(rows["detail"][0])
    assert detail["held"] == 2
    assert [detail[f"held_{end}_at"][11:19] for end in ("from", "until")] == ["08:01:40", "09:06:40"]


def test_a_try_of_the_old_era_counts_the_retries_inside_one_pass():
    present = [
        (0, f"[Win32App] ProcessAppWithDependencies starts for {APP} with name Sample Viewer"),
        (0, f"[Win32App] ===Step=== Start to Present app {APP}"),
        (
            1,
            "[Win32App] Completed detectionManager SideCarFileDetectionManager, "
            "applicationDetectedByCurrentRule: False",
        ),
        (2, f"[Win32App] Downloading app on session 0. App: {APP}"),
        (
            9,
            f"[DO TEL] = "
            f'{{"FileId":"{JOB}-intunewin-bin_{APP}_1","FileSize":2048,'
            f'"TotalBytesDownloaded":2048,"BytesFromPeers":512,"BytesFromHttp":1536}}',
        ),
        (10, "[Win32App] ===Step=== Execute retry 0"),
        (11, "[Win32App] Launch Win32AppInstaller in machine session"),
        (20, "[Win32App] lpExitCode 1618"),
        (20, "[Win32App] lpExitCode is defined as Retry"),
        (320, "[Win32App] ===Step=== Execute retry 1"),
        (321, "[Win32App] Launch Win32AppInstaller in machine session"),
        (350, "[Win32App] lpExitCode 0"),
        (350, "[Win32App] lpExitCode is defined as Success"),
        (
            352,
            "[Win32App] Completed detectionManager SideCarFileDetectionManager, "
            "applicationDetectedByCurrentRule: True",
        ),
        (353, "[Win32App] Setting enforcementState as: Success"),
    ]
    rows = read_installs_from_log(log_lines(*present, member="IntuneManagementExtension.log"))
    assert rows.select("try_number", "outcome", "exit_code", "exit_class").rows() == [
        (1, "failed", 1618, "Retry"),
        (2, "succeeded", 0, "Success"),
    ]
    assert rows["downloaded_bytes"].to_list() == [2048, None]
    detail = json.loads(rows["detail"][0])
    assert (detail["bytes_from"], detail["peers"], detail["http"]) == ("telemetry", 512, 1536)
    assert rows["name"].unique().to_list() == ["Sample Viewer"]


def test_an_app_the_page_waits_for_but_nobody_began_is_never_started():
    rows = read_installs_from_log(
        log_lines(
            (0, "[Win32App][EspHelper][CheckEspPhase] In EspPhase: DeviceSetup"),
            (
                1,
                f"[Win32App][EspManager] In EspPhase: DeviceSetup. App {OTHER} has been "
                f"registered to ESP. App name: Late One",
            ),
            *new_era_try(10),
        )
    )
    never = rows.filter(item=OTHER).row(0, named=True)
    assert (never["outcome"], never["name"], never["phase"], never["blocking"]) == (
        "never_started",
        "Late One",
        "device",
        True,
    )
    tried = rows.filter(item=APP).row(0, named=True)
    assert (tried["phase"], tried["blocking"]) == ("device", None)


def test_an_app_that_was_only_looked_at_is_skipped_with_its_reason():
    rows = read_installs_from_log(
        log_lines(
            (0, f"[Win32App][ActionProcessor] No action required for app with id: {APP}."),
            member="AppActionProcessor.log",
        )
    )
    assert rows.select("outcome", "reason", "waited").rows() == [
        ("skipped", "already in the wanted state", None)
    ]


@pytest.mark.parametrize("reached", [5, 9], ids=["download", "install"])
def test_a_restart_of_the_agent_cuts_a_try_off_and_what_follows_is_another(reached):
    begun = new_era_try(0)[:reached]
    restart = log_lines((100, "EMS Agent Started"), member="IntuneManagementExtension.log")
    rows = read_installs_from_log(pl.concat([log_lines(*begun, *new_era_try(200)), restart]))
    assert rows.select("try_number", "outcome", "reason").rows() == [
        (1, "unfinished", "cut off: the agent started anew"),
        (2, "succeeded", None),
    ]


def test_a_download_that_times_out_fails_with_that_reason():
    records = [
        *new_era_try(0)[:5],
        (900, "[Win32App][DownloadActionHandler] Handler completed with action status: Timeout."),
    ]
    row = read_installs_from_log(log_lines(*records)).row(0, named=True)
    assert (row["outcome"], row["started_at"], seconds(row, "ended_at")) == ("failed", None, 900)


def test_times_as_written_give_the_span_where_no_instant_is_known():
    installs = build_installs(tables(log_lines=log_lines(*new_era_try(0), known=False)))
    row = installs.row(0, named=True)
    assert (row["started_at"], row["waited"], row["clock"]) == (None, timedelta(seconds=23), "unknown")


def test_a_winget_app_is_told_by_its_own_words():
    rows = read_installs_from_log(
        log_lines(
            (
                0,
                f"[Win32App][WinGetApp][WinGetAppExecutionExecutor] Starting execution of "
                f"app with id: {APP} and context: SystemContext.",
            ),
            (
                5,
                f"[WinGetMessageProcessor] Processing Progress for app = {APP} and user = "
                f"{USER} - Operation Phase = Downloading",
            ),
            (
                9,
                f"[WinGetMessageProcessor] Processing Progress for app = {APP} and user = "
                f"{USER} - Operation Phase = Installing",
            ),
            (
                30,
                f"[Win32App][WinGetApp][WinGetAppExecutionExecutor] Completed execution for "
                f"app with id: {APP}. WinGet operation result:   Operation result =  Ok  Version = 1",
            ),
        )
    )
    row = rows.row(0, named=True)
    assert (row["kind"], row["outcome"], seconds(row, "started_at"), seconds(row, "ended_at")) == (
        "winget",
        "succeeded",
        9,
        30,
    )


def test_a_script_fails_with_its_output():
    path = rf"C:\Program Files (x86)\Microsoft Intune Management Extension\Policies\Scripts\{USER}_{APP}.ps1"
    agent = log_lines(
        (0, f"[PowerShell] Processing policy with id = {APP} for user {USER}"),
        (1, "Launch powershell executor in machine session"),
        (8, "Powershell execution is done, exitCode = 1"),
        (9, f"[PowerShell] User Id = {USER}, Policy id = {APP}, policy result = Failed"),
        member="IntuneManagementExtension.log",
    )
    executor = log_lines(
        (2, "ExecutorLog AgentExecutor gets invoked"),
        (2, f"Adding argument powershell with value {path} to the named argument list."),
        (7, "Powershell exit code is 1"),
        (7, "write output done. output = starting, error = access is denied"),
        member="AgentExecutor.log",
    )
    row = read_installs_from_log(pl.concat([agent, executor])).row(0, named=True)
    assert (row["kind"], row["outcome"], row["exit_code"], row["member"]) == (
        "script",
        "failed",
        1,
        "IntuneManagementExtension.log",
    )
    detail = json.loads(row["detail"])
    assert (detail["output"], detail["error"], row["context"]) == (
        "starting",
        "access is denied",
        "system",
    )


def test_a_remediation_that_does_not_help_is_a_failure():
    rows = read_installs_from_log(
        log_lines(
            (0, f"[HS] ProcessScript PolicyId: {APP} PolicyType: 6"),
            (5, "[HS] exit code of the script is 1"),
            (5, f"[HS] the pre-remdiation detection script compliance result for {APP} is False"),
            (9, "[HS] remediation script exit code is 0"),
            (14, f"[HS] the post detection script result for {APP} is False"),
            (90, f"[HS] ProcessScript PolicyId: {APP} PolicyType: 6"),
            (95, f"[HS] the pre-remdiation detection script compliance result for {APP} is True"),
            member="HealthScripts.log",
        )
    )
    assert rows.select("try_number", "outcome", "exit_code", "reason").rows() == [
        (1, "failed", 0, "detection still says no after the fix"),
        (2, "succeeded", None, "nothing to fix"),
    ]


def test_the_registry_finishes_a_try_that_the_log_left_open():
    nobody = "00000000-0000-0000-0000-000000000000"
    key = rf"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\IntuneManagementExtension\Win32Apps\{nobody}\{APP}_1"
    state = registry(
        (
            key + r"\EnforcementStateMessage",
            "EnforcementStateMessage",
            '{"EnforcementState":5000,"ErrorCode":-2147023293}',
        ),
        (key, "ExitCode", "1603"),
    )
    state = state.with_columns(key=pl.lit(key))
    row = build_installs(tables(log_lines=log_lines(*new_era_try(0)[:9]), registry_values=state)).row(
        0, named=True
    )
    assert (row["outcome"], row["code"], row["exit_code"], row["reason"]) == (
        "failed",
        "0x80070643",
        1603,
        "as the registry says, Win32Apps",
    )


def test_items_that_only_the_registry_knows_are_rows_too():
    track = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\Autopilot\EnrollmentStatusTracking"
    values = registry(
        (rf"{track}\Device\Setup\Apps\Tracking\Sidecar\Win32App_{APP}_1", "InstallationState", "4"),
        (
            rf"{track}\ESPTrackingInfo\Diagnostics\ExpectedSCEPCerts\2026-03-02T08:01:00.000Z",
            "./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/One",
            "0",
        ),
        (
            rf"{track}\ESPTrackingInfo\Diagnostics\ExpectedSCEPCerts\2026-03-02T08:03:00.000Z",
            "./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/One",
            "1",
        ),
        (
            r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\EnterpriseDesktopAppManagement"
            r"\S-0-0-00-0000000000-0000000000-000000000-000\MSI\{AAAAAAAA-2222-4333-8444-555555555555}",
            "Status",
            "60",
        ),
    )
    rows = (
        build_installs(tables(registry_values=values))
        .sort("kind")
        .select("kind", "outcome", "blocking", "phase")
        .rows()
    )
    assert rows == [
        ("win32", "failed", True, "device"),
        ("msi", "failed", None, "device"),
        ("certificate", "succeeded", True, "device"),
    ]


def test_the_place_nearest_to_the_installer_says_how_an_app_ended():
    told = [("FirstSync", "succeeded"), ("Win32Apps", "failed"), ("EnrollmentStatusTracking", "succeeded")]
    claims = as_claims(
        pl.DataFrame(
            [{"device": "D", "item": APP, "kind": "win32", "place": p, "outcome": o} for p, o in told]
        )
    )
    assert best_claims(claims).select("place", "outcome").rows() == [("Win32Apps", "failed")]


def test_a_place_that_says_nothing_leaves_the_word_to_the_next():
    told = [("Win32Apps", None, "Viewer"), ("FirstSync", "succeeded", None)]
    claims = as_claims(
        pl.DataFrame(
            [
                {"device": "D", "item": APP, "kind": "win32", "place": p, "outcome": o, "name": n}
                for p, o, n in told
            ]
        )
    )
    best = best_claims(claims).select("place", "outcome", "name").rows()
    assert best == [("FirstSync", "succeeded", "Viewer")]


def test_msi_events_make_tries():
    product = "{AAAAAAAA-2222-4333-8444-555555555555}"
    schema = schema_of("events")
    provider = "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider"
    rows = [
        {
            "device": "D",
            "member": "dm.evtx",
            "record": n,
            "at": START + timedelta(seconds=at),
            "clock": "declared",
            "provider": provider,
            "event_id": number,
            "data": json.dumps({"Message1": product}),
            "code": code,
        }
        for n, (at, number, code) in enumerate(
            [
                (0, 1905, None),
                (4, 1906, None),
                (5, 1920, None),
                (20, 1924, "0x80070652"),
                (60, 1920, None),
                (90, 1922, None),
            ],
            1,
        )
    ]
    events = pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)
    installs = build_installs(tables(events=events))
    assert installs.select("try_number", "outcome", "exit_code", "waited").rows() == [
        (1, "failed", 1618, timedelta(seconds=15)),
        (2, "succeeded", None, timedelta(seconds=30)),
    ]


def test_nothing_gives_no_rows():
    assert build_installs(tables()).is_empty()


def test_the_genuine_log_reads_as_it_does_by_eye(genuine):
    path = genuine / "ime" / "IntuneManagementExtension.log"
    cmtrace = pytest.importorskip("autopilot_analysis.readers.text_logs.cmtrace")
    lines = cmtrace.read_cmtrace(path.read_bytes()).rows["log_lines"]
    assert lines.height == 2022
    schema = schema_of("log_lines")
    whole = lines.with_columns(device=pl.lit("D"), member=pl.lit("IntuneManagementExtension.log"))
    whole = whole.select(pl.col(name).cast(kind) for name, kind in schema.items())
    installs = build_installs(tables(log_lines=whole))
    # By eye: eight Win32 apps are downloaded one after the other, each within half a minute, the first of
    # them listed by the status page; a store package is begun before them, cut off by a restart after five
    # sixths of its bytes, and begun again from nothing after sign-in; one remediation mends what it found and
    # finds nothing the second time.
    apps = installs.filter(pl.col("kind") == "win32").sort("record")
    assert apps.height == 8
    assert apps["outcome"].to_list() == ["unknown"] * 8
    assert apps["blocking"].to_list() == [True, *[None] * 7]
    assert apps["phase"].to_list() == ["device"] * 8
    assert apps["record"].to_list() == [1349, 1368, 1407, 1427, 1518, 1573, 1606, 1625]
    store = installs.filter(pl.col("kind") == "winget").sort("try_number")
    assert store.select("try_number", "outcome", "record").rows() == [
        (1, "unfinished", 588),
        (2, "unfinished", 2277),
    ]
    size = store["detail"].str.json_path_match("$.size").cast(pl.Int64)
    assert (store["downloaded_bytes"] / size).round(2).to_list() == [0.84, 0.70]
    mended = installs.filter(pl.col("kind") == "remediation").sort("try_number")
    assert mended.select("try_number", "outcome", "phase").rows() == [
        (1, "succeeded", "device"),
        (2, "succeeded", None),
    ]
    assert installs.height == 12
    phases = find_messages(whole).filter(role="phase")
    assert phases["phase"].to_list() == ["DeviceSetup"] * 5
    assert phases["record"].is_sorted()


def test_every_place_of_the_registry_that_a_reader_names_has_its_rank():
    modules = Path(build.__file__).parent.rglob("*.py")
    named = {place for path in modules for place in re.findall(r'place=pl\.lit\("(\w+)"\)', path.read_text())}
    assert len(named) > 5
    assert named | set(PAGE_LISTS) <= set(build._PLACES)


NOBODY = "00000000-0000-0000-0000-000000000000"
PRINTERS = "33333333-2222-4333-8444-555555555555"
KEYS = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\IntuneManagementExtension"


def script_run(result="Failed"):
    """One run of 40 s as the agent's log keeps it, without a zone."""
    path = f"C:\\Intune\\Policies\\Scripts\\{NOBODY}_{PRINTERS}.ps1"
    return log_lines(
        (0, f"Script file {path} is generated"),
        (1, "Launch powershell executor in machine session"),
        (40, f"Powershell execution is done, exitCode = {0 if result == 'Success' else 1}"),
        (40, f"[PowerShell] User Id = {NOBODY}, Policy id = {PRINTERS}, policy result = {result}"),
        member="IntuneManagementExtension.log",
        known=False,
    )


def ledger(begun=0, ended=40, *, state=4, more=()):
    """The same run in ProvisioningProgress, in seconds from the time that the log wrote."""
    begins, ends = (int((START + timedelta(seconds=at)).timestamp() * 1000) for at in (begun, ended))
    work = {
        "WorkloadId": PRINTERS,
        "FriendlyName": "Printers",
        "WorkloadState": state,
        "StartTime": f"/Date({begins})/",
        "EndTime": f"/Date({ends})/",
        "ErrorCode": 1 if state == 4 else 0,
    }
    key = rf"{KEYS}\Win32Apps\ProvisioningProgress"
    return registry((key, "ProvisioningProgress", json.dumps({"Workloads": [work]})), *more)


EIGHT_HOURS = 8 * 3600


@pytest.mark.parametrize(
    ("begun", "ended", "offset"),
    [
        (EIGHT_HOURS, EIGHT_HOURS + 41, EIGHT_HOURS),
        (60, 100, 0),
        (-59, -19, 0),
        (-5 * 3600 - 1800 + 3, -5 * 3600 - 1800 + 43, -5 * 3600 - 1800),
        (61, 40, None),
        (0, 101, None),
        (400, 440, None),
        (15 * 3600, 15 * 3600 + 40, None),
        (EIGHT_HOURS, 7 * 3600 + 40, None),
    ],
    ids=[
        "zone",
        "late",
        "early",
        "half hour",
        "begun apart",
        "ended apart",
        "no zone",
        "too far",
        "two zones",
    ],
)
def test_a_run_without_a_zone_has_the_instants_of_the_same_run_in_the_ledger(begun, ended, offset):
    rows = build_installs(tables(log_lines=script_run(), registry_values=ledger(begun, ended)))
    expected = (None, None, "unknown")
    if offset is not None:
        begins = START + timedelta(seconds=offset)
        expected = (begins, begins + timedelta(seconds=40), "anchored")
    assert rows.select("started_at", "ended_at", "clock").rows() == [expected]


def test_a_run_of_another_end_is_another_than_that_of_the_ledger():
    rows = build_installs(tables(log_lines=script_run("Success"), registry_values=ledger()))
    assert rows["clock"].to_list() == ["unknown"]


def script_result(details):
    key = rf"{KEYS}\Policies\{NOBODY}\{PRINTERS}"
    return [(key, "Result", "Failed"), (key, "ErrorCode", "1"), (key, "ResultDetails", details)]


@pytest.mark.parametrize(("details", "error"), [("No such printer", "No such printer"), ("", None)])
def test_a_script_of_the_ledger_is_no_app_and_its_number_no_result_of_windows(details, error):
    rows = build_installs(tables(registry_values=ledger(more=script_result(details))))
    (row,) = rows.iter_rows(named=True)
    assert (row["kind"], row["name"], row["exit_code"], row["code"]) == ("script", "Printers", 1, None)
    assert json.loads(row["detail"]).get("error") == error


def test_an_app_of_the_ledger_stays_one():
    (row,) = build_installs(tables(registry_values=ledger())).iter_rows(named=True)
    assert (row["kind"], row["exit_code"], row["code"]) == ("win32", None, "0x00000001")
