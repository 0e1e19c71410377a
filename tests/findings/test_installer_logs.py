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


PRINTED = """=== Verbose logging started: 26/05/2026  10:51:12  Build type: SHIP UNICODE  Calling: msiexec ===
Property(S): ProductName = Sample Agent
{}Action ended 10:52:14: InstallFinalize. Return value {}.
MSI (s) (F4:D4) [10:52:15:000]: MainEngineThread is returning {}
"""
DOT_SOURCED = [
    "C:\\a.ps1 : Cannot dot-source this command because it was defined ",
    "in a different language mode. To invoke this command omit the '.' operator.",
]
NO_METHOD = ["Cannot invoke method. Method invocation is supported only on core types in this language mode."]
GERMAN = ["C:\\a.ps1 : Fehler: Der Befehl wurde in einem ", "anderen Sprachmodus definiert."]
DISABLED = ["Error: C:\\a.ps1 cannot be loaded because running scripts is disabled on this system."]
LANGUAGE = "Error: the language of the product (1033) cannot be set."


def printed(tmp_path, lines, end=3, code=1603):
    last = "Error 0x80070001: Command line returned an error."
    text = "".join(f"WixQuietExec:  {line}\n" for line in (*lines, last))
    (tmp_path / "install.log").write_text(PRINTED.format(text, end, code), encoding="utf-16")
    tables = read_tables(open_export(tmp_path / "install.log"))
    return find(tables, build_trace(tables)).findings.select("rule", "item", "role").rows()


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        (DOT_SOURCED, "SCRIPT-LANGUAGE-MODE"),
        (NO_METHOD, "SCRIPT-LANGUAGE-MODE"),
        (GERMAN, "SCRIPT-LANGUAGE-MODE"),
        (DISABLED, "SCRIPT-NOT-ALLOWED"),
    ],
)
def test_that_powershell_runs_no_script_as_it_is_explains_an_installer(tmp_path, lines, rule):
    item = "Sample Agent, exit code 1603"
    found = printed(tmp_path, lines)
    assert found == [(rule, item, "cause"), ("INSTALLER-FAILED", item, "consequence")]


def test_an_installer_that_went_on_or_speaks_of_a_language_is_none(tmp_path):
    assert printed(tmp_path, DOT_SOURCED, 1, 0) == []
    assert printed(tmp_path, DOT_SOURCED, 3, 3010) == []
    assert [rule for rule, *_ in printed(tmp_path, [LANGUAGE])] == ["INSTALLER-FAILED"]


def test_of_a_try_of_the_agent_the_reason_is_called_after_the_app(folder):
    text = MSI.replace("Error 1925. You do not have sufficient privileges", f"WixQuietExec:  {NO_METHOD[0]}")
    (folder / "Viewer_Install.log").write_bytes(text.encode("utf-16"))
    tables = read_tables(open_export(folder))
    found = find(tables, build_trace(tables)).findings
    rows = found.filter(rule="SCRIPT-LANGUAGE-MODE").select("item", "role").rows()
    assert rows == [(APP, "cause")]
    assert found.filter(rule="APP-FAILED-UNPLACED")["role"].to_list() == ["consequence"]
