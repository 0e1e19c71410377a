"""How joins to a domain ended, by the status of NetSetup.log."""

import pytest

from autopilot_analysis.findings.rules.domain_join import joins_ended

LOG = {"sources": {"agent.log": "netsetup_log"}}
DOMAIN = "NetpDoDomainJoin: status: 0x{}"
OFFLINE = "NetpCompleteOfflineDomainJoin: status: 0x{}"


def told(*lines):
    return LOG | {"lines": [("error", line) for line in lines]}


@pytest.mark.parametrize(
    ("line", "rule", "code"),
    [
        (DOMAIN.format("216d"), "DOMAIN-JOIN-QUOTA", "0x8007216D"),
        (DOMAIN.format("54b"), "DOMAIN-JOIN-NO-CONTROLLER", "0x8007054B"),
        (DOMAIN.format("5"), "DOMAIN-JOIN-REFUSED", "0x80070005"),
        (DOMAIN.format("8b0"), "DOMAIN-JOIN-NAME-TAKEN", "0x800708B0"),
        (OFFLINE.format("52e"), "DOMAIN-JOIN-PASSWORD", "0x8007052E"),
        (DOMAIN.format("40"), "DOMAIN-JOIN-FAILED", "0x80070040"),
    ],
)
def test_the_status_of_a_join_tells_its_reason(proofs, line, rule, code):
    rows = proofs("DOMAIN-JOIN-ANSWERS", **told(line))
    assert rows.select("rule", "code", "quote").rows() == [(rule, code, line)]


@pytest.mark.parametrize(
    "given",
    [
        told(DOMAIN.format("0")),
        told(DOMAIN.format("5"), DOMAIN.format("0")),
        told("NetpJoinDomainOnDs: Function exits with status of: 0x5"),
        {"lines": [("error", DOMAIN.format("5"))]},
    ],
)
def test_a_join_that_went_well_in_the_end_or_another_log_is_no_failure(proofs, given):
    assert proofs("DOMAIN-JOIN-ANSWERS", **given).is_empty()


HYBRID = ("failed", "entra_join", "hybrid_join", 0, 60, None)


@pytest.mark.parametrize(
    ("given", "severity"),
    [
        ({"attempts": [HYBRID]}, None),
        ({"attempts": [("succeeded", None, "hybrid_join", 0, 60, None)]}, "info"),
        ({"attempts": [("failed", "device_setup", "user_driven", 0, 60, None)]}, "info"),
        ({"device": {"enrolled": True}}, "info"),
        ({"device": {"enrolled": True}, "attempts": [HYBRID]}, None),
        ({}, None),
    ],
)
def test_a_failed_join_is_a_cause_only_where_a_hybrid_join_hung_on_it(proofs, given, severity):
    rows = proofs("DOMAIN-JOIN-ANSWERS", **told(DOMAIN.format("5")), **given)
    assert rows["severity"].to_list() == [severity]


@pytest.mark.parametrize(("minute", "severity"), [(-60, "info"), (30, None)])
def test_a_join_before_the_last_attempt_began_is_none_of_it(proofs, minute, severity):
    lines = [("error", DOMAIN.format("5"), minute)]
    rows = proofs("DOMAIN-JOIN-ANSWERS", **LOG, lines=lines, attempts=[HYBRID])
    assert rows["severity"].to_list() == [severity]


RENAMING, WRITTEN = "DOMAIN-RENAME-FAILED", "DOMAIN-NAMES-NOT-WRITTEN"
RENAME = "NetpChangeMachineName: status of setting DnsHostName and SPN: 0x{}"


def test_a_change_of_name_that_failed_last_is_told_also_after_a_good_join(proofs):
    rows = proofs(RENAMING, **told(DOMAIN.format("0"), RENAME.format("6ba")))
    assert rows.select("code", "quote").rows() == [("0x800706BA", RENAME.format("6ba"))]


SAME = "NetpChangeMachineName: from 'ap-0001' to 'AP-0001' using 'example.com\\\\joiner' [0x1000]"
OTHER_NAME = SAME.replace("'ap-0001'", "'DESKTOP-1'")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([SAME, RENAME.format("6ba")], [(WRITTEN, "0x800706BA")]),
        ([DOMAIN.format("0"), SAME, RENAME.format("5")], [(WRITTEN, "0x80070005")] * 2),
        ([DOMAIN.format("6ba"), SAME, RENAME.format("32")], [(RENAMING, "0x80070032")]),
        ([DOMAIN.format("0"), OTHER_NAME, RENAME.format("6ba")], [(RENAMING, "0x800706BA")]),
        ([SAME, RENAME.format("6ba"), OTHER_NAME, RENAME.format("0")], []),
    ],
)
def test_names_written_anew_under_the_same_name_are_no_change_of_name(proofs, lines, expected):
    found = [(rule, code) for rule in (RENAMING, WRITTEN) for code in proofs(rule, **told(*lines))["code"]]
    assert found == expected


GROUP = "NetpJoinWorkgroup: joining computer 'AP-0001' to workgroup 'OFFICE'"
GROUP_ENDED = "NetpJoinWorkgroup: status:  0x0"
GROUP_NAME = "NetpValidateName: checking to see if 'OFFICE' is valid as type 2 name"
DOMAIN_NAME = GROUP_NAME.replace("type 2", "type 3")
BEGUN = "NetpDoDomainJoin"
LEFT = "NetpUnjoinDomain: status: 0x0"
ON_DS = "NetpJoinDomainOnDs: Function exits with status of: 0x0"
FOUND = r"NetpDsGetDcName: found DC '\\dc1.example.com' in the specified domain"


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        ([BEGUN, GROUP, GROUP_ENDED, DOMAIN.format("0")], ["workgroup", "workgroup"]),
        ([BEGUN, FOUND, LEFT, GROUP, DOMAIN.format("0")], ["workgroup"]),
        ([GROUP_ENDED], ["workgroup"]),
        ([BEGUN, GROUP_NAME, DOMAIN.format("0")], ["workgroup"]),
        ([GROUP_NAME, BEGUN, DOMAIN.format("0")], [None]),
        ([BEGUN, DOMAIN_NAME, DOMAIN.format("0")], ["domain"]),
        ([GROUP, DOMAIN.format("0"), DOMAIN.format("5")], ["workgroup", None]),
        ([GROUP, DOMAIN.format("0"), BEGUN, ON_DS, DOMAIN.format("0")], ["workgroup", "domain"]),
        ([OFFLINE.format("0"), DOMAIN.format("0")], ["domain", "domain"]),
        ([DOMAIN.format("0")], [None]),
    ],
)
def test_what_was_joined_stands_in_the_lines_before_the_end(world, lines, joined):
    tables, _ = world(**told(*lines))
    assert joins_ended(tables)["joined"].to_list() == joined


@pytest.mark.parametrize(
    ("lines", "rules"),
    [
        ([GROUP, DOMAIN.format("0"), BEGUN, DOMAIN.format("54b")], ["DOMAIN-JOIN-NO-CONTROLLER"]),
        ([BEGUN, DOMAIN.format("54b"), BEGUN, GROUP, DOMAIN.format("0")], ["DOMAIN-JOIN-NO-CONTROLLER"]),
        ([GROUP, DOMAIN.format("57")], []),
        ([BEGUN, DOMAIN.format("54b"), BEGUN, ON_DS, DOMAIN.format("0")], []),
    ],
)
def test_a_workgroup_neither_overtakes_nor_is_a_failed_join_to_a_domain(proofs, lines, rules):
    assert proofs("DOMAIN-JOIN-ANSWERS", **told(*lines))["rule"].to_list() == rules


def test_a_step_is_shown_also_behind_a_workgroup(proofs):
    lines = [GROUP, DOMAIN.format("0"), "NetpProvisionComputerAccount: LDAP creation failed: 0x6ba"]
    assert proofs("DOMAIN-JOIN-STEPS", **told(*lines))["code"].to_list() == ["0x800706BA"]


@pytest.mark.parametrize(
    "lines",
    [
        [DOMAIN.format("0")],
        [RENAME.format("6ba"), RENAME.format("0")],
        ["NetpChangeMachineName: generated netbios name: 'AP-0001'"],
    ],
)
def test_a_change_of_name_that_went_well_in_the_end_is_no_failure(proofs, lines):
    assert proofs(RENAMING, **told(*lines)).is_empty()


EXISTS = r"NetpGetComputerObjectDn: Crack results: (Account already exists) DN = CN=AP-0001,DC=example,DC=com"
ASKED = "NetpReadAccountReuseModeFromAD: Got 0 Entries."
LEGACY = "IsLegacyAccountReuseSetInRegistry returning: 'FALSE''."
REFUSED = "NetpCheckIfAccountShouldBeReused:fReuseAllowed: FALSE, NetStatus:0x0"
ALLOWED = "NetpCheckIfAccountShouldBeReused:fReuseAllowed: TRUE, NetStatus:0x0"
NO_CONTROLLER = "NetpDsGetDcName: failed to find a DC in the specified domain: 0x54b, last error is 0x0"
NO_ANSWER = r"NetpGetComputerObjectDn: Unable to bind to DS on '\\dc1.example.com': 0x6ba"


@pytest.mark.parametrize(
    ("lines", "rule", "code", "number"),
    [
        ([EXISTS, ASKED, LEGACY], "DOMAIN-JOIN-REUSE-ASKED", None, 3),
        ([EXISTS, ASKED, LEGACY, REFUSED], "DOMAIN-JOIN-REUSE-REFUSED", None, 1),
        ([NO_CONTROLLER], "DOMAIN-JOIN-STEP-FAILED", "0x8007054B", 1),
        ([NO_ANSWER], "DOMAIN-JOIN-STEP-FAILED", "0x800706BA", 1),
    ],
)
def test_lines_of_a_join_without_its_end_tell_where_it_stood(proofs, lines, rule, code, number):
    rows = proofs("DOMAIN-JOIN-STEPS", **told(*lines))
    assert rows.select("rule", "code").unique().rows() == [(rule, code)]
    assert rows.height == number


@pytest.mark.parametrize(
    "lines",
    [
        [EXISTS],
        [EXISTS, ASKED, ALLOWED],
        [EXISTS, ASKED, REFUSED, DOMAIN.format("0")],
        [EXISTS, ASKED, "NetpDsValidateComputerAccountReuseAttempt: returning NtStatus: 0, NetStatus: 0"],
        ["NetpDsGetDcName: failed to find a DC having account 'AP-0001$': 0x525, last error is 0x0"],
        [NO_CONTROLLER, "NetpDsGetDcName: status of verifying DNS A record name resolution: 0x0"],
        ["NetpDoDomainJoin: NetpGetComputerNameEx(NetBios) returned 0x0"],
    ],
)
def test_a_step_that_a_later_one_overtook_or_an_end_decides_is_none(proofs, lines):
    assert proofs("DOMAIN-JOIN-STEPS", **told(*lines)).is_empty()
