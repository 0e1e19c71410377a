"""Errors of a remediation's parts, as Intune keeps them; every error is made up."""

import pytest

from autopilot_analysis.findings.rules.script_states import QUOTED

BEFORE, FIX = "preRemediationDetectionScriptError", "remediationScriptError"
DENIED = "Set-Item : Requested registry access is not allowed."
SIGNED = "File C:\\x.ps1 cannot be loaded because running scripts is disabled on this system."


@pytest.mark.parametrize(
    ("states", "found"),
    [
        ([(BEFORE, "It is\r\n  away")], [("the detection before the fix", None, f"{BEFORE}: It is away")]),
        ([(FIX, "No"), (BEFORE, "  ")], [("the fix", None, f"{FIX}: No")]),
        ([(FIX, SIGNED)], [("the fix", "SCRIPT-NOT-ALLOWED", f"{FIX}: {SIGNED}")]),
        ([("remediationScriptOutput", "No")], []),
        ([(FIX, "x" * 999)], [("the fix", None, f"{FIX}: {'x' * QUOTED}")]),
    ],
)
def test_a_part_that_wrote_an_error_is_named_with_the_reason_its_words_name(proofs, states, found):
    given = [(*each, "states.json", "Run state 1") for each in states]
    rows = proofs("REMEDIATION-PART-ERROR", properties=given)
    assert rows.select("item", "rule", "quote").rows() == found


def test_a_property_of_that_name_elsewhere_is_none(proofs):
    assert proofs("REMEDIATION-PART-ERROR", properties=[(FIX, "No", "states.json", "Another")]).is_empty()
