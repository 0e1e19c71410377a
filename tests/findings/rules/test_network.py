"""Could the device reach the services at all? Asked four times within an hour in vain, it could not."""

import pytest


def asked(*minutes):
    return [("internet_missing", "network", minute, None, "") for minute in minutes]


@pytest.mark.parametrize(
    ("minutes", "found"), [((0, 1, 2), 0), ((0, 1, 2, 3), 4), ((0, 1, 2, 60), 4), ((0, 1, 2, 61), 0)]
)
def test_four_questions_within_an_hour_are_a_device_without_the_internet(proofs, minutes, found):
    rows = proofs("NETWORK-NO-INTERNET", marks=asked(*minutes))
    assert rows["severity"].to_list() == ["high"] * found


@pytest.mark.parametrize(
    "reached",
    [
        {"device": {"enrolled": True}},
        {"attempts": [("succeeded", None, "user_driven", 0, 60, None)]},
    ],
)
def test_a_device_that_came_further_had_it(proofs, reached):
    assert proofs("NETWORK-NO-INTERNET", marks=asked(0, 1, 2, 3), **reached).is_empty()


def test_an_attempt_that_failed_at_the_network_is_its_own_proof(proofs, failure):
    assert proofs("NETWORK-NO-INTERNET", **failure("network"))["attempt"].to_list() == [1]
