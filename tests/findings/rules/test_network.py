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


@pytest.mark.parametrize(
    ("span", "session", "found"),
    [
        ((50, None), (55, "0x80072EE7"), 1),
        ((51, None), (55, "0x80072EE7"), 0),
        ((50, 59), (55, "0x80072EE7"), 0),
        ((50, 60), (55, "0x80072EE7"), 1),
        ((50, None), (45, "0x80072EE7"), 0),
        ((50, None), (55, "0x80180014"), 0),
        ((50, None), None, 0),
    ],
)
def test_a_network_was_lost_that_was_gone_ten_minutes_at_the_end_and_no_session_reached_a_server(
    proofs, failure, span, session, found
):
    gone, back = span
    events = [("net:10001", {}, gone, None)]
    events += [("net:10000", {}, back, None)] if back else []
    events += [("dm:204", {}, *session)] if session else []
    assert proofs("NETWORK-LOST", **failure("device_setup"), events=events).height == found


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("0x80070490", False),
        ("0x81039023", False),
        ("0x81039024", False),
        ("0x80290401", False),
        ("0x81039001", True),
        ("0x80072EE7", True),
        (None, True),
    ],
)
def test_hosts_are_not_to_blame_where_the_code_names_chip_firmware_or_windows(proofs, failure, code, found):
    rows = proofs("NETWORK-SIGNS", **failure("device_preparation"), events=[("ap:192", {}, 30, code)])
    assert ("NETWORK-N5" in set(rows["rule"])) is found
