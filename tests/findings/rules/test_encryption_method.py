"""Drive encryption that began with another method than a policy wants which came later."""

import pytest
from findings.rule_worlds import GOOD, bad, encrypted, wants

from autopilot_analysis.findings import answer, find

RULE = "BITLOCKER-OTHER-METHOD"


def number(value, minute=62, name="EncryptionMethod"):
    """The policy of one number for all drives."""
    return ("dm:813", {"Message1": name, "Message2": "Bitlocker", "HexInt1": value}, minute, None)


ESCAPED = (
    "dm:814",
    {
        "Message1": "EncryptionMethodByDriveType",
        "Message2": "BitLocker",
        "Message5": "&lt;data id=&quot;EncryptionMethodWithXtsOsDropDown_Name&quot; value=&quot;7&quot;/&gt;",
    },
    62,
    None,
)
LATER = "came 57 min later"


@pytest.mark.parametrize(
    ("events", "item"),
    [
        ([encrypted(), wants(7)], f"C: with XTS-AES 128, and the policy that wants XTS-AES 256 {LATER}"),
        (
            [encrypted("0x8004"), ESCAPED],
            f"C: with XTS-AES 128, and the policy that wants XTS-AES 256 {LATER}",
        ),
        (
            [encrypted(32770), number("0x4")],
            f"C: with AES-CBC 128, and the policy that wants AES-CBC 256 {LATER}",
        ),
        ([encrypted(32773), wants(6)], f"C: with XTS-AES 256, and the policy that wants XTS-AES 128 {LATER}"),
        (
            [encrypted(32773, 1), encrypted(), wants(6, 3), wants(7), wants(7, 300)],
            f"C: with XTS-AES 128, and the policy that wants XTS-AES 256 {LATER}",
        ),
    ],
    ids=["text", "escaped", "number", "the other way round", "the last of each"],
)
def test_a_policy_that_came_after_encryption_began_is_told_with_both_methods_and_the_span(
    proofs, events, item
):
    rows = proofs(RULE, events=events)
    assert rows["item"].to_list() == [item] * 2


@pytest.mark.parametrize(
    "events",
    [
        [encrypted(), wants(6)],
        [encrypted(), wants(7, 4)],
        [encrypted(), wants(7, 4), wants(7)],
        [encrypted(), wants(7), encrypted(32773, 90)],
        [encrypted(drive="D:"), wants(7)],
        [encrypted(4711), wants(7)],
        [encrypted(), wants(9)],
        [encrypted(), number("0x7", name="RequireDeviceEncryption")],
        [encrypted()],
        [wants(7)],
    ],
    ids=[
        "the same method", "the policy was there", "and came again", "encrypted anew", "another drive",
        "an unknown algorithm", "an unknown policy", "another policy", "no policy", "no encryption",
    ],
)  # fmt: skip
def test_a_method_that_fits_or_a_policy_that_was_there_is_no_finding(proofs, events):
    assert proofs(RULE, events=events).is_empty()


@pytest.mark.parametrize(
    ("attempts", "severity"),
    [
        (GOOD, None),
        (bad("device_setup"), "info"),
        ([*bad("device_setup"), ("succeeded", None, "user_driven", 70, 90, None)], None),
    ],
)
def test_beside_a_deployment_that_failed_it_is_no_cause(proofs, attempts, severity):
    rows = proofs(RULE, events=[encrypted(), wants(7)], attempts=attempts)
    assert rows["severity"].to_list() == [severity] * 2


def test_to_decrypt_and_encrypt_again_is_the_remedy(world):
    story = world(events=[encrypted(), wants(7)], attempts=GOOD)
    told = answer(*story, find(*story)).devices[0]
    assert told.outcome == "succeeded"
    assert next(one.lines[0].text for one in told.sections if one.label == "What to do").startswith("Decrypt")
