"""Installers' own logs that stand alone; every product, host and time is made up."""

from __future__ import annotations

import pytest

from autopilot_analysis import build_trace, find, open_export, read_tables
from autopilot_analysis.findings.rule import RULES

RULE = {name: RULES[name] for name in ("INSTALLER-FAILED", "REMOVAL-FAILED")}
GERMAN = """=== Verbose logging started: 28.02.2026  11:19:58  Build type: SHIP UNICODE 5.00  Calling process: msiexec ===
Aktion gestartet um 11:20:30: CreateShortcuts.
MSI (s) (10:20) [11:20:31:000]: Produkt: Contoso Atlas -- Fehler 1909. Die Verknüpfung Atlas.lnk kann nicht erstellt werden.
Aktion beendet um 11:20:37: CreateShortcuts. Rückgabewert 3.
Eigenschaft(S): etwas
MSI (s) (10:30) [11:20:38:000]: MainEngineThread is returning 1603
"""  # noqa: E501
SERVER = """MSI (s) (30:5C) [08:00:01:000]: Invoking remote custom action. DLL: C:\\Windows\\Installer\\MSI1.tmp, Entrypoint: CheckDisk
CustomAction CheckDiskSpace returned actual error code 1603 (note this may not be 100% accurate)
MSI (s) (30:5C) [08:00:02:000]: Windows Installer installed the product. Product Name: Atlas. Installation success or error status: 1603.
"""  # noqa: E501
CUT = """MSI (s) (30:5C) [08:00:01:000]: Doing action: InstallFiles
Error 1311. Source file not found: Data1.cab.
アクション終了 8:00:02: InstallFiles。戻り値 3。
"""
BURN = """[0F28:0F2C][2026-02-28T10:00:00]i001: Burn v3.11.2.4516, Windows v10.0, path: atlas.exe
[0F28:0F2C][2026-02-28T10:00:05]e000: Error 0x80070643: Failed to execute MSI package.
[0F28:0F2C][2026-02-28T10:00:06]i399: Apply complete, result: 0x80070643, restart: None
"""
TOOLKIT = """[2026-02-28 10:00:00.000] [Initialization] [Open-ADTSession] [Info] :: [Contoso_Atlas_1.0] install started.
[2026-02-28 10:00:09.000] [Finalization] [Close-ADTSession] [Error] :: [Contoso_Atlas_1.0] install completed in [9] seconds with exit code [60001].
"""  # noqa: E501


def found(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.log").write_text(text, encoding="utf-16")
    tables = read_tables(open_export(folder))
    return find(tables, build_trace(tables), rules=RULE)


@pytest.mark.parametrize(
    ("text", "title", "record", "quote"),
    [
        (
            GERMAN,
            "Contoso Atlas, exit code 1603 (0x80070643)",
            3,
            "Die Verknüpfung Atlas.lnk kann nicht erstellt werden. (action CreateShortcuts, return value 3)",
        ),
        (
            SERVER,
            "atlas.log, exit code 1603 (0x80070643)",
            2,
            "(note this may not be 100% accurate) (custom action CheckDisk)",
        ),
        (
            CUT,
            "atlas.log, action InstallFiles",
            2,
            "Error 1311. Source file not found: Data1.cab. (action InstallFiles, return value 3)",
        ),
        (BURN, "atlas.log, exit code 1603 (0x80070643)", 2, "Failed to execute MSI package."),
        (
            TOOLKIT,
            "Contoso_Atlas_1.0, exit code 60001 (0x8007EA61)",
            2,
            "install completed in [9] seconds with exit code [60001].",
        ),
    ],
    ids=["another language", "status alone", "cut", "bundle", "toolkit"],
)
def test_a_log_that_stands_alone_says_that_its_installer_failed_and_why(tmp_path, text, title, record, quote):
    search = found(tmp_path, atlas=text)
    finding = search.findings.row(0, named=True)
    assert finding["title"] == f"An installer failed, as its own log says: {title}"
    assert finding["severity"] == "warning"
    first = search.evidence.sort("record").row(0, named=True)
    assert first["record"] == record
    assert first["quote"].endswith(quote)


@pytest.mark.parametrize(
    "text",
    [
        GERMAN.replace("Rückgabewert 3", "Rückgabewert 1").replace("returning 1603", "returning 0"),
        GERMAN.replace("returning 1603", "returning 3010"),
        CUT.replace("戻り値 3", "戻り値 1"),
        GERMAN + GERMAN.replace("Rückgabewert 3", "Rückgabewert 1").replace("returning 1603", "returning 0"),
    ],
    ids=["well", "restart", "no action that failed", "well at last"],
)
def test_an_installer_that_ended_well_is_no_finding(tmp_path, text):
    assert found(tmp_path, atlas=text).findings.is_empty()


STATUS = "MSI (s) (30:5C) [08:00:02:000]: It did. Product Name: Atlas. {} success or error status: {}.\n"
OLD_AWAY = STATUS.format("Removal", 0)
PLAN = "[0F28:0F2C][2026-02-28T10:00:01]i200: Plan begin, 2 packages, action: {}\n"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (STATUS.format("Removal", 1603), "REMOVAL-FAILED"),
        (STATUS.format("Installation", 1603), "INSTALLER-FAILED"),
        (STATUS.format("Configuration", 1603), "INSTALLER-FAILED"),
        (OLD_AWAY + STATUS.format("Installation", 1603), "INSTALLER-FAILED"),
        (GERMAN + "MSI (s) (1:2) [11:20:39:000]: Product: Atlas -- Removal failed.\n", "REMOVAL-FAILED"),
        (TOOLKIT.replace("install ", "uninstall "), "REMOVAL-FAILED"),
        (TOOLKIT.replace("install ", "repair "), "INSTALLER-FAILED"),
        (BURN.replace("\n", "\n" + PLAN.format("Uninstall"), 1), "REMOVAL-FAILED"),
        (BURN.replace("\n", "\n" + PLAN.format("Install"), 1), "INSTALLER-FAILED"),
    ],
)
def test_a_removal_that_failed_is_no_installation(tmp_path, text, rule):
    assert found(tmp_path, atlas=text).findings["rule"].to_list() == [rule]


@pytest.mark.parametrize(("day", "quoted"), [("4/5/2026", 1), ("4/25/2026", 0)])
def test_a_log_whose_day_is_not_known_is_quoted_with_its_end_as_it_writes_it(tmp_path, day, quoted):
    stamp = f"=== Logging stopped: {day}  8:00:03 ==="
    search = found(tmp_path, atlas=f"{SERVER}{stamp}\n", other="Action ended 8:00:00: A. Return value 1.\n")
    assert search.findings.height == 1
    assert search.evidence["quote"].to_list().count(stamp) == quoted


def test_a_product_that_the_last_line_alone_names_is_told(tmp_path):
    text = SERVER.replace("Product Name: Atlas.", "Product Name: Atlas 3.1 Viewer. Product Version: 3.1.0.")
    assert "Atlas 3.1 Viewer, exit code 1603" in found(tmp_path, atlas=text).findings["title"][0]


def test_beside_the_agents_tries_the_log_is_theirs(tmp_path):
    lines = (
        "[Win32App][ExecutionActionHandler] Handler invoked with execution type: Install "
        "for policy with id: e26839fa-1111-4222-8333-444455556667 and version: 1",
        "[Win32App] lpExitCode 1603",
    )
    agent = "".join(
        f'<![LOG[{line}]LOG]!><time="10:51:00.1000000" date="5-26-2026" component="AppWorkload" '
        'context="" type="1" thread="7" file="">\n'
        for line in lines
    )
    assert found(tmp_path, atlas=GERMAN).findings.height == 1
    (tmp_path / "AppWorkload.log").write_text(agent, encoding="utf-8")
    assert found(tmp_path, atlas=GERMAN).findings.is_empty()


def test_on_a_device_that_was_deployed_it_is_only_mentioned(world):
    lines = [("info", "MSI (s) (10:30) [11:20:38:000]: MainEngineThread is returning 1603")]
    of_msi = {"lines": lines, "sources": {"agent.log": "installer_msi"}, "members": ()}
    for attempts, severity in (((), "warning"), ([("succeeded", None, "user_driven", 0, 60, None)], "info")):
        search = find(*world(attempts=attempts, **of_msi), rules=RULE)
        assert search.findings["severity"].to_list() == [severity]
