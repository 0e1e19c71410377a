"""Programs of the agent that Windows ends alike; every app and line is made up."""

import pytest

NO_DLL, NO_DLL_SIGNED, CRASH, MISSING = 3221225794, -1073741502, 3221225477, 3221225781
RULE = "[Win32App] SideCarScriptDetectionManager Powershell ExitCode: {}"
PLATFORM = "Powershell execution is done, exitCode = {}"


def app(name, exit_code, outcome="failed"):
    return {"item": name, "name": name, "kind": "win32", "outcome": outcome, "exit_code": exit_code}


@pytest.mark.parametrize(
    ("installs", "lines", "quotes"),
    [
        ([app("Atlas", NO_DLL)], [RULE.format(NO_DLL_SIGNED)], 2),
        ([app("Atlas", NO_DLL)], [PLATFORM.format(NO_DLL_SIGNED)] * 3, 2),
        ([app("Atlas", NO_DLL), app("Reader", NO_DLL_SIGNED)], ["a line"], 2),
        ([app("Atlas", NO_DLL)], ["a line"], 0),
        ([app("Atlas", NO_DLL), app("Atlas", NO_DLL)], ["a line"], 0),
        ([app("Atlas", NO_DLL)], [RULE.format(1)], 0),
        ([app("Atlas", CRASH), app("Reader", CRASH)], ["a line"], 0),
        ([app("Atlas", MISSING), app("Reader", MISSING)], [RULE.format(MISSING - (1 << 32))], 0),
        ([app("Atlas", 322), app("Reader", 322)], [RULE.format(322)], 0),
        ([app("Atlas", NO_DLL, "unfinished")], [RULE.format(NO_DLL_SIGNED)], 0),
    ],
)
def test_one_status_of_windows_at_the_end_of_several_programs_is_told_of_none_of_them(
    proofs, installs, lines, quotes
):
    rows = proofs("PROGRAMS-END-ALIKE", installs=installs, lines=[("info", line) for line in lines])
    assert rows.height == quotes
    assert set(rows["code"]) == ({"0xC0000142"} if quotes else set())
