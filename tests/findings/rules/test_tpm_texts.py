"""What the TPM's own tool says is amiss."""

import pytest

THERE = ("-TPM Present", "True")


@pytest.mark.parametrize(
    ("told", "item"),
    [
        ([THERE, ("-Ready For Attestation", "False")], "it is not ready to attest"),
        ([THERE, ("-Is Locked Out", "True")], "it is locked after too many wrong tries"),
        ([("-TPM Present", "False")], "there is none"),
        ([("-TPM Present", "False"), ("-TPM Ready", "False"), ("-TPM Enabled", "False")], "there is none"),
        ([THERE, ("-TPM Ready", "False"), ("-TPM Owned", "False")], "it is not ready"),
        ([THERE, ("-TPM Ready", "True"), ("-TPM Owned", "False")], None),
        ([THERE, ("-TPM Version", "2.0"), ("-Is Capable For Attestation", "False")], "it cannot attest"),
        ([THERE, ("-TPM Version", "1.2"), ("-Ready For Attestation", "False")], None),
        (
            [THERE, ("-TPM Version", "1.2"), ("-Ready For Storage", "False")],
            "it is not ready to store keys",
        ),
        ([THERE, ("-Is Locked Out", "False"), ("-TPM Has Vulnerable Firmware", "False")], None),
        ([("Ready For Attestation", "False")], None),
    ],
)
def test_what_is_amiss_is_named_and_another_text_says_nothing(proofs, told, item):
    rows = proofs("TPM-ANSWERS", properties=told)
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
        assert proofs("TPM-ANSWERS", properties=gone, attempts=attempts)["severity"].to_list() == [severity]


def test_what_firmware_mends_is_another_finding_than_what_windows_prepares(proofs):
    told = [THERE, ("-TPM Ready", "False"), ("-Is Locked Out", "True")]
    assert proofs("TPM-ANSWERS", properties=told)["rule"].to_list() == ["TPM-NOT-PREPARED", "TPM-TOOL-AMISS"]


@pytest.mark.parametrize(
    ("name", "value", "item"),
    [
        ("-TPM Version", "1.2", "version 1.2"),
        ("TpmHLI Version", "1.2", "version 1.2"),
        ("-TPM Version", "2.0", None),
        ("-PPI Version", "1.2", None),
    ],
)
def test_an_old_chip_is_told_by_its_version_alone(proofs, name, value, item):
    rows = proofs("TPM-TOO-OLD", properties=[(name, value)])
    assert rows["item"].to_list() == ([] if item is None else [item])


CERTIFYING = {"sources": {"CertReq.txt": "aik_text"}}
NOT_READY = [("-TPM Present", "True", "tpm.txt"), ("-Ready For Attestation", "False", "tpm.txt")]


def test_a_tpm_whose_key_no_service_certified_is_not_called_unfit_for_that(proofs):
    lost = [("code", "0x80072EE7", "CertReq.txt")]
    assert proofs("TPM-ANSWERS", properties=[*NOT_READY, *lost], **CERTIFYING).is_empty()
    assert proofs("TPM-KEY-UNREACHED", properties=lost, **CERTIFYING)["code"].to_list() == ["0x80072EE7"]


def test_a_tpm_that_the_service_refused_stays_unfit(proofs):
    refused = [("code", "0x80190190", "CertReq.txt")]
    assert proofs("TPM-ANSWERS", properties=[*NOT_READY, *refused], **CERTIFYING).height == 1
    assert proofs("TPM-KEY-UNREACHED", properties=refused, **CERTIFYING).is_empty()


def test_where_an_attempt_failed_by_it_that_is_the_finding(proofs, failure):
    given = {"properties": [("code", "0x80072EE7", "CertReq.txt")], **CERTIFYING}
    assert proofs("TPM-KEY-UNREACHED", **given, **failure("device_preparation")).is_empty()


def key(**given):
    known = {"IsPresent": "True", "ManufacturerCertificates": "{}", "AdditionalCertificates": "{}", **given}
    return [(name, value, "key.txt", "TPM endorsement key") for name, value in known.items() if value]


@pytest.mark.parametrize(
    ("told", "found"),
    [
        (key(), 1),
        (key(AdditionalCertificates=None), 1),
        (key(ManufacturerCertificates="{[Subject] CN=x}"), 0),
        (key(AdditionalCertificates="{[Subject] CN=x}"), 0),
        (key(IsPresent="False"), 0),
        ([*key(), ("EnrollStatus(1)", "CR_DISP_ISSUED (3)", "key.txt", "")], 0),
    ],
)
def test_a_key_without_a_certificate_of_its_maker_is_named(proofs, told, found):
    assert proofs("TPM-CERTIFICATE-ABSENT", properties=told).height == found


@pytest.mark.parametrize(
    ("message", "rule"),
    [
        ("No valid TPM EK/Platform certificate provided in the request.", "TPM-CERTIFICATE-MISSING"),
        ('The authority "example-keyid-1.example.com" does not exist.', "TPM-AUTHORITY-UNKNOWN"),
        ("Something else", "TPM-ANSWER"),
    ],
)
def test_an_answer_of_the_service_counts_in_a_mail_too(proofs, message, rule):
    told = [("Message", message, "mail.txt", "server")]
    assert proofs("ATTESTATION-ANSWERS", properties=told)["rule"].to_list() == [rule]
    outside = [("Message", message, "mail.txt", "")]
    assert proofs("ATTESTATION-ANSWERS", properties=outside).is_empty()
