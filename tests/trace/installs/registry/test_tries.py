"""The agent's own state of an app, and the places where the status page keeps its own."""

import json

import pytest

from autopilot_analysis.trace.installs.registry.tries import read_registry_claims

NOBODY, USER = "00000000-0000-0000-0000-000000000000", "22222222-aaaa-4bbb-8ccc-000000000009"
APP = "11111111-2222-4333-8444-555555555555"
PAGE = r"Windows\Autopilot\EnrollmentStatusTracking\Device\Setup\Apps\Tracking\Sidecar"
AGENT_REPORTS = r"IntuneManagementExtension\StatusServiceReports"
AGENT = r"IntuneManagementExtension\Win32Apps\{whose}\{app}_{version}"


def claim(low, *values):
    (row,) = read_registry_claims(low(*values).drop("path", "label")).iter_rows(named=True)
    return row


def agent(version=1, whose=NOBODY):
    return AGENT.format(whose=whose, app=APP, version=version)


@pytest.mark.parametrize(("whose", "phase"), [(NOBODY, "device"), (USER, "account")])
def test_a_failed_app_has_its_code_its_exit_code_and_its_phase(low, whose, phase):
    state = json.dumps({"EnforcementState": 5000, "ErrorCode": -2147023293})
    key = agent(whose=whose)
    row = claim(low, (key, "EnforcementStateMessage", state), (key, "ExitCode", "4294967295"))
    assert (row["outcome"], row["code"], row["exit_code"], row["phase"]) == (
        "failed",
        "0x80070643",
        -1,
        phase,
    )


def test_a_success_carries_no_code(low):
    state = json.dumps({"EnforcementState": 1000, "ErrorCode": 3010})
    row = claim(low, (agent(), "EnforcementStateMessage", state))
    assert (row["outcome"], row["code"]) == ("succeeded", None)


def test_of_two_versions_of_an_app_the_later_counts_by_number(low):
    states = [(9, 5000), (10, 1000)]
    values = [(agent(v), "EnforcementStateMessage", json.dumps({"EnforcementState": s})) for v, s in states]
    row = claim(low, *values)
    assert (row["outcome"], row["version"]) == ("succeeded", "10")


@pytest.mark.parametrize(("key", "version"), [(f"Win32App_{APP}_3", "3"), (f"Win32App_{APP}", None)])
def test_the_key_by_which_the_page_tracks_an_app_tells_its_version(low, key, version):
    assert claim(low, (rf"{PAGE}\{key}", "InstallationState", "4"))["version"] == version


@pytest.mark.parametrize(
    ("value", "outcome", "blocking"),
    [
        ((rf"{PAGE}\Win32App_{APP}_1", "InstallationState", "4"), "failed", True),
        ((rf"{AGENT_REPORTS}\{NOBODY}\{APP}", "Status", "2017"), "skipped", None),
    ],
)  # fmt: skip
def test_the_page_and_its_report_claim_an_outcome_in_their_own_numbers(low, value, outcome, blocking):
    row = claim(low, value)
    assert (row["item"], row["outcome"], row["blocking"]) == (APP, outcome, blocking)


def test_what_no_reader_knows_claims_nothing(low):
    values = low((r"IntuneManagementExtension\Settings", "Url", "x")).drop("path", "label")
    assert read_registry_claims(values).is_empty()
