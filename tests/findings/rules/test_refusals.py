"""What a service refused in its own words counts only where the attempt failed on it."""

import pytest

FIRST_SYNC = r"HKEY_LOCAL_MACHINE\software\microsoft\enrollments\0000\FirstSync"
FINISHED = {"uri": "./Vendor/MSFT/DMClient/Provider/x/FirstSyncStatus/ServerHasFinishedProvisioning"}


@pytest.mark.parametrize(("stage", "found"), [("account_setup", 2), ("device_setup", 2), ("entra_join", 0)])
def test_the_servers_word_that_it_has_finished_was_refused_in_the_status_page(proofs, failure, stage, found):
    rows = proofs(
        "PROVISIONING-END-REFUSED",
        **failure(stage),
        events=[("dm:404", FINISHED, 30, "0x86000002")],
        registry=[(FIRST_SYNC, "ServerHasFinishedProvisioning", "0")],
    )
    assert rows["code"].to_list() == ["0x86000002"] * found


def test_another_command_that_was_refused_is_not_the_end_of_provisioning(proofs, failure):
    events = [("dm:404", {"uri": "./Vendor/MSFT/Policy"}, 30, "0x86000002")]
    assert proofs("PROVISIONING-END-REFUSED", **failure("device_setup"), events=events).is_empty()


RESET = {"Message5": "./Vendor/MSFT/RemoteWipe/AutomaticRedeployment/doAutomaticRedeployment"}
WIPE = {"Message5": "./Vendor/MSFT/RemoteWipe/doWipeProtected"}
OFF = ("Windows RE status", "Disabled", "re.txt", "reagentc")
ON = ("Windows RE status", "Enabled", "re.txt", "reagentc")
NO_IMAGE = ("Windows RE image", "not found", "re.txt", "reagentc")
SCREEN = ("reset stopped", "There was a problem resetting your PC", "re.txt", "Quoted error")


@pytest.mark.parametrize(
    ("events", "given", "rule"),
    [
        ([("dm:404", RESET, 5, "0x80070032")], [OFF], "RESET-REFUSED"),
        ([("dm:404", RESET, 5, "0x80004005")], [OFF], "RESET-REFUSED"),
        ([("dm:400", WIPE, 5, "0x80004005")], [OFF], "RESET-REFUSED"),
        ([("dm:404", RESET, 5, "0x80070032")], [OFF, NO_IMAGE], "RESET-NO-IMAGE"),
        ([], [SCREEN, OFF, NO_IMAGE], "RESET-NO-IMAGE"),
        ([], [SCREEN, OFF], "RESET-REFUSED"),
    ],
)
def test_a_refused_reset_and_what_reagentc_says_are_one_cause(proofs, events, given, rule):
    found = {
        name: proofs(name, events=events, properties=given).height
        for name in ("RESET-REFUSED", "RESET-NO-IMAGE")
    }
    assert {name for name, rows in found.items() if rows} == {rule}
    assert found[rule] == len(events) + len(given)


@pytest.mark.parametrize(
    ("events", "given"),
    [
        ([], [OFF, NO_IMAGE]),
        ([("dm:404", {"Message5": "./Vendor/MSFT/Policy"}, 5, "0x80070032")], [OFF]),
        ([("dm:400", WIPE, 5, "0x80004005")], [ON]),
        ([], [SCREEN, OFF, ON]),
    ],
)
def test_a_recovery_environment_that_is_off_is_no_cause_without_a_reset(proofs, events, given):
    assert proofs("RESET-REFUSED", events=events, properties=given).is_empty()
    assert proofs("RESET-NO-IMAGE", events=events, properties=given).is_empty()


PRINTED = "CertReq_enrollaik_Output.txt"
REFUSED = [("Message", "Attestation statement cannot be verified, rejecting request.", PRINTED, "server")]
ATTESTED = ("tpm_identity_failed", "device_preparation", 20, "0x80190190", '{"HRESULT":"0x80190190"}')
KEY = ["rule", "at", "code", "quote", "item"]


@pytest.mark.parametrize(("printed", "dated"), [("0x80190190", True), ("0x80072EE2", False), (None, False)])
def test_the_services_words_are_dated_by_the_failure_that_has_the_code_printed_beside_them(
    proofs, failure, at, printed, dated
):
    told = [*REFUSED, *([("code", printed, PRINTED)] if printed else [])]
    chip = {"device": {"tpm_vendor": "NTC", "tpm_firmware": "7.2.3.1"}}
    world = failure("device_preparation") | chip | {"properties": told, "marks": [ATTESTED]}
    rows = proofs("ATTESTATION-ANSWERS", **world).select(KEY).rows()
    chip_named = "Nuvoton, firmware 7.2.3.1"
    words = '{"Message":"Attestation statement cannot be verified, rejecting request."}'
    record = ("TPM-ANSWER", at(20), "0x80190190", ATTESTED[-1], chip_named)
    assert rows == [("TPM-ANSWER", None, None, words, chip_named), *([record] if dated else [])]


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("Message", "The TPM firmware needs update.", "TPM-FIRMWARE-REFUSED"),
        ("Message", "EK certificate not found for STM", "TPM-CERTIFICATE-MISSING"),
        ("Message", "No valid TPM EK/Platform certificate provided", "TPM-CERTIFICATE-MISSING"),
        ("Message", "EK certificate found, statement refused", "TPM-ANSWER"),
        ("text", "<html><head><title>403 Forbidden</title>", "TPM-ANSWER-OF-PROXY"),
        ("text", "<!DOCTYPE html>", "TPM-ANSWER-OF-PROXY"),
        ("text", "<Html lang=en>", "TPM-ANSWER-OF-PROXY"),
        ("text", "Forbidden", None),
        ("text", "<htmlx>", None),
    ],
)
def test_what_answered_a_request_for_a_key_says_who_refused_what(proofs, failure, name, value, rule):
    world = failure("device_preparation") | {"properties": [(name, value, PRINTED)]}
    assert proofs("ATTESTATION-ANSWERS", **world)["rule"].to_list() == ([rule] if rule else [])


def test_a_page_in_another_text_is_no_answer_to_a_request_for_a_key(proofs, failure):
    world = failure("device_preparation") | {"properties": [("text", "<html>", "report.txt")]}
    assert proofs("ATTESTATION-ANSWERS", **world).is_empty()
