"""Where a detection rule looked in vain is quoted, and whose profile that was is said."""

import pytest

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
