"""Where rules look: each answer leads to a record, and a question asked again costs nothing."""

import pytest

from autopilot_analysis.findings.looking import (
    events_of,
    failed_devices,
    failed_runs,
    keys_of,
    marks_in,
    once,
    properties,
    registry,
    unwell,
)

KEY = r"HKEY_LOCAL_MACHINE\software\microsoft\enrollments\0000\FirstSync"


def test_the_very_same_question_is_answered_once():
    asked = []
    ask = once(lambda thing: asked.append(thing) or len(asked))
    one, other = [], []
    assert [ask(one), ask(one), ask(other), ask(one)] == [1, 1, 2, 3]


def test_events_are_found_by_provider_and_id_and_never_by_id_alone(world):
    tables, _ = world(events=[("ap:171", {"a": 1}, 5, None), ("dm:171", {}, 6, None)])
    assert events_of(tables, ["ap:171"]).select("key", "detail").rows() == [("ap:171", '{"a": 1}')]


def test_a_mark_leads_to_the_events_that_are_it():
    assert keys_of(["enrolled"]) == ["dm:72", "dm:75"]
    assert keys_of(["joined"]) == ["udr:105", "udr:106"]
    assert keys_of(["nothing"]) == []


def test_a_failed_run_leads_to_the_mark_that_ended_it(world):
    given = {
        "runs": [(1, "device_setup", "failed", 10, 60, "0x800705B4", "esp_timed_out")],
        "marks": [("esp_timed_out", "device_setup", 60, None, "x")],
    }
    (run,) = failed_runs(world(**given)[1], ["device_setup"]).iter_rows(named=True)
    assert (run["mark"], run["detail"], run["code"], run["record"]) == ("esp_timed_out", "x", "0x800705B4", 1)
    assert failed_runs(world(**given)[1], ["account_setup"]).is_empty()


@pytest.mark.parametrize(
    ("outcome", "ill", "failed"),
    [("failed", 1, 1), ("unfinished", 1, 0), ("succeeded", 0, 0), ("unknown", 0, 0)],
)
def test_an_attempt_that_failed_or_never_ended_is_unwell_and_only_the_first_failed(
    world, outcome, ill, failed
):
    _, trace = world(attempts=[(outcome, None, "user_driven", 0, 60, None)])
    assert (unwell(trace).height, failed_devices(trace).height) == (ill, failed)


def test_registry_values_and_properties_are_found_in_any_letter_case_and_quoted_whole(world):
    tables, _ = world(registry=[(KEY, "SkipUserStatusPage", "1")], properties=[("AzureAdPrt", None)])
    (value,) = registry(tables, r"\\firstsync$", "^skipuserstatuspage$").iter_rows(named=True)
    assert value["detail"] == rf'{KEY}\SkipUserStatusPage = "1"'
    assert properties(tables, "^azureadprt$")["detail"].to_list() == ["AzureAdPrt: (empty)"]
    assert properties(tables, "^azureadprt$", "YES").is_empty()


def test_a_mark_carries_the_attempt_it_lies_in(world):
    marks = [
        ("noted", None, 30, None, ""),
        ("noted", None, 60 * 24 * 9, None, ""),
        ("other", None, 30, None, ""),
    ]
    _, trace = world(attempts=[("failed", None, "user_driven", 0, 60, None)], marks=marks)
    assert marks_in(trace, ["noted"])["attempt"].to_list() == [1, None]


def test_the_events_of_a_mark_may_be_asked_for_by_its_edge():
    assert {"ap:702", "ap:703"} <= set(keys_of(["profile_saved"]))
    assert "ap:703" in keys_of(["profile_saved"], "downloaded")
    assert "ap:702" not in keys_of(["profile_saved"], "downloaded")


def test_a_question_about_two_things_is_asked_again_where_one_of_them_is_another():
    asked = []
    ask = once(lambda one, other: asked.append((one, other)) or len(asked))
    tables, trace, changed = [], [], []
    assert [ask(tables, trace), ask(tables, trace), ask(tables, changed), ask(changed, trace)] == [1, 1, 2, 3]
