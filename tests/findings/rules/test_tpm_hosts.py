"""The endorsement certificate that did not come from the host of the TPM's maker."""

import pytest

from autopilot_analysis.findings import find

RULE = "TPM-CERTIFICATE-HOST"
TEXT = "CertReq_enrollaik_Output.txt"
INTEL = "https://ekop.intel.com/ekcertservice/abc"
NOT_RESOLVED = "0x80072EE7"
GAVE_UP = ("tpm_attestation_gave_up", "device_preparation", 59, None, "{}")
FAILED = {
    "attempts": [("failed", "device_preparation", "self_deploying", 0, 60, None)],
    "runs": [(1, "device_preparation", "failed", 10, 60, None, "tpm_identity_failed")],
    "marks": [("tpm_identity_failed", "device_preparation", 60, "0x81039001", "{}")],
}


def printed(*lines, **more):
    """A world whose text of a request holds those lines: name and value."""
    kept = [(name, value, TEXT) for name, value in lines]
    return FAILED | {"properties": kept, "sources": {TEXT: "aik_text"}} | more


@pytest.mark.parametrize(
    ("address", "answer", "code", "item"),
    [
        (("Retrieving EK certificate", INTEL), ("code", NOT_RESOLVED), NOT_RESOLVED, "ekop.intel.com"),
        (("GET https", "//ekop.intel.com/x"), ("code", "0x80072EE2"), None, None),
        (("url", "https://ftpm.amd.com/pki/aia/1"), ("code", "0x80072EFD"), "0x80072EFD", "ftpm.amd.com"),
        (
            ("text", "GET HTTPS://EKCERT.SPSERV.MICROSOFT.COM/x"),
            ("code", "0x800B0109"),
            "0x800B0109",
            "ekcert.spserv.microsoft.com",
        ),
        (("url", INTEL), ("http", "403 Forbidden"), None, "ekop.intel.com, HTTP 403 Forbidden"),
        (("url", INTEL), ("code", "0x80190197"), "0x80190197", "ekop.intel.com"),
        (("url", INTEL), ("http", "404 Not Found"), None, None),
        (("url", INTEL), ("code", "0x80190194"), None, None),
        (("url", "https://x.microsoftaik.azure.net/"), ("code", NOT_RESOLVED), None, None),
    ],
)
def test_what_keeps_a_certificate_away_is_told_of_a_makers_host_alone(proofs, address, answer, code, item):
    rows = proofs(RULE, **printed(address, answer))
    assert rows.select("attempt", "code", "item").rows() == ([(1, code, item)] if item else [])


@pytest.mark.parametrize(
    "lines",
    [
        [("url", INTEL), ("code", NOT_RESOLVED), ("url", INTEL), ("http", "200 OK")],
        [("url", INTEL), ("text", "1"), ("text", "2"), ("text", "3"), ("code", NOT_RESOLVED)],
        [("url", INTEL), ("url", "https://x.microsoftaik.azure.net/"), ("code", NOT_RESOLVED)],
        [("url", INTEL), ("code", NOT_RESOLVED), ("EnrollStatus(1)", "Enrolled")],
    ],
    ids=["a later request", "far behind", "of another host", "the key was certified"],
)
def test_what_came_after_all_or_stands_elsewhere_is_no_loss(proofs, lines):
    assert proofs(RULE, **printed(*lines)).is_empty()


def test_an_answer_stands_close_behind_its_address(proofs):
    rows = proofs(RULE, **printed(("url", INTEL), ("text", "1"), ("text", "2"), ("code", NOT_RESOLVED)))
    assert rows["record"].to_list() == [4]


@pytest.mark.parametrize(
    ("more", "severity"),
    [
        ({}, None),
        ({"attempts": (), "runs": (), "marks": ()}, "warning"),
        ({"attempts": [("succeeded", None, "self_deploying", 0, 60, None)], "runs": (), "marks": ()}, "info"),
    ],
)
def test_it_weighs_by_what_became_of_the_deployment(proofs, more, severity):
    assert proofs(RULE, **printed(("url", INTEL), ("code", NOT_RESOLVED), **more))["severity"].to_list() == [
        severity
    ]


def test_a_chip_that_attested_all_the_same_lacked_nothing(proofs):
    marks = [*FAILED["marks"], ("tpm_identity_confirmed", "device_preparation", 50, None, "{}")]
    assert proofs(RULE, **printed(("url", INTEL), ("code", NOT_RESOLVED), marks=marks)).is_empty()


def test_tries_with_the_same_code_and_a_test_of_that_host_prove_it_too(proofs):
    marks = [
        ("tpm_key_request_failed", "device_preparation", n, code, "{}")
        for n, code in ((20, NOT_RESOLVED), (30, "0x80070490"))
    ]
    world = printed(("url", INTEL), ("code", NOT_RESOLVED), marks=[*FAILED["marks"], *marks])
    asked = [
        ("NameResolutionSucceeded", "False (refused)", "net.txt", f"Network test {host}")
        for host in ("ekop.intel.com", "ftpm.amd.com")
    ]
    rows = proofs(RULE, **world | {"properties": [*world["properties"], *asked]})
    assert rows["member"].to_list() == [TEXT, "net.txt", "marks.evtx"]
    assert set(rows["item"]) == {"ekop.intel.com"}


def test_a_test_of_that_host_alone_is_no_cause(proofs):
    asked = [("NameResolutionSucceeded", "False (refused)", "net.txt", "Network test ekop.intel.com")]
    assert proofs(RULE, **FAILED | {"properties": asked, "sources": {TEXT: "aik_text"}}).is_empty()


def test_it_explains_an_attestation_that_gave_up(world):
    found = find(*world(**printed(("url", INTEL), ("code", NOT_RESOLVED)))).findings
    roles = dict(found.select("rule", "role").rows())
    assert (roles[RULE], roles["TPM-ATTESTATION-FAILED"]) == ("cause", "consequence")


@pytest.mark.parametrize(
    ("codes", "last", "proved"),
    [
        ([NOT_RESOLVED, NOT_RESOLVED], "0x81039001", 2),
        ([NOT_RESOLVED, "0x80070490"], "0x81039001", 0),
        ([NOT_RESOLVED], "0x81039024", 0),
        ([NOT_RESOLVED], None, 1),
        ([], "0x81039001", 0),
    ],
)
def test_tries_that_all_reached_nobody_are_why_attestation_gave_up(proofs, codes, last, proved):
    tries = [
        ("tpm_key_request_failed", "device_preparation", n, code, "{}") for n, code in enumerate(codes, 20)
    ]
    ended = ("tpm_identity_failed", "device_preparation", 60, last, "{}")
    rows = proofs("TPM-ATTESTATION-UNREACHABLE", **FAILED | {"marks": [*tries, GAVE_UP, ended]})
    assert rows["code"].to_list() == codes[:proved]
