"""What `dsregcmd /status` says at collection: it needs no attempt beside it, and a dash is no value."""

import pytest

from autopilot_analysis.findings import RULES, find

NO_KEY = [("KeySignTest", "FAILED. Error: 0x80090016")]


@pytest.mark.parametrize(
    ("told", "item"),
    [
        ([("AzureAdJoined", "NO"), ("DomainJoined", "YES"), ("Error Phase", "discover")], ["discover"]),
        ([("AzureAdJoined", "YES"), ("DomainJoined", "YES"), ("Error Phase", "discover")], []),
        ([("AzureAdJoined", "NO"), ("DomainJoined", "NO"), ("Error Phase", "discover")], []),
        ([("AzureAdJoined", "NO"), ("DomainJoined", "YES"), ("Error Phase", "-")], []),
    ],
)
def test_the_phase_of_a_hybrid_join_counts_on_a_domain_device_that_is_not_in_entra(proofs, told, item):
    assert proofs("HYBRID-JOIN-PHASE", properties=told)["item"].to_list() == item


def test_the_last_try_has_the_code_that_one_of_its_lines_is(proofs):
    told = [("DomainJoined", "YES"), ("Error Phase", "join"), ("Server Error Code", "0x801c03f2")]
    assert set(proofs("HYBRID-JOIN-PHASE", properties=told)["code"]) == {"0x801C03F2"}


def test_the_last_try_quotes_its_time_and_that_the_device_is_joined_by_now(proofs):
    tried = ("Previous Registration", "2026-03-02 08:15:00.000 UTC")
    told = [("Error Phase", "join"), tried, ("IsDeviceJoined", "YES")]
    quotes = list(proofs("HYBRID-JOIN-PHASE", properties=told)["quote"])
    assert quotes == ["Error Phase: join", ": ".join(tried), "IsDeviceJoined: YES"]
    told[-1] = ("IsDeviceJoined", "NO")
    assert list(proofs("HYBRID-JOIN-PHASE", properties=told)["quote"]) == quotes[:2]


@pytest.mark.parametrize(
    ("then", "found"),
    [
        ([], True),
        ([("join_completed_automatically", 40)], False),
        ([("joined", 40)], False),
        ([("join_completed_automatically", 10)], True),
        ([("joined", 40), ("left_entra", 50)], True),
    ],
)
def test_a_join_that_is_recorded_after_the_try_makes_it_history(proofs, then, found):
    told = [("DomainJoined", "YES"), ("Error Phase", "join")]
    told += [("Previous Registration", "2026-03-02 08:15:00.000 UTC")]
    marks = [(name, "entra_join", minute, None, "{}") for name, minute in then]
    assert (not proofs("HYBRID-JOIN-PHASE", properties=told, marks=marks).is_empty()) is found
    severity = set(proofs("JOIN-PHASE", properties=told, marks=marks)["severity"])
    assert severity == {"warning" if found else "info"}


@pytest.mark.parametrize(
    ("status", "found"),
    [("FAILED. Device is either disabled or deleted", 1), ("FAILED. Error: 0x80072ee7", 0), ("SUCCESS", 0)],
)
def test_a_test_that_could_not_run_says_nothing_of_the_devices_object(proofs, status, found):
    assert proofs("DEVICE-NOT-TRUSTED", properties=[("DeviceAuthStatus", status)]).height == found


GONE = "Code: invalid_grant; AADSTS700003: Device object was not found in the tenant"
STATUS = [("DeviceAuthStatus", "FAILED. Device is either disabled or deleted")]


def refused(minute, words=GONE):
    """Entra's answer to one request for a token."""
    return ("aad:1098", {"AdditionalInformation": words}, minute, "0xCAA20003")


def test_dated_refusals_of_the_devices_object_stand_before_the_undated_test(proofs, at):
    rows = proofs("DEVICE-NOT-TRUSTED", properties=STATUS, events=[refused(50), refused(40)])
    assert rows["at"].to_list() == [at(40), at(50), None]
    assert rows["item"].to_list() == ["AADSTS700003"] * 3
    assert rows["code"].null_count() == 3


@pytest.mark.parametrize(
    ("stage", "words", "found"),
    [
        ("account_setup", GONE, 1),
        ("account_setup", "AADSTS135011: Device used during the authentication is disabled", 1),
        ("account_setup", "AADSTS50126: Error validating credentials", 0),
        ("user_authentication", GONE, 0),
    ],
)
def test_refusals_alone_prove_that_the_object_is_gone_where_the_page_then_failed(
    proofs, failure, stage, words, found
):
    rows = proofs("DEVICE-NOT-TRUSTED", events=[refused(40, words)], **failure(stage))
    assert rows["attempt"].to_list() == [1] * found
    assert proofs("DEVICE-NOT-TRUSTED", events=[refused(40, words)]).is_empty()


def test_a_key_that_cannot_sign_brings_its_code(proofs):
    rows = proofs("DEVICE-KEY-BROKEN", properties=[("KeySignTest", "FAILED. 0x80090016")])
    assert rows["code"].to_list() == ["0x80090016"]


def test_a_refused_token_names_the_error_of_the_service(proofs):
    told = [("AzureAdPrt", "NO"), ("Server Error Description", "AADSTS50126: example")]
    assert proofs("TOKEN-REFUSED", properties=told)["item"].to_list() == ["AADSTS50126"]
    assert proofs("TOKEN-REFUSED", properties=[told[0], ("Attempt Status", "0xc000006d")]).is_empty()


def sessions(*ended):
    """Sessions with the management service: minute and code."""
    return [("dm:209", {}, minute, code) for minute, code in ended]


REFUSED = [(100, "0x80190191"), (160, "0x80190191"), (220, "0x80190191")]


def test_a_broken_key_is_dated_by_the_sessions_that_were_refused_since(proofs, at):
    events = sessions((40, "0x80190191"), (50, None), *REFUSED)
    rows = proofs("DEVICE-KEY-BROKEN", properties=NO_KEY, events=events)
    assert rows["at"].to_list() == [None, at(100), at(160), at(220)]
    assert set(rows["code"]) == {"0x80090016"}


@pytest.mark.parametrize(
    ("properties", "ended", "item"),
    [
        (NO_KEY, REFUSED, "3 times from 2026-03-02 09:40 to 2026-03-02 11:40 UTC"),
        (NO_KEY, REFUSED[:2], None),
        (NO_KEY, [*REFUSED, (300, None)], None),
        (NO_KEY, [(minute, "0x80072EE2") for minute, _ in REFUSED], None),
        ([("KeySignTest", "PASSED")], REFUSED, None),
    ],
)
def test_sessions_are_joined_with_a_broken_key_where_the_service_refuses_them_all(
    proofs, properties, ended, item
):
    rows = proofs("KEY-SESSIONS-REFUSED", properties=properties, events=sessions(*ended))
    assert rows["item"].to_list() == ([] if item is None else [item] * 3)


TAKEN = ("tpm:1027", {}, 90, None)
ON_DEVICE = [("joined", "entra_join", 30, None, "")]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"properties": NO_KEY, "events": [TAKEN], "marks": ON_DEVICE}, 2),
        ({"properties": NO_KEY, "events": [TAKEN, *sessions((30, None))]}, 2),
        ({"properties": NO_KEY, "events": [TAKEN, *sessions((95, None))]}, 0),
        ({"properties": NO_KEY, "events": [TAKEN]}, 0),
        ({"properties": NO_KEY, "events": [("tpm:1025", {}, 90, None)], "marks": ON_DEVICE}, 0),
        ({"properties": NO_KEY, "events": [TAKEN], "marks": [("joined", "entra_join", 91, None, "")]}, 0),
        ({"properties": [("KeySignTest", "PASSED")], "events": [TAKEN], "marks": ON_DEVICE}, 0),
    ],
)
def test_a_key_is_lost_with_its_tpm_where_windows_took_one_over_after_the_join(proofs, given, found):
    assert proofs("DEVICE-KEY-LOST", **given).height == found


def test_a_lost_key_and_the_refused_sessions_are_one_cause_with_the_date_of_the_change(world, at):
    story = {"properties": NO_KEY, "events": [TAKEN, *sessions(*REFUSED)], "marks": ON_DEVICE}
    found = find(*world(**story)).findings
    loud = found.filter(found["severity"] != "info").select("rule", "role", "at").rows()
    assert loud == [
        ("DEVICE-KEY-LOST", "cause", at(90)),
        ("KEY-SESSIONS-REFUSED", "consequence", at(100)),
    ]


@pytest.mark.parametrize(
    ("phase", "code", "item"),
    [
        ("discover", "0x80072ee7", "discover at enterpriseregistration.windows.net"),
        ("auth", "0x80072f8f", "auth at login.microsoftonline.com"),
        ("pre-check", "0x80072ee7", "pre-check"),
        ("discover", "0x801c0021", "discover"),
    ],
)
def test_a_phase_names_its_host_where_the_connection_failed(proofs, phase, code, item):
    told = [
        ("AzureAdJoined", "NO"),
        ("DomainJoined", "YES"),
        ("Error Phase", phase),
        ("Client ErrorCode", code),
    ]
    assert set(proofs("HYBRID-JOIN-PHASE", properties=told)["item"]) == {item}
    assert set(proofs("JOIN-PHASE", properties=told)["item"]) == {item}


NOT_IN_ENTRA = [("AzureAdJoined", "NO"), ("DomainJoined", "YES")]
FAILS, UNREAD = ("AD Connectivity Test", "FAIL [0x8007054b]"), ("Client ErrorCode", "0x801c001d")


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ([FAILS, ("Error Phase", "pre-check"), UNREAD], "HYBRID-DOMAIN-UNREACHED"),
        ([FAILS, ("Error Phase", "discover"), UNREAD], "HYBRID-DOMAIN-UNREACHED"),
        ([FAILS, ("Error Phase", "pre-check")], "HYBRID-DOMAIN-UNREACHED"),
        ([FAILS, ("Error Phase", "auth"), ("Client ErrorCode", "0xcaa90006")], "HYBRID-JOIN-PHASE"),
        ([("AD Connectivity Test", "PASS"), ("Error Phase", "pre-check"), UNREAD], "HYBRID-JOIN-PHASE"),
    ],
)
def test_a_domain_that_was_not_reached_comes_before_what_its_code_means(world, more, rule):
    rules = {name: RULES[name] for name in ("HYBRID-DOMAIN-UNREACHED", "HYBRID-JOIN-PHASE", "JOIN-PHASE")}
    found = find(*world(properties=[*NOT_IN_ENTRA, *more]), rules=rules).findings
    assert found["rule"][0] == rule
    assert "HYBRID-DOMAIN-UNREACHED" not in set(found["rule"]) or found.height == 1


def test_a_phase_is_told_once_and_in_the_words_of_the_command(world):
    told = [*NOT_IN_ENTRA, ("Error Phase", "join"), ("Server ErrorCode", "DirectoryError")]
    rules = {name: RULES[name] for name in ("HYBRID-JOIN-PHASE", "JOIN-PHASE")}
    found = find(*world(properties=told), rules=rules)
    assert found.findings["rule"].to_list() == ["HYBRID-JOIN-PHASE"]
    assert "Server ErrorCode: DirectoryError" in found.evidence["quote"].to_list()
    in_entra = [("AzureAdJoined", "YES"), *told[1:]]
    found = find(*world(properties=in_entra), rules=rules)
    assert found.findings["rule"].to_list() == ["JOIN-PHASE"]


@pytest.mark.parametrize(
    ("reached", "remedy"),
    [
        ("PASS", "Create the service connection point with Entra Connect"),
        ("SKIPPED", "make a domain controller"),
    ],
)
def test_a_point_that_is_not_read_is_shown_with_its_test_and_weighed_by_the_way_to_it(world, reached, remedy):
    tests = [("AD Connectivity Test", reached), ("AD Configuration Test", "FAIL [0x80070002]")]
    told = [*NOT_IN_ENTRA, *tests, ("Error Phase", "discover"), UNREAD]
    found = find(*world(properties=told), rules={"HYBRID-JOIN-PHASE": RULES["HYBRID-JOIN-PHASE"]})
    assert remedy in found.findings["remedy"][0]
    assert found.evidence["quote"].to_list() == [
        "AD Configuration Test: FAIL [0x80070002]",
        "Error Phase: discover",
        "Client ErrorCode: 0x801c001d",
        f"AD Connectivity Test: {reached}",
    ]
    told[-1] = ("Client ErrorCode", "0x801c0021")
    found = find(*world(properties=told), rules={"HYBRID-JOIN-PHASE": RULES["HYBRID-JOIN-PHASE"]})
    assert found.evidence.height == 2


def test_what_waits_for_its_domain_is_dated_by_334_and_shows_a_name_server_that_is_the_router(proofs, at):
    adapter = "ipconfig.txt", "Wireless LAN adapter Wi-Fi"
    told = [*NOT_IN_ENTRA, FAILS, ("Error Phase", "pre-check")]
    told += [("Default Gateway", "198.51.100.1", *adapter), ("DNS Servers", "198.51.100.1", *adapter)]
    rows = proofs("HYBRID-DOMAIN-UNREACHED", properties=told, events=[("udr:334", {}, 5, None)])
    assert rows.select("at", "quote").rows() == [
        (None, "AD Connectivity Test: FAIL [0x8007054b]"),
        (at(5), "{}"),
        (None, "DNS Servers: 198.51.100.1, the default gateway itself"),
    ]
    told[-1] = ("DNS Servers", "198.51.100.53", *adapter)
    assert proofs("HYBRID-DOMAIN-UNREACHED", properties=told).height == 1


DISCOVERY = [("DomainJoined", "YES"), ("Error Phase", "discover"), ("Client ErrorCode", "0x801c0021")]


def of_discovery(answer):
    return ("DRS Discovery Test", answer)


@pytest.mark.parametrize(
    ("test", "event", "codes"),
    [
        (of_discovery("FAIL [0x801c0021/0x80190197]"), None, {"0x80190197"}),
        (of_discovery("FAIL [0x801c0021/0x80072ee2]"), None, {"0x80072EE2"}),
        (of_discovery("FAIL [0x801c0021/0x80004005]"), None, {"0x801C0021"}),
        (of_discovery("PASS"), None, {"0x801C0021"}),
        (of_discovery("PASS"), "0x80072F8F", {"0x80072F8F"}),
        (of_discovery("PASS"), "0x801C0021", {"0x801C0021"}),
    ],
)
def test_a_discovery_that_failed_has_the_code_of_its_request(proofs, test, event, codes):
    events = [("udr:201", {}, 5, event)] if event else []
    rows = proofs("HYBRID-JOIN-PHASE", properties=[*DISCOVERY, test], events=events)
    assert set(rows["code"]) == codes


def test_a_code_that_says_more_than_that_discovery_failed_stays(proofs):
    told = [*DISCOVERY[:2], ("Client ErrorCode", "0x801c001d"), of_discovery("FAIL [0x801c0021/0x80190197]")]
    assert set(proofs("HYBRID-JOIN-PHASE", properties=told)["code"]) == {"0x801C001D"}
