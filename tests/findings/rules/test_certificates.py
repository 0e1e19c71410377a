"""Certificates that are asked for again and again in vain, where no failed page waited for them."""

import json

import pytest
from findings.rule_worlds import at

RULE = "CERTIFICATES-IN-VAIN"
URL = "https://pki.contoso.example/certsrv/mscep/mscep.dll/pkiclient.exe"
OPEN = ("unfinished", None, "user_driven", 0, None, None)
GOOD = ("succeeded", None, "user_driven", 0, 8, None)
FAILED = ("failed", "device_setup", "user_driven", 0, 60, None)


def asked(minute, code="0x80190193", outcome="failed", **more):
    return {
        "item": "Wi-Fi", "name": None, "kind": "certificate", "blocking": None, "phase": None,
        "outcome": outcome, "code": code if outcome == "failed" else None,
        "started_at": at(minute), "ended_at": at(minute), "detail": json.dumps({"server": URL}),
    } | more  # fmt: skip


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("0x80190193", "CERTIFICATE-FORBIDDEN"),
        ("0x80190191", "CERTIFICATE-FORBIDDEN"),
        ("0x80190194", "CERTIFICATE-ADDRESS-UNKNOWN"),
        ("0x801901F7", "CERTIFICATE-SERVER-DOWN"),
        ("0x80072EE7", "CERTIFICATE-SERVER-UNREACHED"),
        ("0x80091006", "CERTIFICATE-REFUSED"),
        ("0x80091007", "CERTIFICATE-OTHER-AUTHORITY"),
        (None, "CERTIFICATE-REFUSED"),
    ],
)
def test_a_certificate_that_never_comes_is_told_by_its_last_code(proofs, code, rule):
    rows = proofs(RULE, attempts=[OPEN], installs=[asked(n, code) for n in (10, 25, 41)])
    assert set(rows.select("rule", "code", "severity").rows()) == {(rule, code, None)}
    assert set(rows["item"]) == {
        "Wi-Fi at pki.contoso.example, 3 times from 2026-03-02 08:10 to 2026-03-02 08:41 UTC"
    }
    assert rows.height == 3


def test_the_last_code_counts_where_the_answers_changed(proofs):
    codes = {10: "0x80072EE7", 25: "0x801901F7", 41: "0x80190193"}
    rows = proofs(RULE, attempts=[OPEN], installs=[asked(*one) for one in codes.items()])
    assert set(rows["rule"]) == {"CERTIFICATE-FORBIDDEN"}
    assert rows["quote"].to_list() == ["request 1 ended with " + code for code in codes.values()]


@pytest.mark.parametrize(
    "tries",
    [
        [*(asked(n) for n in (10, 25, 41)), asked(42, outcome="succeeded")],
        [asked(10, "0x80091007"), asked(12, outcome="succeeded")],
        [asked(n, kind="network") for n in (10, 25, 41)],
        [asked(n, outcome="unfinished") for n in (10, 25, 41)],
    ],
    ids=["it came", "it came after all", "no certificate", "no answer"],
)
def test_a_certificate_that_came_is_no_finding(proofs, tries):
    assert proofs(RULE, attempts=[OPEN], installs=tries).is_empty()


@pytest.mark.parametrize(
    "tries",
    [
        [asked(10), asked(41)],
        [asked(n) for n in (10, 20, 39)],
        [*(asked(n) for n in (10, 25)), asked(26, outcome="succeeded"), asked(60)],
        [asked(n, item=f"profile {n}") for n in (10, 25, 41)],
    ],
    ids=["two", "29 minutes", "it came between", "three of them"],
)
def test_a_few_refusals_are_told_quietly_where_the_deployment_is_not_seen_to_end(proofs, tries):
    assert set(proofs(RULE, attempts=[OPEN], installs=tries)["severity"]) == {"info"}
    assert proofs(RULE, attempts=[GOOD], installs=tries).is_empty()
    assert proofs(RULE, attempts=[FAILED], installs=tries).is_empty()


@pytest.mark.parametrize(("attempt", "severity"), [(OPEN, None), (GOOD, "warning"), (FAILED, "info")])
def test_one_request_says_what_no_later_try_can_mend_with_what_it_was_told(proofs, attempt, severity):
    told = {"server": URL, "words": "The hash value is not correct", "authority": "3F1C" * 10}
    tried = asked(10, "0x80091007", detail=json.dumps(told), attempt=None)
    rows = proofs(RULE, attempts=[attempt], installs=[tried])
    assert rows.select("rule", "severity", "quote").rows() == [
        (
            "CERTIFICATE-OTHER-AUTHORITY",
            severity,
            "request 1 ended with 0x80091007: The hash value is not correct; thumbprint of the authority "
            + "3F1C" * 10,
        )
    ]


@pytest.mark.parametrize(
    ("attempts", "severity"),
    [([], None), ([OPEN], None), ([GOOD], "warning"), ([FAILED], "info"), ([FAILED, GOOD], "warning")],
    ids=["none", "open", "well", "failed of something else", "well in the end"],
)
def test_it_weighs_by_what_came_of_the_last_attempt(proofs, attempts, severity):
    rows = proofs(RULE, attempts=attempts, installs=[asked(n, attempt=None) for n in (10, 25, 41)])
    assert set(rows["severity"]) == {severity}


def test_what_a_failed_page_waited_for_is_left_to_the_rules_of_the_page(proofs, failure):
    story = failure("device_setup") | {"installs": [asked(n, phase="device") for n in (12, 25, 45)]}
    assert proofs("ESP-CERTIFICATE-FAILED", **story).height == 3
    assert proofs(RULE, **story).is_empty()


SCEP = ("dm:32", {"RenderedMessage": "SCEP: Certificate enroll failed."}, None, None)


@pytest.mark.parametrize(
    ("events", "attempts", "found"),
    [
        ([SCEP], (), 1),
        ([("dm:32", {}, 5, None)], (), 0),
        ([SCEP, ("dm:39", {}, None, None)], (), 0),
        ([SCEP], [FAILED], 0),
    ],
)
def test_a_refused_request_that_is_quoted_alone_is_told(proofs, events, attempts, found):
    rows = proofs("CERTIFICATE-REFUSED-ALONE", events=events, attempts=attempts)
    assert rows.height == found


MAKER = "SCEP Certificate enrollment {}for CONTOSO\\ada via https://{} failed:\n\n{}"
BEGAN = MAKER.format("initialization ", "scep.example.com/certsrv/mscep/mscep.dll", "GetCACaps")
SENT = MAKER.format("", "scep.example.com/certsrv/mscep/mscep.dll", "SubmitDone")
CHIP = MAKER.format("initialization ", "acme-keyid-1.microsoftaik.azure.net/templates/Aik/scep", "GetCACaps")
INVALID = ("dm:32", {"HRESULT": "0x80072F78"}, None, "0x80072F78")
GONE = "0x80190194"


def made(number, words, minute=None, code=None):
    return (f"certenroll:{number}", {"RenderedMessage": words}, minute, code)


@pytest.mark.parametrize(
    ("events", "rule", "item", "code"),
    [
        ([INVALID, made(86, BEGAN)], "CERTIFICATE-UNASKED", "GetCACaps at scep.example.com", "0x80072F78"),
        ([made(86, BEGAN, code=GONE)], "CERTIFICATE-UNASKED", "GetCACaps at scep.example.com", GONE),
        ([made(86, "failed\nStage: GetCACert\n")], "CERTIFICATE-UNASKED", "GetCACert", None),
        ([made(87, SENT, code=GONE)], "CERTIFICATE-REFUSED-ALONE", "SubmitDone at scep.example.com", GONE),
        ([INVALID], "CERTIFICATE-REFUSED-ALONE", None, "0x80072F78"),
        ([made(86, CHIP)], None, None, None),
        ([made(86, BEGAN, minute=5)], None, None, None),
        ([made(86, BEGAN), ("dm:39", {}, None, None)], None, None, None),
    ],
)
def test_a_request_that_broke_before_it_was_sent_was_not_refused(proofs, events, rule, item, code):
    found = {
        name: proofs(name, events=events) for name in ("CERTIFICATE-UNASKED", "CERTIFICATE-REFUSED-ALONE")
    }
    assert [name for name, rows in found.items() if rows.height] == [rule] * bool(rule)
    if rule:
        assert set(found[rule].select("item", "code").rows()) == {(item, code)}


@pytest.mark.parametrize(
    ("line", "height"),
    [
        ("Certificates (0 of 1 applied)", 2),
        ("Zertifikate (0 von 2 angewendet)", 2),
        ("Apps (0 of 3 installed)", 1),
    ],
)
def test_the_page_that_waits_for_certificates_stands_in_the_proof(proofs, line, height):
    page = [("page in progress", line, "note.txt", "Quoted error")]
    tried = asked(10, "0x80091007", attempt=None)
    rows = proofs(RULE, attempts=[OPEN], installs=[tried], properties=page)
    assert rows.height == height
    assert set(rows["rule"]) == {"CERTIFICATE-OTHER-AUTHORITY"}
    assert rows["item"].n_unique() == 1
    late = proofs(RULE, attempts=[OPEN], installs=[asked(10, attempt=None)], properties=page)
    assert late.height == 1


NOBODY, SERVER = "certificate request of event {}", "certificate of pki.contoso.example"


@pytest.mark.parametrize(
    ("failed", "issued", "found"),
    [
        (NOBODY.format(2), NOBODY.format(5), 0),
        (NOBODY.format(2), "Wi-Fi", 0),
        (SERVER, NOBODY.format(5), 0),
        (SERVER, "Wi-Fi", 1),
        ("VPN", NOBODY.format(5), 1),
    ],
)
def test_a_request_without_a_name_may_be_the_one_that_came_later(proofs, failed, issued, found):
    tries = [asked(10, "0x80091007", item=failed), asked(12, outcome="succeeded", item=issued)]
    assert proofs(RULE, attempts=[OPEN], installs=tries).height == found


def test_requests_without_a_name_are_counted_together(proofs):
    tries = [asked(n, item=NOBODY.format(n), detail=None) for n in (10, 25)]
    rows = proofs(RULE, attempts=[OPEN], installs=tries)
    assert set(rows["item"]) == {
        "a certificate that no event names, 2 times from 2026-03-02 08:10 to 2026-03-02 08:25 UTC"
    }
    assert rows["quote"].to_list() == [f"request {n} ended with 0x80190193" for n in (1, 2)]
