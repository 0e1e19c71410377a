"""What Windows tries again and again and does not get done."""

import pytest

from autopilot_analysis import build_trace, open_export, read_tables
from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings import find
from autopilot_analysis.findings.words import words

FAMILY = "EVENT-FAILURES"
NO_ACCOUNT = {"AccountName": "example-admin", "ErrorCode": "0x80070534"}


def laps(event_id, minute, fields=None, code="0x80070534"):
    return (f"laps:{event_id}", fields or {}, minute, code)


def cycles(number, *, since=0):
    """So many hourly cycles of LAPS that do not find the account."""
    return [
        record
        for n in range(number)
        for record in (laps(10013, since + n * 60, NO_ACCOUNT), laps(10005, since + n * 60 + 1))
    ]


@pytest.mark.parametrize(
    ("later", "rules"),
    [
        ([], ["BITLOCKER-BOOT-MEDIA", "BITLOCKER-NO-RECOVERY"]),
        ([("bitlocker:768", {}, 30, None)], []),
        ([("bitlocker:768", {}, 15, None)], ["BITLOCKER-NO-RECOVERY"]),
        ([("bitlocker:845", {}, 30, None)], ["BITLOCKER-BOOT-MEDIA", "BITLOCKER-NO-RECOVERY"]),
    ],
)
def test_only_what_was_tried_since_encryption_was_last_begun_counts(proofs, later, rules):
    tried = [("bitlocker:853", {}, 10, "0x80310030"), ("bitlocker:854", {}, 20, None)]
    assert proofs(FAMILY, events=[*tried, *later])["rule"].to_list() == rules


def test_one_reason_met_many_times_is_one_finding_that_says_how_often(proofs):
    rows = proofs(FAMILY, events=[("bitlocker:854", {}, n * 60, None) for n in range(3)])
    assert rows["item"].n_unique() == 1
    assert rows["item"][0].startswith("event 854, 3 times from ")


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("0x80310030", "BITLOCKER-BOOT-MEDIA"),
        ("0x8028400F", "BITLOCKER-NO-TPM"),
        (None, "BITLOCKER-TPM-OR-MEDIA"),
    ],
)
def test_the_code_beside_an_event_chooses_among_its_meanings(proofs, code, rule):
    assert proofs(FAMILY, events=[("bitlocker:853", {}, 5, code)])["rule"].to_list() == [rule]


def test_a_key_that_was_saved_later_is_saved(proofs):
    lost, saved = ("bitlocker:846", {}, 5, "0x80072F9A"), ("bitlocker:845", {}, 9, None)
    assert proofs(FAMILY, events=[lost])["rule"].to_list() == ["BITLOCKER-KEY-CERTIFICATE"]
    assert proofs(FAMILY, events=[lost, saved]).is_empty()


@pytest.mark.parametrize("event", ["bitlocker:846", "bitlocker:847"])
@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("0x80072F9A", "BITLOCKER-KEY-CERTIFICATE"),
        ("0x80072F99", "BITLOCKER-KEY-CERTIFICATE"),
        ("0x80072EE7", "BITLOCKER-KEY-UNREACHED"),
        ("0x80072EFD", "BITLOCKER-KEY-UNREACHED"),
        ("0x80072F8F", "BITLOCKER-KEY-NOT-SAVED"),
        ("0x80190193", "BITLOCKER-KEY-NOT-SAVED"),
        (None, "BITLOCKER-KEY-NOT-SAVED"),
    ],
)
def test_why_a_recovery_key_was_not_saved_goes_by_the_code(proofs, event, code, rule):
    assert proofs(FAMILY, events=[(event, {}, 5, code)])["rule"].to_list() == [rule]


def test_the_remedy_of_a_key_that_was_not_saved_is_that_of_its_reason(world):
    def remedies(code):
        events = [("bitlocker:846", {}, 5, code), ("bitlocker:851", {}, 6, code)]
        found = find(*world(events=events)).findings
        return dict(zip(found["rule"], zip(found["role"], found["remedy"], strict=True), strict=True))

    lost, unheard, inspected = (remedies(code) for code in ("0x80072F9A", "0x80072EE7", "0x80072F8F"))
    assert "private key" in lost["BITLOCKER-KEY-CERTIFICATE"][1]
    assert "enterpriseregistration" not in lost["BITLOCKER-KEY-CERTIFICATE"][1]
    assert "enterpriseregistration" in unheard["BITLOCKER-KEY-UNREACHED"][1]
    assert "TLS inspection" in inspected["BITLOCKER-KEY-NOT-SAVED"][1]
    assert {one["BITLOCKER-NOT-BEGUN"][0] for one in (lost, unheard, inspected)} == {"consequence"}


def test_encryption_that_is_not_begun_for_another_reason_is_a_cause_of_its_own(world):
    found = find(*world(events=[("bitlocker:851", {}, 6, "0x80072F9A")])).findings
    assert found.select("rule", "role").rows() == [("BITLOCKER-NOT-BEGUN", "cause")]


def test_a_recovery_key_that_is_renewed_is_no_failure(proofs):
    assert proofs(FAMILY, events=[("bitlocker:855", {}, 5, None), ("bitlocker:864", {}, 6, None)]).is_empty()


def test_an_account_that_laps_does_not_find_is_one_finding_that_names_it(proofs):
    rows = proofs(FAMILY, events=cycles(3))
    assert set(rows["rule"]) == {"LAPS-ACCOUNT-MISSING"}
    assert rows["item"][0].startswith("example-admin, 3 times from ")
    assert rows["severity"].null_count() == 3


def test_an_account_that_is_made_after_the_first_cycle_is_ordinary(proofs):
    assert proofs(FAMILY, events=cycles(1))["severity"].to_list() == ["info"]
    assert proofs(FAMILY, events=[*cycles(3), laps(10004, 300, code=None)]).is_empty()
    again = proofs(FAMILY, events=[*cycles(3), laps(10004, 300, code=None), *cycles(2, since=400)])
    assert again["item"][0].startswith("example-admin, 2 times from ")


@pytest.mark.parametrize(("minutes", "rules"), [(4, {"LAPS-ACCOUNT-MISSING"}), (6, {"LAPS-FAILED"})])
def test_the_end_of_a_cycle_is_explained_by_what_was_written_within_five_minutes(proofs, minutes, rules):
    events = [laps(10013, 0, NO_ACCOUNT), laps(10005, minutes)]
    assert set(proofs(FAMILY, events=events)["rule"]) - {"LAPS-ACCOUNT-MISSING"} == rules - {
        "LAPS-ACCOUNT-MISSING"
    }


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("Local admin password solution is not enabled for this tenant.", "LAPS-SWITCHED-OFF"),
        ('{"subcode":"error_missing_device","message":"could not be found"}', "LAPS-OBJECT-MISSING"),
        ('{"subcode":"error_authorization_request_denied"}', "LAPS-OBJECT-DISABLED"),
        ('{"subcode":"error_other"}', "LAPS-ENTRA-REFUSED"),
    ],
)
def test_the_answer_of_entra_to_a_password_of_laps_decides_what_is_to_be_done(proofs, words, rule):
    refused = [laps(10059, n * 60, {"ResponseText": words}, code=None) for n in range(2)]
    assert set(proofs(FAMILY, events=refused)["rule"]) == {rule}
    assert proofs(FAMILY, events=[*refused, laps(10029, 100, code=None)]).is_empty()


@pytest.mark.parametrize(
    ("event", "code", "rule", "remedy"),
    [
        (10025, "0x80072EE7", "LAPS-DISCOVERY-FAILED", "enterpriseregistration"),
        (10032, None, "LAPS-DEVICE-REFUSED", "Look in Entra whether the device is deleted or disabled"),
    ],
)
def test_a_device_that_does_not_get_to_the_service_is_not_sent_to_the_switch_of_the_tenant(
    world, event, code, rule, remedy
):
    found = find(*world(events=[laps(event, n * 60, code=code) for n in range(2)])).findings
    own = found.filter(found["rule"] == rule).row(0, named=True)
    assert remedy in own["remedy"]
    assert "Switch LAPS on" not in own["remedy"]


def test_of_several_records_that_only_say_that_a_cycle_failed_the_nearest_to_the_act_is_told(proofs):
    ends = [record for n in range(2) for record in (laps(10028, n * 60), laps(10005, n * 60 + 1))]
    rows = proofs(FAMILY, events=ends)
    assert rows["rule"].to_list() == ["LAPS-FAILED"] * 2
    assert rows["item"][0].startswith("event 10028, 2 times")


def test_every_reason_has_a_remedy_of_its_own():
    rules = read_facts("event_failures")["rule"].unique()
    known = words().filter(words()["rule"].is_in(rules.implode()))
    assert known.height == len(rules)
    assert known["remedy"].null_count() == 0


def hello(event, minute, code="0x801C004D"):
    return (event, {}, minute, code)


def test_a_key_of_windows_hello_that_no_try_registered_is_one_finding(proofs):
    tried = [hello("udr:301", 5), hello("hello:6045", 5.1), hello("udr:301", 8)]
    rows = proofs(FAMILY, events=tried)
    assert rows.select("rule", "code").unique().rows() == [("HELLO-KEY-REFUSED", "0x801C004D")]
    assert rows["item"][0].startswith("event 301, 2 times from ")
    assert proofs(FAMILY, events=[*tried, ("udr:300", {}, 12, None)]).is_empty()


def test_a_wizard_of_windows_hello_that_was_put_off_is_no_failure(proofs):
    assert proofs(FAMILY, events=[hello("hello:6045", 5, "0x801C044F")]).is_empty()


def health(event, minute, result="-2147012721"):
    url = "https://has.example.com/HealthAttestation/GetHealthCertificate/v1"
    return (event, {"HealthAttestationServer": url, "HResult": int(result)}, minute, None)


@pytest.mark.parametrize(
    ("events", "severities"),
    [
        ([health("tpm:1538", 5)], ["info"]),
        ([health("tpm:1538", minute) for minute in (5, 60, 500)], [None] * 3),
        ([health("tpm:1539", minute) for minute in (5, 60, 500)], [None] * 3),
        ([*(health("tpm:1538", minute) for minute in (5, 60, 500)), ("tpm:1537", {}, 600, None)], []),
    ],
)
def test_a_health_certificate_that_never_comes_names_its_host_and_result(proofs, events, severities):
    rows = proofs(FAMILY, events=events)
    assert rows["severity"].to_list() == severities
    assert set(rows["rule"]) <= {"HEALTH-CERTIFICATE-MISSING"}
    assert all(item.startswith("has.example.com") for item in rows["item"])
    assert set(rows["code"]) <= {"0x80072F8F"}


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("Error: BitLocker Drive Encryption detected bootable media (CD or DVD).", "BITLOCKER-BOOT-MEDIA"),
        ("Error: BitLocker cannot use Secure Boot for integrity.", "BITLOCKER-NOT-BEGUN"),
        ("Failed to enable Silent Encryption. TPM is not available.", "BITLOCKER-NO-TPM"),
        ("Fehler: Es ist ein startbarer Datenträger (CD oder DVD) eingelegt.", "BITLOCKER-BOOT-MEDIA"),
        ("Erreur : un support de démarrage (CD ou DVD) a été détecté.", "BITLOCKER-BOOT-MEDIA"),
        ("Fout: er is een opstartmedium (cd of dvd) gevonden.", "BITLOCKER-BOOT-MEDIA"),
        ("Fehler: Es ist kein TPM verfügbar.", "BITLOCKER-NO-TPM"),
        ("Fehler: Der sichere Start kann nicht benutzt werden.", "BITLOCKER-NOT-BEGUN"),
    ],
)
def test_where_no_code_is_quoted_the_words_of_the_error_choose(proofs, words, rule):
    events = [("bitlocker:853", {"RenderedMessage": words}, 5, None)]
    assert proofs(FAMILY, events=events)["rule"].to_list() == [rule]


@pytest.mark.parametrize(
    ("words", "line", "value", "rule"),
    [
        ("TPM is not available.", "-Ready For Storage", "True", "BITLOCKER-NOT-BEGUN"),
        ("TPM is not available.", "-TPM Ready", "True", "BITLOCKER-NOT-BEGUN"),
        ("TPM is not available.", "-TPM Present", "True", "BITLOCKER-NO-TPM"),
        ("TPM is not available.", "-TPM Ready", "False", "BITLOCKER-NO-TPM"),
        (None, "-TPM Ready", "True", "BITLOCKER-TPM-OR-MEDIA"),
    ],
)
def test_a_tpm_that_is_ready_by_its_own_tool_is_not_said_to_be_missing(proofs, words, line, value, rule):
    events = [("bitlocker:853", {"RenderedMessage": words} if words else {}, 5, None)]
    assert proofs(FAMILY, events=events, properties=[(line, value)])["rule"].to_list() == [rule]


RECOVERY = "BitLocker Drive Encryption recovery information for volume C:"
UNSAVED = f"Event ID: 846\nFailed to backup {RECOVERY} to your Azure AD.\n"
CERTIFICATE = "Error: Unknown HResult Error code: 0x80072f9a\n\n"
SAVED = f"{RECOVERY} was backed up successfully to your Azure AD.\n"
NO_TOKEN = "10032  LAPS was unable to authenticate to Azure using the device identity.\n"
ENDED = "LAPS policy processing failed with the error code below.\nError code: 0x80070005\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (UNSAVED + CERTIFICATE, [("BITLOCKER-KEY-CERTIFICATE", "warning")]),
        (UNSAVED + CERTIFICATE + SAVED, []),
        (SAVED, []),
        (NO_TOKEN, [("LAPS-DEVICE-REFUSED", "warning")]),
        (f"{NO_TOKEN}\n{ENDED}", [("LAPS-DEVICE-REFUSED", "warning")]),
        (ENDED, [("LAPS-FAILED", "warning")]),
        (
            "CloudLAPS: Failed to rotate password for 'x' local user account. status = 3221226252",
            [("CLOUDLAPS-NOT-ROTATED", "warning")],
        ),
    ],
)
def test_what_somebody_quotes_without_its_time_counts_unless_it_was_done(tmp_path, text, found):
    (tmp_path / "note.txt").write_text(text, encoding="utf-8")
    tables = read_tables(open_export(tmp_path / "note.txt"))
    findings = find(tables, build_trace(tables)).findings
    assert findings.select("rule", "severity").rows() == found


def page(code):
    line = f"Something went wrong. Error code: 0x{code}"
    return ("code of a join", line, HELLO_NOTE, "Quoted error")


HELLO_NOTE = "export.evtx"
"""The member that holds the events of a test: the page stands around them."""
BARE = ("udr:301", {"RenderedMessage": "key registration failed, target: ProvisionKey"}, 5, None)
SAID = {"RenderedMessage": "Windows Hello key registration failed."}


def test_the_reason_has_the_code_of_the_record_that_only_says_that_it_failed(proofs):
    rows = proofs(FAMILY, events=[BARE, ("hello:7045", SAID, 5.1, "0x801C03F2")])
    assert rows.select("rule", "code", "item").rows() == [("HELLO-KEY-REFUSED", "0x801C03F2", "event 301")]
    late = proofs(FAMILY, events=[BARE, ("hello:7045", SAID, 30, "0x801C03F2")])
    assert set(late["code"]) == {None, "0x801C03F2"}
    alone = proofs(FAMILY, events=[("hello:7045", SAID, 5, "0x80090016")])
    assert alone.select("rule", "code").rows() == [("HELLO-KEY-REFUSED", "0x80090016")]


@pytest.mark.parametrize("code", ["801C03ED", "801C03F2", "801C03EA", "801C044D"])
def test_a_page_around_a_record_of_windows_hello_is_of_windows_hello(proofs, code):
    rows = proofs(FAMILY, events=[BARE], properties=[page(code)])
    assert set(rows.select("rule", "code").rows()) == {("HELLO-KEY-REFUSED", f"0x{code}")}
    assert rows.height == 2


@pytest.mark.parametrize(
    ("events", "pages"),
    [
        ([BARE, ("udr:304", {}, 3, "0x801C03F2")], [page("801C03F2")]),
        ([BARE], [page("801C0003")]),
        ([BARE], [page("801C03F2"), page("801C03ED")]),
        ([BARE], [("code of a join", page("801C03F2")[1], "mail.txt", "Quoted error")]),
    ],
    ids=["the join has it", "of the join alone", "two codes", "another text"],
)
def test_any_other_page_lends_no_code(proofs, events, pages):
    assert proofs(FAMILY, events=events, properties=pages)["code"].to_list() == [None]
