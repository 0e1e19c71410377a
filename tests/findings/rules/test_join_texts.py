"""What parts of the text of dsregcmd prove, pasted without the rest."""

import pytest

CHECK = ("DeviceAuthStatus", "FAILED. Error: 0xd000023c")
NAME = ("HTTP Error", "0x80072ee7")


@pytest.mark.parametrize(
    ("told", "codes"),
    [
        ([CHECK, NAME], ["0x80072EE7", "0x80072EE7"]),
        ([CHECK], ["0xD000023C"]),
        ([("DeviceAuthStatus", "FAILED. Error: 0x80072ee2")], ["0x80072EE2"]),
        ([("DeviceAuthStatus", "FAILED. Error: 0x80090016")], []),
        ([("DeviceAuthStatus", "FAILED. Device is either disabled or deleted"), NAME], []),
        ([("DeviceAuthStatus", "SUCCESS"), NAME], []),
    ],
)
def test_a_check_that_reached_nobody_has_the_code_of_what_was_not_reached(proofs, told, codes):
    assert proofs("DEVICE-CHECK-UNREACHED", properties=told)["code"].to_list() == codes
    if codes:
        assert proofs("DEVICE-NOT-TRUSTED", properties=told).is_empty()


@pytest.mark.parametrize(
    ("lines", "phase", "code"),
    [
        (["AdalErrorCode: 0x2ee7"], "auth", "0x80072EE7"),
        (["AdalErrorCode: 0x2ee7", "Join: failed, 0xcaa20003"], "auth", "0xCAA20003"),
        (["TenantInfo::Discover: failed with error 0x801c0021."], "discover", "0x801C0021"),
        (["wmain: failed with error code 0x801c03f2."], "join", "0x801C03F2"),
    ],
)
def test_a_join_by_hand_failed_in_the_phase_of_its_first_failure(proofs, lines, phase, code):
    rows = proofs("JOIN-DEBUG-FAILED", properties=[("Failed step", line) for line in lines])
    assert set(rows["item"]) == {phase}
    assert set(rows["code"]) == {code}
    joined = [*(("Failed step", line) for line in lines), ("AzureAdJoined", "YES")]
    assert proofs("JOIN-DEBUG-FAILED", properties=joined).is_empty()


AD_FS = ("Endpoint URI", "https://sts.example.com/adfs/oauth2/token/")
ENTRA = ("Endpoint URI", "https://login.microsoftonline.com/example/oauth2/token")


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ([("EnterprisePrt", "NO"), AD_FS, ("HTTP status", "400")], 2),
        ([("EnterprisePrt", "NO"), AD_FS, ("Server Error Code", "invalid_grant")], 2),
        ([("EnterprisePrt", "NO"), AD_FS, ("HTTP status", "200")], 0),
        ([("EnterprisePrt", "NO"), ENTRA, ("HTTP status", "400")], 0),
        ([AD_FS, ("HTTP status", "400"), ("EnterprisePrt", "NO")], 0),
        ([("EnterprisePrt", "YES"), AD_FS, ("HTTP status", "400")], 0),
    ],
)
def test_ad_fs_refused_where_it_was_asked_in_the_part_of_its_token(proofs, told, found):
    assert proofs("ENTERPRISE-TOKEN-REFUSED", properties=told).height == found


WANTED = [("PolicyEnabled", "YES"), ("IsDeviceJoined", "YES"), ("IsUserAzureAD", "YES")]
WILL_NOT = ("PreReqResult", "WillNotProvision")


@pytest.mark.parametrize(
    ("told", "severity"),
    [
        ([*WANTED, ("AdfsRefreshToken", "NO"), WILL_NOT], "warning"),
        ([*WANTED, ("SessionIsNotRemote", "NO"), WILL_NOT], "info"),
        ([*WANTED[1:], ("PolicyEnabled", "NO"), ("AdfsRefreshToken", "NO"), WILL_NOT], None),
        ([*WANTED[:2], ("IsUserAzureAD", "NO"), WILL_NOT], None),
        ([*WANTED, ("NgcSet", "YES"), ("AdfsRefreshToken", "NO"), WILL_NOT], None),
        ([*WANTED, ("AdfsRefreshToken", "NO"), ("PreReqResult", "WillProvision")], None),
    ],
)
def test_hello_that_policy_wants_names_what_is_missing_by_what_it_harms(proofs, told, severity):
    rows = proofs("HELLO-WILL-NOT-PROVISION", properties=told)
    assert rows["severity"].unique().to_list() == ([] if severity is None else [severity])


def debug(minute, code="0x80280036", words="DsrBeginDeviceJoin: BeginJoin failed with error code"):
    return ("udr:502", {"RenderedMessage": words}, minute, code)


REFUSED = [("join_failed", "entra_join", 5, "0x801C03F2", "{}")]
ALONE = {"attempts": []}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"events": [debug(5)]}, "0x80280036"),
        ({"events": [debug(None, "0x80090016", "wmain: failed with error code")]}, "0x80090016"),
        ({"events": [debug(5), debug(9, "0x801C03F2")]}, "0x801C03F2"),
        ({"events": [debug(5)], "marks": REFUSED}, None),
        ({"events": [debug(5)], "marks": [("joined", "entra_join", 50, None, "{}")]}, None),
        ({"events": [debug(5)], "properties": [("AzureAdJoined", "YES")]}, None),
        ({"events": [debug(5, None)]}, None),
        ({"events": [debug(5, words="Some token was not found")]}, None),
        ({"events": [debug(5)], "attempts": [("failed", "entra_join", None, 0, 40, None)]}, None),
    ],
    ids=[
        "one record", "without a time", "the last counts", "beside a failure", "joined later", "joined now",
        "no code", "no phase", "beside an attempt",
    ],
)  # fmt: skip
def test_debug_records_tell_a_join_where_nothing_else_does(proofs, given, code):
    rows = proofs("JOIN-DEBUG-FAILED", **ALONE | given)
    assert rows.select("item", "code").rows() == ([("join", code)] if code else [])


def test_a_debug_record_of_a_token_that_was_not_given_is_of_the_phase_in_which_one_is_asked_for(proofs):
    asked = debug(5, "0xCAA82F8F", "AdalMessage: example failed\nAdalErrorCode: 0xcaa82f8f")
    assert proofs("JOIN-DEBUG-FAILED", **ALONE, events=[asked]).select("item", "code").rows() == [
        ("auth", "0xCAA82F8F")
    ]
    quiet = debug(5, None, "AdalLog: Token is not available in the cache ; HRESULT: 0x0")
    assert proofs("JOIN-DEBUG-FAILED", **ALONE, events=[quiet]).is_empty()


TOKEN = "AutoEnrollAsComputer: Unable to retrieve access token. It failed with error 0xcaa9002c."
TURNED = "DsrCmdJoinHelper::Join: Federated ADRS join failed with error 0xcaa1000e. Try synchronized join."
SYNCED = "DsrDeviceAutoJoin failed 0x801c03f2."


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ([TOKEN, TURNED, SYNCED], ("auth (federated try, 0xCAA9002C), then join", "0x801C03F2")),
        ([TURNED, SYNCED], ("join (federated try, 0xCAA1000E), then join", "0x801C03F2")),
        ([TOKEN, TURNED], ("auth", "0xCAA9002C")),
        ([SYNCED], ("join", "0x801C03F2")),
    ],
)
def test_two_tries_of_one_join_keep_each_its_phase_and_its_code(proofs, lines, told):
    rows = proofs("JOIN-DEBUG-FAILED", properties=[("Failed step", line) for line in lines])
    assert set(rows.select("item", "code").rows()) == {told}


@pytest.mark.parametrize(("status", "rows"), [("200", 0), ("400", 2)])
def test_a_synchronised_try_that_was_answered_well_is_a_join(proofs, status, rows):
    told = [("Failed step", TOKEN), ("Failed step", TURNED), ("Join HTTP status", status)]
    assert proofs("JOIN-DEBUG-FAILED", properties=told).height == rows


def test_what_the_service_answered_to_a_join_by_hand_is_a_proof_of_it(proofs):
    answer = ("Join message", "The device object by the given id (0d1c) is not found.")
    rows = proofs("JOIN-DEBUG-FAILED", properties=[answer, ("Failed step", SYNCED)])
    assert rows.select("item", "code").unique().rows() == [("join", "0x801C03F2")]
    assert rows["quote"].str.contains("is not found").any()
    assert proofs("JOIN-DEBUG-FAILED", properties=[answer]).is_empty()


UNSAVED = "RegistrationController: SavePublicKey failed with error code: 0x80070005."


def test_a_key_that_was_not_saved_tells_a_join_by_itself_unless_it_joined_since(proofs):
    events = [debug(5, "0x80070005", UNSAVED), debug(5, "0x80070005")]
    rows = proofs("JOIN-DEBUG-FAILED", **ALONE, events=events)
    assert set(rows.select("item", "code").rows()) == {("join", "0x80070005")}
    assert rows["quote"].str.contains("SavePublicKey").any()
    joined = [("joined", "entra_join", 50, None, "{}")]
    assert proofs("JOIN-DEBUG-FAILED", **ALONE, events=events, marks=joined).is_empty()


REFUSED = ("preCheckResult", "DoNotJoin")
NO_CONTROLLER = ("isDcAvailable", "NO")
SEARCHED = ("Failed step", "DsrCmdAccountMgr::IsDomainControllerAvailable: DsGetDcName none: 0x8007054b.")
SENTENCE = ("Refused join", "The device can NOT be joined because a domain controller could not be located.")
ALREADY = ("isJoined", "YES")


@pytest.mark.parametrize(
    ("told", "codes"),
    [
        ([REFUSED, NO_CONTROLLER], {None}),
        ([SEARCHED, REFUSED, NO_CONTROLLER, SENTENCE], {"0x8007054B"}),
        ([SENTENCE], {None}),
        ([REFUSED, SEARCHED], {"0x8007054B"}),
    ],
)
def test_a_join_without_a_domain_controller_was_not_attempted(proofs, told, codes):
    rows = proofs("JOIN-NO-CONTROLLER", properties=told)
    assert (rows.height, set(rows["code"])) == (len(told), codes)
    assert proofs("JOIN-NOT-BEGUN", properties=told).is_empty()
    assert proofs("JOIN-DEBUG-FAILED", properties=told).is_empty()


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ([REFUSED], None),
        (
            [REFUSED, ("isDcAvailable", "YES"), ("deviceKeysHealthy", "NO")],
            "the device's keys are not healthy",
        ),
        ([("Refused join", "The device can NOT be joined because it rests.")], "it rests"),
    ],
)
def test_a_join_that_the_check_refused_is_told_with_its_reason(proofs, told, reason):
    assert set(proofs("JOIN-NOT-BEGUN", properties=told)["item"]) == {reason}
    assert proofs("JOIN-NO-CONTROLLER", properties=told).is_empty()


@pytest.mark.parametrize(
    "told",
    [
        [REFUSED, NO_CONTROLLER, ALREADY],
        [REFUSED, NO_CONTROLLER, ("AzureAdJoined", "YES")],
        [("preCheckResult", "Join"), NO_CONTROLLER],
        [("preCheckResult", "Join")],
    ],
)
def test_a_joined_device_and_one_that_may_join_are_not_refused(proofs, told):
    assert proofs("JOIN-NO-CONTROLLER", properties=told).is_empty()
    assert proofs("JOIN-NOT-BEGUN", properties=told).is_empty()


@pytest.mark.parametrize(
    ("name", "rule"), [("Failed leave", "LEAVE-FAILED"), ("Failed token refresh", "TOKEN-REFRESH-FAILED")]
)
def test_a_command_that_failed_has_the_code_of_its_last_line(proofs, name, rule):
    told = [(name, "Step: failed with error code 0x80070005."), (name, "wmain: failed 0x801c0021")]
    assert set(proofs(rule, properties=told)["code"]) == {"0x801C0021"}
    assert proofs(rule, properties=[("Failed step", told[0][1])]).is_empty()
