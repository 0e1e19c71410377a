"""A provisioning package that enrolled the device before the user came."""

import pytest
from findings.rule_worlds import ENROLLED_BEFORE as BEFORE

from autopilot_analysis.findings import find

RULE = "MDM-ENROLLED-BY-PACKAGE"
UPN = r"HKEY_LOCAL_MACHINE\software\microsoft\enrollments\0000"
BULK = "package_7c1d2f0a-6b1e-4a52-9d37-51e0c2a40f11@example.com"


def applied(name, minute, number=20):
    return [(f"prov:{number}", {"Message1": name}, minute, None)]


def enrolled(minute, mark="enrolled"):
    return (mark, "mdm_enrollment", minute, None, "")


def test_a_package_that_enrolled_the_device_is_named_with_its_enrolment(proofs):
    rows = proofs(RULE, **BEFORE)
    assert set(rows["item"]) == {"Contoso.ppkg"}
    assert rows["member"].to_list() == ["marks.evtx", "export.evtx", "marks.evtx"]
    assert "Contoso.ppkg, applied (event 20)" in rows["quote"].to_list()


@pytest.mark.parametrize(
    ("name", "minute", "found"),
    [
        ("Contoso.ppkg", 15, True),
        ("Contoso.ppkg", -10, True),
        ("Contoso.ppkg", -11, False),
        ("Contoso.ppkg", 21, False),
        ("Power.EnergyEstimationEngine.Wifi.ppkg", 15, False),
        ("Microsoft.Windows.Cosa.Desktop.Client.ppkg", 15, False),
    ],
)
def test_only_a_package_of_the_company_applied_shortly_before_enrols(proofs, name, minute, found):
    world = BEFORE | {"events": applied(name, minute)}
    assert proofs(RULE, **world).is_empty() is not found


@pytest.mark.parametrize(
    ("marks", "found"),
    [
        ([enrolled(20)], True),
        ([enrolled(61)], False),
        ([], False),
        ([enrolled(20), enrolled(30, "unenrolled")], False),
        ([enrolled(10, "unenrolled"), enrolled(20)], True),
    ],
)
def test_the_enrolment_by_the_package_must_stand_when_the_users_is_tried(proofs, marks, found):
    assert proofs(RULE, **BEFORE | {"marks": marks}).is_empty() is not found


@pytest.mark.parametrize("code", ["0x80180014", "0x80180018", None])
def test_an_enrolment_that_failed_for_another_reason_is_none_too_many(proofs, code):
    runs = [(1, "mdm_enrollment", "failed", 20, 60, code, None)]
    assert proofs(RULE, **BEFORE | {"runs": runs}).is_empty()


@pytest.mark.parametrize(
    ("upn", "found"), [(BULK, True), ("package_team@example.com", False), ("robin@example.com", False)]
)
def test_the_account_of_a_package_shows_it_where_its_log_is_not_there(proofs, upn, found):
    world = BEFORE | {"events": [], "registry": [(UPN, "UPN", upn)]}
    assert proofs(RULE, **world).is_empty() is not found


def test_the_package_explains_the_failed_enrolment_and_stands_in_place_of_the_known_issue(world):
    found = find(*world(**BEFORE)).findings
    roles = dict(found.select("rule", "role").iter_rows())
    assert found["rule"][0] == RULE
    assert roles["MDM-ENROLLMENT-FAILED"] == "consequence"
    assert "KNOWN-AP-45" not in roles
