"""From files to findings: an installer's own log beside the agent's; every id, name and time is made up."""

import pytest

from autopilot_analysis import build_trace, find, open_export, read_tables

APP = "e26839fa-1111-4222-8333-444455556666"
AGENT = [
    ("10:51:00", f"[Win32App][V3Processor] Processing subgraph with app ids: {APP}"),
    (
        "10:51:01",
        f"[Win32App][ExecutionActionHandler] Handler invoked with execution type: Install "
        f"for policy with id: {APP} and version: 1",
    ),
    ("10:51:02", "[Win32App] Launch Win32AppInstaller in machine session"),
    ("10:52:20", "[Win32App] Installation is done, collecting result"),
    ("10:52:20", "[Win32App] lpExitCode 1603"),
    ("10:52:20", "[Win32App] lpExitCode is defined as Failed"),
]
TOOLKIT = [
    ("10:51:10", "Open-ADTSession", 1, "[Initialization] :: [Example_Viewer] install started."),
    (
        "10:51:11",
        "Start-ADTProcess",
        1,
        rf"[Install] :: Executing [msiexec.exe /i C:\Windows\IMECache\{APP}_1\Files\viewer.msi "
        r"/QN /L*V C:\Logs\Viewer_Install.log]...",
    ),
    ("10:52:16", "Start-ADTProcess", 3, "[Install] :: Execution failed with exit code [1603]."),
]
MSI = """=== Verbose logging started: 26/05/2026  10:51:12  Build type: SHIP UNICODE 5.00  Calling process: msiexec ===
Error 1925. You do not have sufficient privileges to complete this installation.
Action ended 10:52:14: LaunchConditions. Return value 3.
MSI (s) (F4:D4) [10:52:15:000]: MainEngineThread is returning 1603
"""  # noqa: E501


def record(time, message, component="AppWorkload", severity=1):
    return (
        f'<![LOG[{message}]LOG]!><time="{time}.1000000" date="5-26-2026" component="{component}" context="" '
        f'type="{severity}" thread="7" file="">\n'
    )


@pytest.fixture
def folder(tmp_path):
    agent = "".join(record(time, message) for time, message in AGENT)
    toolkit = "".join(record(time, text, part, severity) for time, part, severity, text in TOOLKIT)
    (tmp_path / "AppWorkload.log").write_text(agent, encoding="utf-8")
    (tmp_path / "Example_Viewer.log").write_text(toolkit, encoding="utf-8")
    (tmp_path / "Viewer_Install.log").write_bytes(MSI.encode("utf-16"))
    return tmp_path


def test_the_failing_try_quotes_the_line_of_the_log_that_explains_it(folder):
    tables = read_tables(open_export(folder))
    assert set(tables.members["source"]) == {"ime_appworkload", "installer_toolkit", "installer_msi"}
    evidence = find(tables, build_trace(tables)).evidence
    quotes = (
        evidence.filter(member="Viewer_Install.log", rule="APP-FAILED-UNPLACED")
        .select("record", "quote")
        .rows()
    )
    said = "Error 1925. You do not have sufficient privileges to complete this installation."
    assert quotes == [(2, f"{said} (action LaunchConditions, return value 3)")]


def test_without_the_inner_log_the_wrapper_is_quoted(folder):
    (folder / "Viewer_Install.log").unlink()
    tables = read_tables(open_export(folder))
    evidence = find(tables, build_trace(tables)).evidence
    quotes = evidence.filter(member="Example_Viewer.log")["quote"].to_list()
    assert quotes == ["[Install] :: Execution failed with exit code [1603]."]
