"""Where a detection rule looked in vain is quoted, and whose profile that was is said."""

from datetime import timedelta

import pytest
from findings.rule_worlds import at, ended_well

from autopilot_analysis.findings import find

APP = "11111111-2222-4333-8444-555555555555"
OTHER = "99999999-8888-4777-8666-555555555555"
PROFILE = r"C:\Windows\system32\config\systemprofile\AppData\Local\Programs\Board\Board.exe"
MACHINE = r"C:\Program Files\Board\Board.exe"
VERDICT = (
    "[Win32App][DetectionActionHandler] Detection for policy with id: {} resulted in action status: Success "
    "and detection state: {}."
)
TRY = {"item": APP, "name": "Example Board", "outcome": "not_detected", "exit_code": 0}


def looked(path, app=APP, state="NotDetected", words="[Win32App] Checked filePath: {}, Exists: False"):
    """What the agent writes of one look."""
    line = f"{words.format(path)}, applicationDetected: False"
    return [("info", line), ("info", VERDICT.format(app, state))]


def quotes(rows):
    return [quote for quote in rows["quote"] if "looked at" in quote]


@pytest.mark.parametrize("rule", ["ESP-APP-NOT-DETECTED", "ESP-DETECTION-PROFILE"])
def test_the_place_where_the_rule_looked_is_quoted(proofs, failure, rule):
    rows = proofs(rule, **failure("device_setup"), installs=[TRY], lines=looked(PROFILE))
    assert quotes(rows) == [f"the detection rule looked at {PROFILE} and found nothing"]
    assert set(rows["item"]) == {"Example Board"}


def test_a_path_of_the_machine_is_quoted_and_no_matter_of_profiles(proofs, failure):
    given = failure("device_setup") | {"installs": [TRY], "lines": looked(MACHINE)}
    assert quotes(proofs("ESP-APP-NOT-DETECTED", **given))
    assert proofs("ESP-DETECTION-PROFILE", **given).is_empty()


def test_the_older_words_for_a_missing_path_are_known(proofs, failure):
    old = [("info", f"[Win32App] Path doesn't exists: {PROFILE} applicationDetected: False")]
    given = {"installs": [TRY], "lines": [*old, *looked(MACHINE)[1:]]}
    assert len(quotes(proofs("ESP-DETECTION-PROFILE", **failure("device_setup"), **given))) == 1


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (looked(PROFILE), 1),
        (looked(PROFILE, app=OTHER), 0),
        (looked(PROFILE, state="Detected"), 0),
        ([*looked(PROFILE), *looked(MACHINE)], 0),
        ([*looked(MACHINE), *looked(PROFILE)], 1),
    ],
)
def test_a_look_belongs_to_the_verdict_that_follows_and_the_last_one_counts(proofs, failure, lines, found):
    rows = proofs("ESP-DETECTION-PROFILE", **failure("device_setup"), installs=[TRY], lines=lines)
    assert len(quotes(rows)) == found


def test_an_app_that_was_found_in_the_end_is_not_blamed(proofs, failure):
    given = {"installs": [TRY | {"outcome": "succeeded"}], "lines": looked(PROFILE)}
    assert proofs("ESP-DETECTION-PROFILE", **failure("device_setup"), **given).is_empty()


RESTART, HIDDEN, HARDLY = "ESP-DETECTED-AFTER-RESTART", "ESP-FAILURE-HIDDEN", "ESP-INSTALLER-HARDLY-RAN"
PLAIN = "ESP-APP-NOT-DETECTED"
TRACKED = (
    r"HKEY_LOCAL_MACHINE\software\microsoft\windows\autopilot\EnrollmentStatusTracking\Device\Setup\Apps\Tracking"
    rf"\Sidecar\Win32App_{APP}_1"
)
SECOND = timedelta(seconds=1)


def causes(world, given, **more):
    found = find(*world(**(given | more))).findings
    return found.filter(found["role"] == "cause")["rule"].to_list()


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        (ended_well(exit_code=3010), RESTART),
        (ended_well(exit_code=1641), RESTART),
        (ended_well(exit_code=99, exit_class="SoftReboot"), RESTART),
        (ended_well(exit_code=3010, waited=SECOND, download_size=90_000_000), RESTART),
        (ended_well(exit_code=3010, recorded=("1603", 24)), RESTART),
        (ended_well(recorded=("1603", 24)), HIDDEN),
        (ended_well(recorded=("1603", 24), waited=SECOND, download_size=90_000_000), HIDDEN),
        (ended_well(waited=SECOND, download_size=90_000_000), HARDLY),
        (ended_well(recorded=("0", 24), waited=SECOND, download_size=90_000_000), PLAIN),
        (ended_well(exit_code=60012, exit_class="Success"), HIDDEN),
        (ended_well(), PLAIN),
    ],
)
def test_what_an_end_shows_tells_why_an_app_was_not_detected(world, given, rule):
    assert causes(world, given) == [rule]


@pytest.mark.parametrize(("value", "rule"), [("1", PLAIN), ("2", RESTART), ("3", RESTART)])
def test_the_page_keeps_that_a_restart_is_due(world, value, rule):
    given = ended_well(item=APP) | {"registry": [(TRACKED, "RebootRequired", value)]}
    assert causes(world, given) == [rule]


def test_the_restart_of_another_app_is_not_this_one_s(world):
    given = ended_well(item=OTHER) | {"registry": [(TRACKED, "RebootRequired", "2")]}
    assert causes(world, given) == [PLAIN]


@pytest.mark.parametrize(("boot", "rule"), [(24, RESTART), (27, PLAIN), (31, RESTART)])
def test_after_the_restart_the_rule_is_looked_at(world, boot, rule):
    looked_at = f'{{"detected_at": "{at(30).isoformat()}"}}'
    given = ended_well(exit_code=1641, detail=looked_at) | {"steps": [("boot", boot, None, "")]}
    assert causes(world, given) == [rule]


@pytest.mark.parametrize(
    ("size", "milliseconds", "rule"),
    [
        (1_000_000, 1000, HARDLY),
        (999_999, 1000, PLAIN),
        (1_000_000, 1001, PLAIN),
        (150_000_000, 3000, HARDLY),
        (149_000_000, 3000, PLAIN),
        (None, 500, PLAIN),
    ],
)
def test_how_fast_an_installer_cannot_be(world, size, milliseconds, rule):
    given = ended_well(waited=timedelta(milliseconds=milliseconds), download_size=size)
    assert causes(world, given) == [rule]


@pytest.mark.parametrize(
    ("minute", "rule"), [(19, PLAIN), (20, HIDDEN), (26, HIDDEN), (26.1, PLAIN), (40, PLAIN)]
)
def test_a_failure_belongs_to_the_command_under_which_it_came(world, minute, rule):
    assert causes(world, ended_well(recorded=("1603", minute))) == [rule]


def test_what_windows_installer_put_in_is_named_where_the_rule_is_to_be_corrected(proofs):
    rows = proofs(PLAIN, **ended_well(recorded=("0", 24)))
    assert rows["quote"][-1] == "Windows Installer put in Ledger, version 4.2.0"


def test_how_short_it_ran_is_said(proofs):
    rows = proofs(HARDLY, **ended_well(waited=SECOND / 2, download_size=188_000_000))
    assert rows["quote"][0].endswith("; it hardly ran: 0.5 s for a package of 188 MB")
