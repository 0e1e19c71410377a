"""Apps that the log says are wanted, and what their policies say of each."""

import json

import pytest

from autopilot_analysis.trace.installs.agent.wanted import read_wanted

APP = "11111111-2222-4333-8444-555555555555"
OTHER = "22222222-2222-4333-8444-555555555555"


@pytest.fixture
def policy(ordered):
    def read(**app):
        text = f"Get policies = [{json.dumps({'Id': APP.upper(), 'Name': 'Viewer'} | app)}]"
        (row,) = read_wanted(ordered((0, text))).iter_rows(named=True)
        return row

    return read


@pytest.mark.parametrize(("intent", "required"), [(3, True), (1, False), (4, False), (None, False)])
def test_a_policy_is_required_by_its_intent(policy, intent, required):
    row = policy(Intent=intent)
    assert (row["item"], row["name"], row["required"], row["blocking"]) == (APP, "Viewer", required, None)


@pytest.mark.parametrize(
    "spelt", ["AppApplicabilityStateDueToAssginmentFilters", "AppApplicabilityStateDueToAssignmentFilters"]
)
def test_an_assignment_filter_leaves_an_app_out_in_either_spelling(policy, spelt):
    assert policy(**{spelt: 1010})["excluded"] is True
    assert policy(**{spelt: 0})["excluded"] is False


@pytest.mark.parametrize(
    ("install", "context"),
    [('{"RunAs": 1}', "system"), ('{"RunAs": 0}', "user"), ("no JSON", None), (None, None)],
)
def test_the_account_of_an_installer_stands_inside_a_text_of_the_policy(policy, install, context):
    assert policy(InstallEx=install)["context"] == context


def test_what_an_app_depends_on_is_kept_with_its_action(policy):
    links = json.loads(
        policy(FlatDependencies=[{"AppId": APP, "ChildId": OTHER, "Action": 10, "Surplus": 1}])["links"]
    )
    assert links == [{"app": APP, "child": OTHER, "action": 10}]
    assert policy(FlatDependencies=[])["links"] is None


def test_a_detection_rule_is_told_from_another_however_it_is_spaced(policy):
    rule = [{"DetectionType": 1, "DetectionText": "x"}]
    other = [{"DetectionType": 1, "DetectionText": "y"}]
    spaced, tight, second = (
        policy(DetectionRule=text)["detection_rule"]
        for text in (json.dumps(rule), json.dumps(rule, separators=(",", ":")), json.dumps(other))
    )
    assert spaced == tight != second
    assert len(spaced) == 8
    assert policy(DetectionRule="no JSON")["detection_rule"] not in (None, spaced)
    assert [policy(DetectionRule=none)["detection_rule"] for none in (None, "", "[]")] == [None] * 3


def test_a_policy_whose_text_is_cut_names_nothing(ordered):
    assert read_wanted(ordered((0, f'Get policies = [{{"Id":"{APP}","Na'))).is_empty()


@pytest.mark.parametrize(
    ("command", "kept"),
    [
        ("setup.exe", "setup.exe"),
        ('"Setup Viewer.exe" ', "Setup Viewer.exe"),
        ("setup.exe /quiet", None),
        (r"C:\Users\jane\setup.exe", None),
        ("install.cmd", None),
        (None, None),
    ],
)
def test_a_command_is_kept_only_where_it_is_a_program_s_name_alone(policy, command, kept):
    assert policy(InstallCommandLine=command)["command"] == kept
