"""What events of a failed enrolment say of the push message routing service; every record is made up."""

import pytest

DM = "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider"
CHANGING = {"RenderedMessage": "MDM Unenroll: Changing dmwappushservice startup type to demand-start failed."}
OTHER = {"RenderedMessage": "MDM Unenroll: Changing dmenrollmentsvc startup type failed."}
STEP = {"RenderedMessage": "MDM Enroll: OMA-DM client configuration failed. RAWResult: (0x800706D9)"}


@pytest.mark.parametrize(
    ("events", "rules"),
    [
        ([("dm:900", CHANGING, None, "0x80070424")], {"PUSH-ROUTING-MISSING": 1}),
        (
            [("dm:900", CHANGING, None, "0x80070424"), ("dm:15", STEP, None, None)],
            {"PUSH-ROUTING-MISSING": 2},
        ),
        ([("dm:900", CHANGING, None, "0x80070422")], {"PUSH-ROUTING-DISABLED": 1}),
        ([("dm:900", CHANGING, None, "0x80070005")], {}),
        ([("dm:900", OTHER, None, "0x80070424")], {}),
        ([("dm:15", STEP, None, None)], {}),
        ([], {}),
    ],
)
def test_the_service_is_told_as_windows_found_it_and_never_by_the_code_of_the_enrolment_alone(
    proofs, failure, events, rules
):
    given = failure("mdm_enrollment", code="0x80180023") | {"events": events}
    rows = proofs("PUSH-ROUTING-MISSING", **given)
    assert dict(rows.group_by("rule").len().rows()) == rules
    assert set(rows["code"]) <= {"0x80180023"}


def test_where_enrolment_did_not_fail_the_service_is_no_matter(proofs):
    assert proofs("PUSH-ROUTING-MISSING", events=[("dm:900", CHANGING, None, "0x80070424")]).is_empty()
