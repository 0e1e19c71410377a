"""A code means what its place and the device beside it say."""

import re

import polars as pl
import pytest

from autopilot_analysis.codes import code_of
from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings import find
from autopilot_analysis.findings.rule import PROOF


def proofs(*given, **every):
    """A rule that finds these proofs, whatever it is asked."""
    plain = {"device": "D", "member": "a.evtx", "quote": "", "severity": "warning"} | every
    rows = [{**dict.fromkeys(PROOF), **plain, "record": n, **row} for n, row in enumerate(given, 1)]
    frame = pl.DataFrame(rows, schema=PROOF)
    return lambda tables, trace: frame


@pytest.mark.parametrize(
    ("code", "exit_code", "words"),
    [
        ("0x00000643", None, "Exit code 1603 (0x00000643): The installer ended with a fatal error"),
        ("0x00000005", None, "Exit code 5 (0x00000005): The installer ended with exit code 5"),
        ("0x0000FFFF", None, "Exit code 65535 (0x0000FFFF): The installer ended with exit code 65535"),
        ("0x80070005", 5, "0x80070005: The installer ended with exit code 5"),
        ("0x80070005", -2147024891, "0x80070005: Access"),
        ("0x80073CF1", -2147009295, "0x80073CF1: The package was not found"),
        ("0x80073CF1", 15601, "0x80073CF1: The package was not found"),
        ("0x800F081F", -2146498529, "0x800F081F: The source files of the package or feature"),
        ("0xFFFFFFFF", -1, "0xFFFFFFFF: The installer ended with exit code -1"),
        ("0x8007EA6C", 60012, "0x8007EA6C: In PSAppDeployToolkit a prompt"),
        ("0x80070005", None, "0x80070005: Access"),
        ("0x80070005", 3221225477, "0x80070005: The program crashed"),
        ("0x80070142", 322, "0x80070142: The installer ended with exit code 322"),
        ("0x80070490", 2147943568, "0x80070490: An element was not found"),
    ],
)
def test_a_small_number_where_an_app_keeps_a_result_is_its_installers_exit_code(
    world, code, exit_code, words
):
    installs = [{"code": code, "exit_code": exit_code}]
    given = proofs({"code": code, "attempt": 1}, stage="device_setup")
    found = find(*world(installs=installs), rules={"ESP-APP-FAILED": given}).findings
    assert words in found["meaning"][0]


@pytest.mark.parametrize(
    ("exit_code", "code", "words", "half"),
    [
        (3221225794, "0xC0000142", "a DLL that it loads did not come up", "0x80070142"),
        (3221225477, "0xC0000005", "The program crashed", "0x80070005"),
        (3221225781, "0xC0000135", "a DLL that it needs is missing", "0x80070135"),
        (3762504530, "0xE0434352", "A program of .NET ended by an exception", "0x80074352"),
    ],
)
def test_the_status_of_windows_that_an_installer_ended_with_is_told_with_the_half_that_the_portal_shows(
    world, exit_code, code, words, half
):
    given = proofs({"code": code, "attempt": 1}, stage="device_setup")
    installs = [{"code": code, "exit_code": exit_code}]
    found = find(*world(installs=installs), rules={"ESP-APP-FAILED": given}).findings
    assert words in found["meaning"][0]
    assert f"show half of it, {half})" in found["meaning"][0]


def test_half_of_an_exit_code_that_another_app_shows_by_itself_keeps_its_own_meaning(world):
    given = proofs({"code": "0x80070005", "attempt": 1}, stage="device_setup")
    installs = [{"code": "0xC0000005", "exit_code": 3221225477}, {"code": "0x80070005", "item": "other"}]
    found = find(*world(installs=installs), rules={"ESP-APP-FAILED": given}).findings
    assert "0x80070005: Access" in found["meaning"][0]


def test_a_small_number_that_no_app_kept_is_no_exit_code(world):
    given = proofs({"code": "0x00000643", "attempt": 1}, stage="device_setup")
    found = find(*world(installs=[{"code": "0x80070643"}]), rules={"ESP-APP-FAILED": given}).findings
    assert "fatal" not in found["meaning"][0]


@pytest.mark.parametrize(
    ("place", "ready", "enrolled", "words"),
    [
        (("self_deploying", "device_preparation"), "True", False, "calls itself ready"),
        (("pre_provisioning_technician", "device_preparation"), "True", False, "calls itself ready"),
        (("self_deploying", "device_preparation"), "False", False, "physical TPM"),
        (("self_deploying", "device_preparation"), None, False, "physical TPM"),
        (("self_deploying", "device_preparation"), "True", True, "A step took longer"),
        (("user_driven", "device_preparation"), "True", False, "A step took longer"),
        ((None, "device_preparation"), "True", False, "A step took longer"),
        (("self_deploying", "device_setup"), "True", False, "A step took longer"),
    ],
)
def test_a_time_out_speaks_of_the_tpm_only_where_the_device_has_to_prove_itself(
    world, place, ready, enrolled, words
):
    scenario, stage = place
    attempts = [("failed", stage, scenario, 0, 60, "0x800705B4")]
    runs = [(1, "mdm_enrollment", "succeeded", 5, 8, None, None)] if enrolled else []
    chip = [("-Ready For Attestation", ready)] if ready else []
    given = proofs({"code": "0x800705B4", "attempt": 1}, stage=stage)
    found = find(
        *world(attempts=attempts, runs=runs, properties=chip), rules={"STAGE-FAILED": given}
    ).findings
    assert words in found["meaning"][0]
    assert ("physical TPM" in found["meaning"][0]) is (words == "physical TPM")


@pytest.mark.parametrize(
    ("ready", "section", "maker", "words"),
    [
        ("True", "Attestation", None, "calls itself ready"),
        ("False", "Attestation", None, "nothing that was read decides"),
        ("True", "Storage", None, "nothing that was read decides"),
        ("True", "Attestation", "STM", "STMicroelectronics and Nuvoton"),
    ],
)
def test_tries_that_ran_out_are_read_with_what_the_report_on_the_tpm_says(
    world, ready, section, maker, words
):
    code = "0x81039001"
    attempts = [("failed", "device_preparation", "self_deploying", 0, 60, code)]
    chip = [("Ready", ready, "TpmHliInfo_Output.txt", section)]
    given = proofs({"code": code, "attempt": 1}, stage="device_preparation")
    shown = world(attempts=attempts, properties=chip, device={"tpm_vendor": maker})
    (meaning,) = find(*shown, rules={"STAGE-FAILED": given}).findings["meaning"]
    assert words in meaning


@pytest.mark.parametrize(
    ("enrolled", "mark", "asked"),
    [
        (True, "policies_counted", False),
        (True, "tpm_identity_failed", True),
        (True, "tpm_attestation_gave_up", True),
        (False, "policies_counted", True),
        (None, "policies_counted", True),
    ],
)
def test_an_enrolment_that_stands_speaks_for_the_tpm_unless_a_proof_failed(world, enrolled, mark, asked):
    attempts = [("failed", "device_preparation", "self_deploying", 0, 60, "0x800705B4")]
    marks = [(mark, "device_preparation", 20, None, "")]
    given = proofs({"code": "0x800705B4", "attempt": 1}, stage="device_preparation")
    shown = world(attempts=attempts, marks=marks, device={"enrolled": enrolled})
    (meaning,) = find(*shown, rules={"STAGE-FAILED": given}).findings["meaning"]
    assert ("physical TPM" in meaning) is asked


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        ("text (action InstallMsix in InstallExecute, return value 3)", "an app package (MSIX)"),
        ("Fehler 1925. Sie haben nicht", "has not the rights"),
        ("outcome failed, exit code 1603", "ended with a fatal error"),
    ],
)
@pytest.mark.parametrize("exit_code", [1603, None])
def test_the_installer_s_own_words_choose_among_the_causes_of_its_exit_code(world, quote, words, exit_code):
    tried = {"outcome": "failed", "exit_code": exit_code, "code": "0x80070643"}
    told = proofs({"rule": "ESP-APP-FAILED", "code": "0x80070643", "quote": quote, "stage": "device_setup"})
    found = find(*world(installs=[tried]), rules={"X": told}).findings
    assert words in found["meaning"][0]


@pytest.mark.parametrize(
    ("code", "quote", "words"),
    [
        (
            "0x801C03EC",
            "ServerErrorMessage: AADSTS50057: text",
            "0x801C03EC: AADSTS50057: The account is disabled",
        ),
        ("0x801C03EC", "ServerErrorMessage: AADSTS99999: text", "an exception it did not handle"),
        ("0x80180001", "ServerErrorMessage: AADSTS50057: text", "0x80180001: "),
    ],
)
def test_the_number_in_entra_s_answer_says_more_than_the_code_around_it(world, code, quote, words):
    told = proofs({"rule": "HELLO-KEY-REFUSED", "code": code, "quote": quote})
    meaning = find(*world(), rules={"X": told}).findings["meaning"][0]
    assert words in meaning
    assert ("AADSTS" in meaning) == ("AADSTS" in words)


@pytest.mark.parametrize(
    ("exit_code", "quote", "words"),
    [
        (-1978335216, "", "0x8A150010 (winget): No installer in the package's manifest fits"),
        (2316632080, "", "0x8A150010 (winget): No installer"),
        (1, "install.log: No applicable installer found; see logs", "(0x8A150010, winget): No installer"),
        (1, "install.log: Installer hash does not match", "(0x8A150011, winget): The installer's hash"),
        (1, "install.log: No package found matching input criteria.", "(0x8A150014, winget): No package of"),
        (1, "install.log: No available upgrade found.", "(0x8A15002B, winget): No applicable update"),
        (1, "install.log: the installer was not found", "exit code 1, a number of its own"),
        (1603, "install.log: No applicable installer found", "ended with a fatal error"),
    ],
)
def test_what_winget_says_is_called_winget_s(world, exit_code, quote, words):
    code = code_of(exit_code, "exit")
    told = proofs({"rule": "ESP-APP-FAILED", "code": code, "quote": quote, "stage": "device_setup"})
    found = find(*world(installs=[{"exit_code": exit_code}]), rules={"X": told}).findings
    assert words in found["meaning"][0]


def test_every_word_of_a_program_is_met_by_its_example():
    for row in read_facts("program_words").iter_rows(named=True):
        assert re.search(row["pattern"], row["example"])


UPN = "The domain of the user's sign-in name (UPN suffix)"
SCOPE = "The user is outside the MDM user scope"
SEVERAL = "Several causes are known, and nothing that was read decides: (1) "
MDM_AT = "https://enrollment.manage.microsoft.com/enrollmentserver/discovery.svc"


def refusal(world, code, scenario=None, mdm_url=None, more=(), **beside):
    """The finding on an enrolment that ended with a code, beside what dsregcmd and the registry say."""
    attempt = ("failed", "mdm_enrollment", scenario, 0, 60, code)
    said = [] if mdm_url is None else [("MdmUrl", mdm_url, "dsregcmd.txt", "Tenant Details")]
    said += [(*each, "dsregcmd.txt", "Diagnostic Data") for each in more]
    found = find(
        *world(
            attempts=[attempt],
            runs=[(1, "mdm_enrollment", "failed", 10, 60, code, "enrollment_failed")],
            marks=[("enrollment_failed", "mdm_enrollment", 60, code, beside.pop("detail", "{}"))],
            properties=said,
            **beside,
        )
    )
    return found.findings.filter(pl.col("rule").str.starts_with("MDM-")).row(0, named=True)


def test_a_code_with_several_causes_names_them_all_the_sign_in_name_first(world):
    row = refusal(world, "0x8018002B")
    assert f"{SEVERAL}{UPN}" in row["meaning"]
    assert f"; (2) {SCOPE}; (3) The Entra configuration" in row["meaning"]
    assert row["remedy"].startswith("Check that the domain of the user's sign-in name (UPN suffix)")
    assert "MDM user scope is Some or All" in row["remedy"]


@pytest.mark.parametrize(("mdm_url", "ruled_out"), [(MDM_AT, True), ("", False), ("-", False)])
def test_the_address_of_the_mdm_service_rules_out_that_the_user_is_outside_its_scope(
    world, mdm_url, ruled_out
):
    row = refusal(world, "0x8018002B", mdm_url=mdm_url)
    assert (SCOPE not in row["meaning"]) == ruled_out
    assert ("scope" not in row["remedy"]) == ruled_out
    assert f"(1) {UPN}" in row["meaning"]


ACCOUNT, TOKEN = "Executing Account Name", "AzureAdPrt"


@pytest.mark.parametrize(
    ("more", "decided"),
    [
        ([(ACCOUNT, "CONTOSO\\a.user, a.user@contoso.local"), (TOKEN, "NO")], "a.user@contoso.local"),
        ([("UserEmail", "a.user@ad.contoso.lan")], "a.user@ad.contoso.lan"),
        ([(ACCOUNT, "CONTOSO\\a.user, a.user@contoso.corp")], "a.user@contoso.corp"),
        ([(ACCOUNT, "CONTOSO\\a.user, a.user@contoso.local"), (TOKEN, "YES")], None),
        ([(ACCOUNT, "CONTOSO\\admin, admin@contoso.local"), ("UserEmail", "a.user@example.com")], None),
        ([(ACCOUNT, "CONTOSO\\a.user, a.user@contoso.onmicrosoft.com")], None),
        ([(ACCOUNT, "CONTOSO\\a.user, a.user@local.example.com")], None),
        ([(ACCOUNT, "CONTOSO\\a.user")], None),
    ],
)
def test_a_sign_in_name_that_no_tenant_can_verify_decides_why_no_service_was_found(world, more, decided):
    row = refusal(world, "0x8018002B", mdm_url=MDM_AT, more=more)
    assert (SEVERAL in row["meaning"]) == (decided is None)
    if decided:
        assert f"The sign-in name (UPN) {decided} ends in a suffix" in row["meaning"]
        assert row["remedy"].startswith("Give the user a sign-in name whose domain (UPN suffix) is verified")
    other = refusal(world, "0x80180014", more=more)
    assert "ends in a suffix" not in other["meaning"]


@pytest.mark.parametrize(
    ("tested", "gone"),
    [(": FAILED. Error: 0x80090016", True), ("PASSED", False), (": MUST Run elevated to test.", False)],
)
@pytest.mark.parametrize("code", ["0x80090016", "0x80090011", "0x8009000F"])
def test_a_trial_signature_that_failed_says_that_the_chip_has_lost_the_key_of_the_device(
    world, code, tested, gone
):
    row = refusal(world, code, more=[("KeySignTest", tested)])
    assert ("not in its TPM: the trial signature failed" in row["meaning"]) == gone
    assert row["remedy"].startswith("The TPM no longer holds the key of this device") == gone
    well = refusal(world, code, more=[("KeySignTest", tested), (TOKEN, "YES")])
    assert "trial signature" not in well["meaning"]


CREDENTIAL = "UseAADCredentialType"
AUTO_ENROLMENT = r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\Windows\CurrentVersion\MDM"


@pytest.mark.parametrize(
    ("registry", "settled"),
    [
        ([(AUTO_ENROLMENT, CREDENTIAL, "1")], True),
        ([(AUTO_ENROLMENT, CREDENTIAL, "0x00000001")], True),
        ([(AUTO_ENROLMENT, CREDENTIAL, "2")], False),
        ([(AUTO_ENROLMENT, CREDENTIAL, "1"), (AUTO_ENROLMENT, CREDENTIAL, "2")], False),
        ([(AUTO_ENROLMENT.replace("MDM", "OOBE"), CREDENTIAL, "1")], False),
        ([], False),
    ],
)
@pytest.mark.parametrize("code", ["0x8018002B", "0x80180001"])
def test_no_setting_is_advised_that_the_registry_shows_as_set(world, registry, settled, code):
    remedy = refusal(world, code, detail='{"HexInt1": "0x1"}', registry=registry)["remedy"]
    assert ("is set to User Credential already" in remedy) is settled
    assert ("Set the group policy for automatic MDM enrolment" in remedy) is not settled


def test_a_scenario_that_is_known_decides_among_causes_and_one_that_is_not_leaves_those_of_its_stage(world):
    open_ones = refusal(world, "0x80180014")["meaning"]
    assert f"{SEVERAL}The device may enrol this way only once" in open_ones
    assert "(2) An enrolment restriction blocks Windows" in open_ones
    assert "work account" not in open_ones
    assert SEVERAL not in refusal(world, "0x80180014", "self_deploying")["meaning"]


def test_a_code_with_one_cause_is_told_without_alternatives(world):
    assert SEVERAL not in refusal(world, "0x80180026")["meaning"]


NOT_FOUND, NO_USER = (
    "AADSTS90002: Tenant '{}' not found.",
    "AADSTS50034: The user account {} does not exist in the ",
)
TENANT_ID = "12345678-1234-4321-8765-1234567890ab"


@pytest.mark.parametrize(
    ("named", "answer", "meaning", "remedy"),
    [
        ("AADSTS90002", NOT_FOUND.format("example.local"), "'example.local' among its", "suffix), verify it"),
        ("AADSTS90002", NOT_FOUND.format(TENANT_ID), f"the id {TENANT_ID} is in", f"{TENANT_ID} is no more"),
        ("AADSTS90002", f"https://login.microsoftonline.us/x {NOT_FOUND.format('example.com')}",
         "the cloud of the US government", "in which cloud the tenant 'example.com' is"),
        ("AADSTS90002", NOT_FOUND.format("example.partner.onmschina.cn"), "or of China", "of that cloud"),
        ("AADSTS90002", "AADSTS90002: no name is here", "tenant was not found", "sign-in name"),
        ("AADSTS50034", f"{NO_USER.format('ola@example.com')}example.com directory.",
         "ola@example.com does not exist in the tenant example.com", "create this user"),
        ("AADSTS50034", f"{NO_USER.format('{EUII Hidden}')}example.com directory.",
         "The user does not exist in the tenant", "Check the spelling"),
        ("AADSTS50020", "User account 'ola@example.com' from identity provider 'live.com' does not exist in "
         "tenant 'Example' and cannot access it", "comes from live.com", "invite ola@example.com there"),
        ("AADSTS700016", "Application with identifier 'abc' was not found in the directory 'Example'.",
         "The application abc is not known in the tenant 'Example'", "service principal of abc"),
        ("AADSTS53003", NOT_FOUND.format("example.local"), "Conditional access blocks", "Conditional Access"),
    ],
    ids=[
        "a domain", "an id", "another cloud", "another cloud by its name", "no name", "a user",
        "a hidden user", "a foreign user", "an app", "another code",
    ],
)  # fmt: skip
def test_what_an_answer_names_stands_in_meaning_and_remedy(world, named, answer, meaning, remedy):
    given = proofs({"item": named, "quote": answer})
    found = find(*world(), rules={"TOKEN-REFUSED": given}).findings
    assert meaning in found["meaning"][0]
    assert remedy in found["remedy"][0]


def test_an_answer_to_a_registration_names_its_object_too(world):
    given = proofs({"code": "0x801C03ED", "quote": NOT_FOUND.format("example.local")}, stage="entra_join")
    found = find(*world(), rules={"ENTRA-JOIN-FAILED": given}).findings
    assert "'example.local'" in found["remedy"][0]
