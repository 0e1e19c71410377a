"""Meanings: every code leads to what is known of it, where it was met."""

from __future__ import annotations

import re

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from autopilot_analysis.codes import explain, explain_codes, explain_exit, of_script
from autopilot_analysis.codes.meaning import HARD_RESTART, SOFT_RESTART, restarts
from autopilot_analysis.facts import read_facts


def test_an_ambiguous_code_shows_every_cause_and_decides_none_without_context():
    code = explain("0x80180014")
    assert code.symbol == "MENROLL_E_DEVICENOTSUPPORTED"
    assert code.meaning == "The service does not accept this device for MDM enrolment"
    assert [cause.when for cause in code.causes] == [
        "device was deployed this way before",
        "platform restriction",
        "device counts as personal",
        "device counts as personal, with a profile from a file",
        "added as a work account",
    ]


@pytest.mark.parametrize(
    ("scenario", "when"),
    [
        ("self-deploying", "device was deployed this way before"),
        ("Pre provisioning", "device was deployed this way before"),
        ("co_management", "platform restriction"),
    ],
)
def test_the_scenario_ranks_the_fitting_cause_first(scenario, when):
    code = explain("0x80180014", scenario=scenario)
    assert code.causes[0].when == when
    assert code.meaning == code.causes[0].cause


@pytest.mark.parametrize(
    ("scenario", "told"),
    [("existing_device", True), ("not_autopilot", False), ("device_preparation", False), (None, False)],
)
@pytest.mark.parametrize("stage", ["mdm_enrollment", None])
def test_a_profile_from_a_file_is_named_only_where_there_is_one(scenario, told, stage):
    words = "Device Identifier not preregistered"
    known = explain("0x80180014", stage=stage, scenario=scenario, answer=words)
    assert known.meaning.startswith("Personal devices are blocked and the device is not known as corporate")
    assert known.meaning.endswith(": a profile from a file registers nothing") is told
    assert known.undecided == ()


@pytest.mark.parametrize("scenario", [None, "self-deploying", "co_management"])
def test_the_words_of_the_server_decide_whatever_the_scenario(scenario):
    words = "s:DeviceNotSupported\nDevice Identifier not preregistered"
    assert (
        explain("0x80180014", scenario=scenario, answer=words).causes[0].when == "device counts as personal"
    )
    other = explain("0x80180014", scenario=scenario, answer="preregistered")
    assert other == explain("0x80180014", scenario=scenario)


@pytest.mark.parametrize(
    ("code", "answer", "when"),
    [
        ("0x80180006", "RequestVersion 5.0 is not in supported versions", "server does not know the version"),
        ("0x80180001", "Device based token is not supported for this type", "device credential"),
        ("0x80180001", "Inscription MDM : appareil (0x1), échec (0x80180001)", "device credential"),
        ("0x80180001", '{"HexInt1":"0x1","HRESULT":"0x80180001"}', "device credential"),
        ("0x80180001", "Auto MDM Enroll: Device Credential (0x0), Failed (0x80180001)", None),
        ("0x80180001", '{"HexInt1":"0x10","HRESULT":"0x80180001"}', None),
        ("0x8018002B", "Auto MDM Enroll: Device Credential (0x1), Failed (0x8018002b)", "device credential"),
        ("0x8018002B", '{"HexInt1":"0x0","HRESULT":"0x8018002B"}', None),
        ("0x80180003", "s:DeviceCapReached", "user limit"),
        ("0x80180003", "Failed to issue token: UserValidation", "user not valid for the service"),
        ("0x80180003", "User is not authorized to enroll", None),
        ("0x80180014", "Enrollment blocked for AP device by SDM One Time Limit Check",
         "device was deployed this way before"),
        ("0x80180014", "Personal devices are not allowed to enroll.", "device counts as personal"),
        ("0x80180014", "personally owned devices are blocked", "device counts as personal"),
        ("0x80180014", "device not allowed to enroll for management using WPJ", "added as a work account"),
        ("0x80180014", "The platform is not allowed", "platform restriction"),
        ("0x80180014", "DeviceNotSupported", None),
        ("0x801C0003", "Administrator policy does not allow user a to device join.", "join not allowed"),
        ("0x801C0003", "User 'x' is not eligible. Reason 'DeviceCapReached'.", "user limit"),
        ("0x801C0003", "error_directory_quota_exceeded", "user limit"),
        ("0x801C0003", "MsaTicketTpmValidationFailed", "server says MsaTicketTpmValidationFailed"),
        ("0x801C0003", "AuthorizationError", None),
        ("0x801C03ED", "Administrator policy does not allow user a to device join", "user may not join"),
        ("0x801C03ED", "Multi-factor authentication is required for a 'ProvisionKey' operation",
         "second factor for a key"),
        ("0x801C03ED", "Multi-factor authentication is required.", "multi-factor sign-in missing"),
        ("0x801C03ED", "Token was not found in the Authorization header", "token or object"),
        ("0x801C03F2", "The device object by the given id (1) is not found.", "hybrid join"),
        ("0x801C03F2", "The public key user certificate is not found on the device object", "hybrid join"),
        ("0x801C03F2", "duplicate value in proxyAddresses", "Windows Hello provisioning"),
        ("0x801C044D", "Authorization token does not contain device ID", "device token"),
        ("0x801C044D", "Unable to obtain user token", "user token"),
        ("0x801C03EA", "TPM Version: 1.2", "TPM reports version 1.2"),
        ("0x801C03EA", "TPM Version: 2.0", None),
        ("0x800705B4", "-Ready For Attestation: True", "the TPM calls itself ready"),
        ("0x800705B4", "-Ready For Attestation: False", None),
        ("0x81039001", "Ready for attestation: True", "the TPM calls itself ready"),
        ("0x800705B4", "Ready For Attestation: True\nTPM maker: IFX\nTPM firmware: 15.22.1",
         "Infineon TPM with firmware 15.22"),
        ("0x800705B4", "TPM maker: IFX\nTPM firmware: 15.23", None),
        ("0x800705B4", "TPM maker: STM\nTPM firmware: 15.22", None),
        ("0x80070490", "TPM maker: AMD\nTPM firmware: 3.51", "AMD firmware TPM"),
        ("0x80070490", "TPM maker: INTC", "any other context"),
        ("0x81039001", "TPM maker: STM\nTPM firmware: 1.769", "STMicroelectronics or Nuvoton TPM"),
        ("0x81039001", "TPM maker: NTC", "STMicroelectronics or Nuvoton TPM"),
        ("0x81039001", "TPM maker: IFX", None),
        ("0x87D1041C", "exit code 0; it hardly ran: 0.5 s for 188 MB", "its own end says more"),
        ("0x87D1041C", "exit code 3010; not found before a restart", "its own end says more"),
        ("0x87D1041C", "outcome not detected, exit code 0", None),
        ("0x80070774", "CloudAssignedTenantUpn: ola@example.com", "a user is pre-assigned"),
        ("0x80070652", "in progress: Teams, run by Office (Click-to-Run)", "Office runs the other one"),
        ("0x80070652", "in progress: client.msi, run by the setup of the Configuration Manager client",
         "Configuration Manager runs the other one"),
        ("0x80070652", "in progress: x, run by the Intune agent's own update", "the agent updates itself"),
        ("0x80070652", "in progress: x, run by the maker's own updater",
         "the maker's updater runs the other one"),
        ("0x80070652", "in progress: agent.msi, a line-of-business MSI", "a line-of-business MSI"),
        ("0x8007EA61", "[Install] :: Another MSI installation is already in progress and needs to end",
         "Windows Installer was busy"),
        ("0x80070652", "in progress: Office Viewer", None),
        ("0x80072F8F", "clock went from 2026-03-01 to 2026-03-02 UTC", "the clock was set afterwards"),
        ("0x80072F8F", "SslPolicyErrors = RemoteCertificateNameMismatch", "the name does not fit"),
        ("0x80072F8F", "*lpvStatusInformation is 0x10", "the name does not fit"),
        ("0x80072F8F", "chain status: NotTimeValid", "outside its dates"),
        ("0x80072F8F", "*lpvStatusInformation is 0x20", "outside its dates"),
        ("0x80072F8F", "*lpvStatusInformation is 0x4", "revoked"),
        ("0x80072F8F", "FLAG_CERT_REVOKED is set", "revoked"),
        ("0x80072F8F", "chain status: PartialChain", "its root is not known"),
        ("0x80072F8F", "*lpvStatusInformation is 0x9", "its root is not known"),
        ("0x80072F8F", "FLAG_CERT_REV_FAILED is set", "no revocation list"),
        ("0x80072F8F", "*lpvStatusInformation is 0x00000001", "no revocation list"),
        ("0x80072F8F", "*lpvStatusInformation is 0x80000000", None),
        ("0x87D30065", "Es steht nicht genug Speicherplatz auf dem Datenträger", "the disk is full"),
        ("0x87D30065", "UnauthorizedAccessException: Access to the path is denied.", "access is denied"),
        ("0x87D30065", "WebException: The remote name could not be resolved", None),
        ("0x87D30067", "PathTooLongException: The specified path is too long.", "paths are too long"),
        ("0x87D30067", "IOException: There is not enough space on the disk.", "the disk is full"),
        ("0x87D30067", "InvalidDataException: End of Central Directory record could not be found.",
         "the archive is cut"),
        ("0x87D30067", "UnauthorizedAccessException: Access to the path is denied.", "access is denied"),
        ("0x87D30067", "IOException: The directory is not empty.", None),
        ("0x87D30068", "AuthenticationException: chain status: UntrustedRoot", "its root is not known"),
        ("0x87D30068", "RemoteCertificateNameMismatch", "the name does not fit"),
        ("0x87D30068", "; the content of 2 other apps came", "the content of other apps came"),
        ("0x801C03EC", "Invalid Policy: 'User Credential Policy … UserCredentialPolicy.X509Certif",
         "a certificate rule of the tenant"),
        ("0x801C03EC", "Invalid Policy: 'UserCredentialPolicy'", "an authentication policy of the tenant"),
        ("0x801C03EC", "internal_server_error", None),
        ("0x801C03F2", "DsrDeviceAutoJoin failed 0x801c03f2.", "hybrid join"),
        ("0x801C03F2", "DsrBeginDeviceJoin failed 0x801c03f2.", None),
        ("0x801C001D", "AD Connectivity Test: PASS", "domain controller reached"),
        ("0x801C001D", "AD Connectivity Test: FAIL [0x8007054b]", None),
        ("0x80070643", "(action InstallMsix in InstallExecute, return value 3)", "an MSIX package inside"),
        ("0x80070643", "text (custom action DeployAppxAsUser)", "an MSIX package inside"),
        ("0x80070643", "Product: MSIX Tool -- it failed (action CopyFiles, return value 3)", None),
        ("0x80070643", "MSI (s) [09:27:31]: Fehler 1925. Sie haben nicht", "rights are missing"),
        ("0x80070643", "Error 1722. There is a problem with this package.", "a program inside failed"),
        ("0x80070643", "エラー 1920。 Service X", None),
        ("0x80070643", "Erreur 1920. Le service X", "a service did not start"),
        ("0x80070643", "Error 1310. Error writing to file", "a file or key was closed to it"),
        ("0x80070643", "Error 1935. An error occurred", None),
        ("0x80070643", "Version 17.1920. build", None),
        ("0x80070643", "it was defined in a different language mode", "a script ran in constrained language"),
        ("0x80070643", "Product Language: 1033", None),
        ("0x80070643", "Tool requires the Microsoft Visual C++ 2015-2022 Redistributable (x64).",
         "what it requires is missing"),
        ("0x80070643", "Tool benötigt .NET Framework 4.8", "what it requires is missing"),
        ("0x80070643", "Microsoft Edge WebView2 must be installed first.", "what it requires is missing"),
        ("0x80070643", "A newer version of this product is already installed.", "a newer version is there"),
        ("0x80070643", "This setup requires administrator rights.", None),
        ("0x80070643", "Tool requires Windows 11.", None),
        (
            "0x800705B4",
            "Securing your hardware (0x800705b4) on a laptop with TPM 2.0",
            "the text says that a TPM 2.0 is there",
        ),
        (
            "0x800705B4",
            "Securing your hardware (0x800705b4) on 1809 Enterprise with TPM 2.0",
            "the text names Windows 10 before 1903",
        ),
        (
            "0x800705B4",
            "Securing your hardware (0x800705b4) in a VM with TPM 2.0",
            "no physical TPM 2.0, or a virtual machine",
        ),
    ],
)  # fmt: skip
def test_words_beside_a_code_choose_among_its_causes(code, answer, when):
    named, bare = explain(code, answer=answer), explain(code)
    assert (named == bare) is (when is None)
    assert when is None or named.causes[0].when == when
    assert when is None or (named.meaning, named.remedy) == (named.causes[0].cause, named.causes[0].remedy)


def test_each_row_of_words_is_met_by_an_answer():
    cases = test_words_beside_a_code_choose_among_its_causes.pytestmark[0].args[1]
    rows = read_facts("answer_words").select("code", "pattern").iter_rows()
    unmet = [row for row in rows if not any(row[0] == c and re.search(row[1], a) for c, a, _ in cases)]
    assert unmet == []


@pytest.mark.parametrize("scenario", [None, "hybrid_join", "self_deploying", "user_driven"])
def test_a_cause_that_only_words_show_is_no_cause_without_them(scenario):
    only = read_facts("codes").filter(pl.col("scenario") == "named")
    assert only.height == 16
    for code, meaning, stage in only.select("code", "meaning", "stage").iter_rows():
        assert explain(code, scenario=scenario, stage=stage).meaning != meaning, code


def test_a_stage_alone_does_not_speak_for_a_cause_of_a_scenario():
    whole = explain("0x800705B4", stage="device_preparation", scenario="self_deploying")
    assert "physical TPM" in whole.meaning
    assert explain("0x800705B4", stage="device_preparation").meaning == "A step took longer than it may"
    assert explain("0x801C03F2", stage="entra_join").meaning == explain("0x801C03F2").meaning


def test_every_answer_names_a_circumstance_of_its_code():
    for code, pattern, when in read_facts("answer_words").select("code", "pattern", "when").iter_rows():
        assert when in {cause.when for cause in explain(code).causes}, pattern


def test_an_exit_code_of_the_office_deployment_tool_is_called_that():
    code = explain_exit(17002)
    assert (code.code, code.symbol) == ("0x8007426A", "ERROR_COMPLETING_SCENARIO")
    assert "Office Deployment Tool" in code.meaning
    assert explain_exit(17099).meaning.endswith("exit code 17099, a number of its own")


def test_the_stage_ranks_the_fitting_cause_first():
    assert explain("0x801C03EA", stage="desktop").causes[0].when == "Windows Hello provisioning"
    assert explain("0x801C03EA", stage="entra_join").causes[0].when == "device is in two groups"


def test_disagreeing_sources_are_marked():
    assert explain("0x87D30068").certainty == "conflicting"
    assert explain("0x87D30001").certainty == "third_party"


def test_sign_in_errors_and_service_words_are_explained():
    assert explain("AADSTS50076: due to a change").meaning == "Multi-factor sign-in is demanded"
    assert explain("AADSTS99999").certainty == "unknown"
    assert explain("ztddevicenotfound").family == "Autopilot registration service"
    assert explain("806").symbol == "ZtdDeviceAlreadyAssigned"
    assert explain("nonsense").certainty == "unknown"


def test_codes_of_a_column_are_explained_row_by_row():
    found = explain_codes(pl.Series("code", ["-2145910764", None, "0x80180014", "0x8ABC1234"]))
    assert_frame_equal(
        found.select("code", "symbol", "stage"),
        pl.DataFrame(
            {
                "code": ["0x80180014", None, "0x80180014", "0x8ABC1234"],
                "symbol": ["MENROLL_E_DEVICENOTSUPPORTED", None, "MENROLL_E_DEVICENOTSUPPORTED", None],
                "stage": ["mdm_enrollment", None, "mdm_enrollment", None],
            }
        ),
    )
    assert found["meaning"][3].startswith("Unknown")
    assert explain_codes(pl.Series("code", [], dtype=pl.String)).height == 0


def test_a_cause_of_a_stage_and_a_scenario_needs_both_to_be_named():
    half = explain("0x80004005", stage="device_setup")
    assert half.meaning == explain("0x80004005").meaning == "A failure without a stated reason"
    whole = explain("0x80004005", stage="device_setup", scenario="hybrid join")
    assert whole.meaning == "Hybrid join times out during the Enrollment Status Page"


def test_a_code_without_its_stage_means_what_it_means_anywhere():
    assert explain("0x8007000D").meaning == "The data are not valid"
    assert explain("0x8007000D", stage="entra_join").meaning.startswith("The reply was not the expected JSON")


@pytest.mark.parametrize(
    ("ended", "means"),
    [
        (-2147009295, "The package was not found"),
        (2147958001, "The package was not found"),
        ("0x80073CF1", "The package was not found"),
        (-2147024891, "Access"),
        (-2145124329, "No update applies"),
        (-2146498529, "The source files of the package or feature were not found"),
        (-2146498220, "The update server (WSUS) did not offer the package that was asked for"),
        (-1073479677, "Sessions were still open"),
        (-2147023293, "The installer ended with a fatal error"),
        (60012, "In PSAppDeployToolkit a prompt ran out of time"),
        ("0x8007EA61", "In PSAppDeployToolkit the deployment script failed"),
        (5, "The installer ended with exit code 5, a number of its own"),
        (-1, "The installer ended with exit code -1, a number of its own"),
        (-65535, "The installer ended with exit code -65535, a number of its own"),
        (69001, "The installer ended with exit code 69001, a number of its own"),
        (59999, "The installer ended with exit code 59999, a number of its own"),
        (60014, "The installer ended with exit code 60014, a number of its own"),
    ],
)
def test_an_exit_code_beyond_small_numbers_is_a_result_code(ended, means):
    assert explain_exit(ended).meaning.startswith(means)


def test_every_exit_code_of_the_deployment_toolkit_has_a_meaning_and_a_remedy():
    states = read_facts("install_states").filter(scale="toolkit_exit")
    numbers = [value for value in states["value"] if value.isdecimal()]
    assert len(numbers) == 13
    known = [explain_exit(value) for value in numbers]
    assert {code.family for code in known} == {"PSAppDeployToolkit"}
    assert all(code.remedy for code in known)


def test_an_exit_code_of_windows_installer_has_no_cause_of_enrolment():
    source_gone = explain_exit(1612)
    assert source_gone.meaning == "The source of the installation is gone or cannot be reached"
    assert source_gone.remedy == "Deliver the package with its source files"
    asked = explain("0x8007064C", stage="mdm_enrollment")
    assert asked.remedy.startswith("Remove the old enrolment certificate")
    remedies = [explain_exit(number).remedy or "" for number in range(1601, 1655)]
    assert not [remedy for remedy in remedies if "old enrolment" in remedy]


def shared():
    """Codes with a meaning of their own beside two causes or more."""
    rows = read_facts("codes").with_columns(pl.col("rank").cast(pl.Int64))
    counts = rows.group_by("code").agg(
        own=(pl.col("rank") == 0).sum(),
        causes=(pl.col("rank") > 0).sum(),
        meaning=pl.col("meaning").filter(pl.col("rank") == 0).first(),
    )
    return counts.filter(pl.col("own") == 1, pl.col("causes") > 1).sort("code")


def test_of_causes_that_fit_equally_well_none_is_chosen():
    codes = shared()
    assert codes.height
    assert [explain(code).meaning for code in codes["code"]] == codes["meaning"].to_list()


@pytest.mark.parametrize(
    ("number", "own"), [(1600, True), (1601, False), (1654, False), (1655, True), (3010, False)]
)
def test_exit_codes_of_windows_installer_mean_something(number, own):
    assert ("a number of its own" in explain_exit(number).meaning) is own


def test_an_exit_code_that_asks_for_a_restart_is_one_that_the_agent_knows(monkeypatch):
    states = read_facts("install_states").filter(scale="exit_code", symbol="SoftReboot")["value"]
    assert restarts() == {int(number) for number in states} == {3010}
    assert restarts(SOFT_RESTART, HARD_RESTART) == {3010, 1641}
    monkeypatch.setattr("autopilot_analysis.codes.meaning.restarts", lambda: frozenset({3011}))
    assert "a number of its own" in explain_exit(3010).meaning
    assert "a number of its own" not in explain_exit(3011).meaning


def test_a_remedy_names_a_stage_as_everything_else_does():
    assert explain("0x80073D19").remedy == "Let the user stay signed in while account setup runs"
    assert (explain("0x8007EA68").remedy or "").startswith("In device setup nobody is signed in")


@pytest.mark.parametrize(
    ("code", "stage", "scenario", "words"),
    [
        ("0x80070490", "device_setup", "self_deploying", "AMD"),
        ("0x80070490", "account_setup", None, "AMD"),
        ("0x800705B4", "account_setup", "self_deploying", "TPM"),
        ("0x800705B4", "device_setup", None, "TPM"),
        ("0x80004005", "device_setup", "user_driven", "Hybrid"),
        ("0x80004005", "mdm_enrollment", "hybrid_join", "Hybrid"),
        ("0x80070032", "device_setup", "user_driven", "pending updates"),
        ("0x80070032", "account_setup", "hybrid_join", "Upgrade"),
        ("0x8000FFFF", "network", "user_driven", "installer"),
    ],
)
def test_a_cause_is_bound_to_its_stage_and_origin(code, stage, scenario, words):
    known = explain(code, stage=stage, scenario=scenario)
    assert words not in f"{known.meaning} {known.remedy}"


@pytest.mark.parametrize("known", [explain_exit(5), explain("0x80070001", stage="device_setup")])
def test_an_exit_code_that_a_script_ended_with_speaks_of_no_installer(known):
    assert "installer" in f"{known.meaning} {known.remedy}".lower()
    script = of_script(known)
    assert script.meaning.startswith("The script ended with exit code ")
    assert "installer" not in f"{script.meaning} {script.remedy}".lower()
    assert script.remedy.startswith("Read what the script itself writes")


def test_what_is_no_exit_code_of_its_own_means_the_same_of_a_script():
    for code in ("0x80070642", "0x87D1041C", "0x80070005"):
        assert of_script(explain(code)) == explain(code)
