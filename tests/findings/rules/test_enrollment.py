"""MDM enrolment: a code decides whether the service refused, the tenant names none, or it broke."""

import polars as pl
import pytest

RULES = ("MDM-ENROLLMENT-REFUSED", "MDM-NOT-CONFIGURED", "MDM-ENROLLMENT-FAILED")


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("0x80180014", "MDM-ENROLLMENT-REFUSED"),
        ("0x8018002B", "MDM-NOT-CONFIGURED"),
        ("0x80072EE7", "MDM-ENROLLMENT-FAILED"),
        (None, "MDM-ENROLLMENT-FAILED"),
    ],
)
def test_one_failed_enrolment_is_answered_by_one_rule(proofs, failure, code, rule):
    found = {name: proofs(name, **failure("mdm_enrollment", code=code)).height for name in RULES}
    assert found == {name: int(name == rule) for name in RULES}


def test_what_the_server_said_stands_under_the_code_of_the_refusal(proofs, failure):
    said = [("enrollment_server_fault", "mdm_enrollment", 20, "0x80180001", "DeviceNotSupported")]
    rows = proofs("MDM-ENROLLMENT-REFUSED", **failure("mdm_enrollment", code="0x80180014"), marks=said)
    assert rows.filter(rows["quote"] == "DeviceNotSupported")["code"].to_list() == ["0x80180014"]


DEVICE_TOKEN = "Device based token is not supported for enrollment type OnPremiseGroupPolicyCoManaged"


def answered(subcode, words, minute=39.5, code=None):
    """An enrolment that failed at minute 40, and the fault that the service answered with."""
    detail = f'{{"Message1":"{subcode}","Message2":"{words}"}}'
    return {
        "attempts": [("failed", "mdm_enrollment", None, 0, 40, code)],
        "runs": [(1, "mdm_enrollment", "failed", 10, 40, code, "enrollment_failed")],
        "marks": [
            ("enrollment_failed", "mdm_enrollment", 40, code, "{}"),
            ("enrollment_server_fault", "mdm_enrollment", minute, None, detail),
        ],
    }


@pytest.mark.parametrize(
    ("given", "rule", "code"),
    [
        (answered("MessageFormat", DEVICE_TOKEN), 0, "0x80180001"),
        (answered("MessageFormat", DEVICE_TOKEN, code="0x8018002A"), 0, "0x80180001"),
        (answered("MessageFormat", DEVICE_TOKEN, code="0x80180031"), 0, "0x80180001"),
        (answered("s:DeviceNotSupported", "enroll for management using WPJ"), 0, "0x80180014"),
        (answered("Receiver", "SDM One Time Limit Check"), 0, "0x80180014"),
        (answered("DeviceCapReached", "x", code="0x80180003"), 0, "0x80180003"),
        (answered("InternalServiceFault", "x"), 2, "0x80180006"),
        (answered("Receiver", "x"), 2, None),
        (answered("MessageFormat", DEVICE_TOKEN, minute=38.9), 2, None),
        (answered("MessageFormat", DEVICE_TOKEN, minute=41, code="0x80180031"), 1, "0x80180031"),
    ],
    ids=[
        "words of Windows alone", "a number of its own", "not configured", "another subcode", "words decide",
        "a refusal already", "the service failed", "nothing known", "long before", "after it",
    ],
)  # fmt: skip
def test_the_fault_of_the_service_right_before_decides_and_not_what_windows_prints(proofs, given, rule, code):
    found = [name for name in RULES if proofs(name, **given).height]
    assert found == [RULES[rule]]
    assert proofs(RULES[rule], **given)["code"].unique().to_list() == [code]


WPJ, ONCE = "may not enroll for management using WPJ", "blocked by SDM One Time Limit Check"


def undated(*failed, faults):
    """Copied records without a time: failures by their codes, behind them the service's faults."""
    said = [f'{{"Message1":"{subcode}","Message2":"{words}"}}' for subcode, words in faults]
    return {
        "marks": [("enrollment_failed", "mdm_enrollment", None, code, "{}") for code in failed]
        + [("enrollment_server_fault", "mdm_enrollment", None, None, detail) for detail in said]
    }


@pytest.mark.parametrize(
    ("given", "rule", "said"),
    [
        (undated("0x80180014", faults=[("DeviceNotSupported", WPJ)]), 0, {"0x80180014": 1}),
        (undated("0x80180001", faults=[("MessageFormat", DEVICE_TOKEN)]), 2, {"0x80180001": 1}),
        (undated(None, faults=[("DeviceCapReached", "x")]), 0, {"0x80180013": 1}),
        (undated("0x80180014", faults=[("Receiver", "words of no row")]), 0, {"0x80180014": 1}),
        (undated("0x80180014", "0x80180014", faults=[("DeviceNotSupported", ONCE)]), 0, {"0x80180014": 1}),
        (undated("0x80180014", "0x80180018", faults=[("UserLicense", "x")]), 0, {"0x80180018": 1}),
        (undated("0x80180014", "0x80180018", faults=[("Receiver", "words of no row")]), 0, {}),
        (undated("0x80180014", faults=[("UserLicense", "x")]), 0, {}),
        (undated("0x80180014", faults=[("DeviceNotSupported", WPJ), ("DeviceNotSupported", ONCE)]), 0, {}),
    ],
    ids=[
        "the code of both", "not refused", "the failure without a code", "the fault without a code",
        "one refusal twice", "one of two refusals", "of which of two is unknown", "another code",
        "two reasons for one code",
    ],
)  # fmt: skip
def test_a_fault_without_a_time_belongs_to_the_failure_of_its_code_or_to_the_only_one(
    proofs, given, rule, said
):
    rows = proofs(RULES[rule], **given)
    faults = rows.filter(rows["quote"].str.contains("Message1"))
    assert dict(faults.group_by("code").len().iter_rows()) == said
    failed = {code or "0x80180013" for mark, _, _, code, _ in given["marks"] if mark == "enrollment_failed"}
    assert set(rows["code"]) == failed


def test_a_failure_of_another_stage_is_no_enrolment(proofs, failure):
    assert all(proofs(name, **failure("device_setup", code="0x80180014")).is_empty() for name in RULES)


CODE = "0x8018002A"


def failures(*minutes, code=CODE, mark="enrollment_failed"):
    return [(mark, "mdm_enrollment", minute, code, "{}") for minute in minutes]


def failed_once(marks):
    """An attempt whose enrolment failed at minute 60, and what came after."""
    return {
        "attempts": [("failed", "mdm_enrollment", None, 0, 60, CODE)],
        "runs": [(1, "mdm_enrollment", "failed", 10, 60, CODE, "enrollment_failed")],
        "marks": [*marks[1:], marks[0]],
    }


@pytest.mark.parametrize(
    ("marks", "item", "count"),
    [
        (failures(60, 200, 340), "3 times from 2026-03-02 09:00 to 2026-03-02 13:40 UTC", 3),
        (failures(60, 200, 3000), "3 times from 2026-03-02 to 2026-03-04 UTC", 3),
        (failures(60, 200), None, 2),
        (failures(60, 60.5, 61.2), None, 3),
        (failures(60, 61, 62), "3 times from 2026-03-02 09:00 to 2026-03-02 09:02 UTC", 3),
        (failures(60, 200, 340) + failures(250, mark="enrolled"), None, 2),
        (failures(60) + failures(200, 340, code="0x80072EE7"), None, 1),
    ],
)
def test_an_enrolment_that_is_tried_on_and_on_is_counted_up_to_the_one_that_went_well(
    proofs, marks, item, count
):
    found = proofs("MDM-ENROLLMENT-FAILED", **failed_once(marks))
    assert (found["item"].unique().to_list(), found.height) == ([item], count)
    assert found["attempt"].unique().to_list() == [1]


def test_attempts_of_their_own_are_counted_as_attempts(proofs):
    world = failed_once(failures(60, 200, 340))
    world["attempts"] += [("failed", "mdm_enrollment", None, 100 * n, 100 * n + 40, CODE) for n in (1, 3)]
    world["runs"] = [
        (n, "mdm_enrollment", "failed", 10, minute, CODE, None) for n, minute in ((1, 60), (2, 200), (3, 340))
    ]
    world["marks"] = []
    assert proofs("MDM-ENROLLMENT-FAILED", **world)["item"].to_list() == [None] * 3


@pytest.mark.parametrize(
    ("code", "way", "found"),
    [
        ("0x80180029", ("proxy server", "proxy.example.com:8080"), ["proxy server: proxy.example.com:8080"]),
        ("0x80180029", ("access", "direct"), []),
        ("0x80180014", ("proxy server", "proxy.example.com:8080"), []),
    ],
)
def test_the_proxy_is_named_where_the_code_sends_one_to_it(proofs, failure, code, way, found):
    given = failure("mdm_enrollment", code=code) | {"properties": [way]}
    rows = pl.concat([proofs(name, **given) for name in RULES])
    assert rows.filter(rows["quote"].str.contains("proxy"))["quote"].to_list() == found
    assert set(rows["code"]) == {code}


UNCONNECTED = "Unable to connect to the remote server ---> System.Net.Sockets.SocketException"


def sessions(failure, *rows, lines=()):
    story = failure("device_setup", code="0x800705B4")
    return story | {"events": [(key, {}, minute, code) for key, minute, code in rows], "lines": lines}


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([("dm:209", n, "0x80072EFD") for n in (15, 25, 35)], True),
        ([("dm:209", n, "0x80072EFD") for n in (15, 25)], False),
        ([(key, n, "0x80072EFD") for n in (15, 25) for key in ("dm:204", "dm:209")], False),
        ([*(("dm:209", n, "0x80072EFD") for n in (15, 25, 35)), ("dm:209", 40, None)], False),
        ([("dm:209", n, "0x80072EFD") for n in (15, 61, 65)], False),
        ([("dm:209", n, "0x80190193") for n in (15, 25, 35)], False),
    ],
    ids=["three", "two", "two, each in two records", "well in the end", "when it was over", "answered"],
)
def test_a_session_that_ended_with_a_code_of_the_way_never_reached_the_service(proofs, failure, rows, found):
    assert proofs("MDM-UNREACHABLE", **sessions(failure, *rows)).is_empty() is not found


def test_what_the_agent_wrote_of_connections_in_vain_since_then_stands_beside_the_sessions(proofs, failure):
    lost = [("dm:209", n, "0x80072EFD") for n in (15, 25, 35)]
    lines = [("error", UNCONNECTED, n) for n in (12, 16, 26, 70)] + [("info", UNCONNECTED, 30)]
    rows = proofs("MDM-UNREACHABLE", **sessions(failure, *lost, lines=lines))
    assert rows["quote"].to_list()[3:] == [f"{UNCONNECTED} (2 times)"] * 2


def fault(subcode):
    return ("dm:52", {"Message1": subcode, "Message2": "no"}, 5, None)


@pytest.mark.parametrize(
    ("subcode", "code"),
    [("DeviceNotSupported", "0x80180014"), ("UserLicense", "0x80180018"), ("Example", None)],
)
def test_a_fault_of_the_service_stands_for_a_code_where_its_name_is_known(proofs, subcode, code):
    rows = proofs("MDM-SERVER-FAULT", events=[fault(subcode)])
    assert rows["code"].to_list() == ([code] if code else [])


def test_a_fault_beside_the_failure_itself_is_left_to_that(proofs):
    failed = [("enrollment_failed", None, 6, "0x80180014", "{}")]
    assert proofs("MDM-SERVER-FAULT", events=[fault("DeviceNotSupported")], marks=failed).is_empty()


def test_a_quoted_fault_is_known_by_the_words_around_it(proofs):
    quoted = "MDM Enroll: Server Returned Fault/Code/Subcode/Value=(UserLicense) Fault/Reason/Text=(no)"
    rows = proofs("MDM-SERVER-FAULT", events=[("dm:52", {"RenderedMessage": quoted}, 5, None)])
    assert rows["code"].to_list() == ["0x80180018"]


JOINED, EMPTY = ("AzureAdJoined", "YES"), ("MdmUrl", " ")
ADDRESS = "https://enrollment.manage.microsoft.com/enrollmentserver/discovery.svc"
WENT = {"attempts": [("unknown", None, "user_driven", 0, 20, None)]}


@pytest.mark.parametrize(
    ("properties", "given", "found"),
    [
        ([JOINED, EMPTY], {}, 1),
        ([JOINED, ("DomainJoined", "NO"), ("MdmUrl", "-")], {}, 1),
        ([JOINED, EMPTY], WENT, 1),
        ([JOINED], {}, 0),
        ([JOINED, ("MdmUrl", ADDRESS)], {}, 0),
        ([("AzureAdJoined", "NO"), EMPTY], {}, 0),
        ([JOINED, ("DomainJoined", "YES"), EMPTY], {}, 0),
        ([JOINED, EMPTY, ("MdmUrl", ADDRESS, "later.txt", "Tenant Details")], {}, 0),
        ([JOINED, EMPTY], {"device": {"enrolled": True}}, 0),
        ([JOINED, EMPTY], WENT | {"runs": [(1, "mdm_enrollment", "failed", 9, 20, None, None)]}, 0),
        ([JOINED, EMPTY], WENT | {"runs": [(1, "entra_join", "succeeded", 9, 20, None, None)]}, 0),
    ],
)
def test_an_empty_address_alone_tells_that_no_service_is_named(proofs, properties, given, found):
    rows = proofs("MDM-ADDRESS-EMPTY", properties=properties, **given)
    assert rows["quote"].to_list() == ["MdmUrl: (empty)"] * found


@pytest.mark.parametrize(
    ("part", "quoted"),
    [
        ("CertificateStore:0x83750005", True),
        ("Application:0x83750005", True),
        ("CertificateStore:0x80180020", False),
    ],
    ids=["the same code", "another part", "another code"],
)
def test_settings_that_the_device_could_not_take_are_a_proof_of_a_failure_of_their_code(
    proofs, failure, part, quoted
):
    given = failure("mdm_enrollment", code="0x83750005")
    rows = proofs("MDM-ENROLLMENT-FAILED", **given, events=[("dm:56", {"Message1": part}, 39, None)])
    assert rows["quote"].str.contains(part).any() is quoted
    assert set(rows["code"]) == {"0x83750005"}
