"""The Intune agent that Windows Installer takes off a device again and again."""

import pytest
from findings.rule_worlds import AGENT

RULE = "AGENT-REMOVED"
REGISTERED = [("WorkplaceJoined", "YES"), ("AzureAdJoined", "NO")]


def removed(*minutes):
    return [("installer:1034", AGENT, minute, None) for minute in minutes]


def installed(*minutes):
    return [("installer:1033", AGENT, minute, None) for minute in minutes]


@pytest.mark.parametrize(("after", "found"), [(9, 0), (10, 0), (10.1, 1), (-1, 1)])
def test_a_removal_before_a_new_version_is_an_upgrade(proofs, after, found):
    assert proofs(RULE, events=[*removed(100), *installed(100 + after)]).height == found


@pytest.mark.parametrize(("minutes", "severity"), [((10,), "info"), ((10, 10.5), "info"), ((10, 11), None)])
def test_two_removals_are_more_than_a_clean_up_and_two_records_of_one_are_not(proofs, minutes, severity):
    assert set(proofs(RULE, events=removed(*minutes))["severity"]) == {severity}


def test_a_removal_that_failed_removed_nothing(proofs):
    failed = {"Data": [*AGENT["Data"][:3], "1603", AGENT["Data"][4]]}
    assert proofs(RULE, events=[("installer:1034", failed, 10, None)]).is_empty()


def test_the_sentence_of_windows_installer_counts_where_the_other_record_is_gone(proofs):
    sentence = {"Data": [f"Product: {AGENT['Data'][0]} -- Removal completed successfully."]}
    rows = proofs(RULE, events=[("installer:11724", sentence, 10, None)])
    assert rows["item"].to_list() == ["1 time from 2026-03-02 08:10 to 2026-03-02 08:10 UTC"]


@pytest.mark.parametrize(
    ("properties", "ends"),
    [
        (REGISTERED, ", on a device that is registered with Entra and not joined"),
        (REGISTERED[1:], "UTC"),
        ([("WorkplaceJoined", "YES"), ("AzureAdJoined", "YES")], "UTC"),
    ],
)
def test_a_device_that_is_only_registered_is_called_so(proofs, properties, ends):
    assert proofs(RULE, events=removed(10, 60), properties=properties)["item"][0].endswith(ends)
