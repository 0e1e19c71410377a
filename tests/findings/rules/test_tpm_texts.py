"""What the TPM's own tool says is amiss."""

import pytest

THERE = ("-TPM Present", "True")


@pytest.mark.parametrize(
    ("told", "item"),
    [
        ([THERE, ("-Ready For Attestation", "False")], "it is not ready to attest"),
        ([THERE, ("-Is Locked Out", "True")], "it is locked after too many wrong tries"),
        ([("-TPM Present", "False")], "there is none"),
        ([THERE, ("-Is Locked Out", "False"), ("-TPM Has Vulnerable Firmware", "False")], None),
        ([("Ready For Attestation", "False")], None),
    ],
)
def test_what_is_amiss_is_named_and_another_text_says_nothing(proofs, told, item):
    rows = proofs("TPM-TOOL-AMISS", properties=told)
    assert rows["item"].unique().to_list() == ([] if item is None else [item])


ANSWER = (
    "Message",
    "The statement was refused, TPM firmware needs an update.",
    "CertReq_enrollaik_Output.txt",
)


@pytest.mark.parametrize(
    ("attempts", "number"),
    [
        ([], 1),
        ([("failed", "device_preparation", "self_deploying", 0, 60, None)], 1),
        ([("failed", "account_setup", "user_driven", 0, 60, None)], 0),
        ([("succeeded", None, "self_deploying", 0, 60, None)], 0),
    ],
)
def test_an_answer_about_attestation_counts_alone_or_where_an_attempt_failed_on_it(proofs, attempts, number):
    rows = proofs("ATTESTATION-ANSWERS", properties=[ANSWER], attempts=attempts)
    assert rows["rule"].to_list() == ["TPM-FIRMWARE-REFUSED"] * number


def test_a_deployment_that_went_well_took_no_such_chip(proofs):
    gone = [("-TPM Present", "False")]
    for outcome, severity in (("succeeded", "info"), ("failed", None)):
        attempts = [(outcome, None, "user_driven", 0, 60, None)]
        assert proofs("TPM-TOOL-AMISS", properties=gone, attempts=attempts)["severity"].to_list() == [
            severity
        ]
