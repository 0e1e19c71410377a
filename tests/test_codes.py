"""Codes: every spelling leads to one code, every code to what is known of it."""

from __future__ import annotations

import re
import subprocess
import sys

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from autopilot_analysis.codes import (
    code_of,
    explain,
    explain_codes,
    explain_exit,
    find_codes,
)
from autopilot_analysis.facts import read_facts

SPELLINGS = {
    "0x80180014": "0x80180014",
    "80180014": "0x80180014",
    "0X80180014": "0x80180014",
    "0x8018002b": "0x8018002B",
    "-2145910764": "0x80180014",
    "\u22122145910764": "0x80180014",
    "2149056532": "0x80180014",
    "-2145910764.0": "0x80180014",
    "0x0x81039001": "0x81039001",
    "0x80180002b": "0x8018002B",
    "failed with (0x80070774)": "0x80070774",
    "hr=0x80070002L.": "0x80070002",
    "0xFFFFFFFF80070005": "0x80070005",
    " -2016345060 ": "0x87D1041C",
    "0x0": "0x00000000",
    "0x5": "0x00000005",
    "0x00240005": "0x00240005",
    "error_80070005.": "0x80070005",
    "-1073741819": "0xC0000005",
}
NO_CODE = [
    "",
    "0",
    "1603",
    "3010",
    "no code here",
    "20240815",
    "1722945600",
    "{80070005-1111-2222-3333-444455556666}",
    "thread 0x00001a2c at 0x7ffb1234",
    "0x80180014ab12",
    "12345678901234",
]


@pytest.mark.parametrize(("spelt", "code"), SPELLINGS.items())
def test_any_spelling_gives_the_canonical_code(spelt, code):
    assert code_of(spelt) == code


@pytest.mark.parametrize("text", NO_CODE)
def test_text_without_a_code_gives_none(text):
    assert code_of(text) is None
    assert find_codes(text) == []


def test_integers_are_read_signed_and_unsigned():
    assert code_of(-2145910764) == code_of(2149056532) == "0x80180014"
    assert code_of(None) is None
    assert code_of(1603) is None


def test_a_column_is_normalised_like_its_cells():
    cells = [*SPELLINGS, *NO_CODE, None]
    column = pl.Series("raw", cells)
    expected = pl.Series("raw", [code_of(cell) for cell in cells])
    assert code_of(column).to_list() == expected.to_list()
    assert pl.DataFrame({"raw": cells}).select(code_of(pl.col("raw"))).columns == ["raw"]


@settings(deadline=None)
@given(
    st.lists(
        st.text(alphabet="0x8C7D1FcaA -(){}.\u2212lL\u212a\u017f,3249_\u0660\u0664", max_size=30), max_size=20
    )
)
@pytest.mark.parametrize("origin", ["text", "result", "failure", "exit"])
def test_column_and_cell_agree_on_any_text(origin, texts):
    column = pl.Series("raw", texts, dtype=pl.String)
    assert code_of(column, origin).to_list() == [code_of(text, origin) for text in texts]


@settings(deadline=None)
@given(st.one_of(st.integers(0x80000000, 0x8FFFFFFF), st.integers(0xC0000000, 0xCFFFFFFF)))
def test_every_failure_code_survives_every_spelling(value):
    code = f"0x{value:08X}"
    spellings = [
        code,
        code.lower(),
        code[2:],
        str(value),
        str(value - (1 << 32)),
        f"error {value} here",
        f"({code})",
    ]
    assert {code_of(spelt) for spelt in spellings} == {code}
    assert set(code_of(pl.Series(spellings)).to_list()) == {code}


def test_integer_columns_are_read_too():
    column = pl.Series("raw", [-2145910764, 2149056532, 0, None])
    assert code_of(column).to_list() == ["0x80180014", "0x80180014", None, None]


def test_all_codes_of_a_text_are_found_once_in_order():
    text = "0x80070002 0x80070003,80070005 then -2145910764 (0x80070002)"
    assert find_codes(text) == ["0x80070002", "0x80070003", "0x80070005", "0x80180014"]


@pytest.mark.parametrize(
    "spelt",
    [
        "0xFFFFFFFF87D1041C",
        "0x0000000087D1041C",
        "0X87D1041C",
        "0x87d1041c",
        "2278622236",
        "-2016345060",
        "-2016345060.0",
        " 0x87D1041C ",
        "87D1041C",
    ],
)
@pytest.mark.parametrize("origin", ["text", "result", "failure", "exit"])
def test_one_code_has_one_spelling_wherever_it_stands(spelt, origin):
    assert code_of(spelt, origin) == "0x87D1041C"
    assert code_of(pl.Series([spelt]), origin).to_list() == ["0x87D1041C"]


@pytest.mark.parametrize(
    ("spelt", "origin", "code"),
    [
        ("1603", "result", "0x00000643"),
        ("0", "result", "0x00000000"),
        ("0", "failure", None),
        ("0x0", "failure", None),
        ("1", "exit", "0x80070001"),
        ("65535", "exit", "0x8007FFFF"),
        ("65536", "exit", "0x00010000"),
        ("60001", "exit", "0x8007EA61"),
        ("4294967296", "result", None),
        ("-2147483649", "result", None),
        ("1_0", "result", None),
        ("failed with 0x80070005", "result", None),
        ("", "result", None),
        (None, "result", None),
    ],
)
def test_a_field_that_holds_a_result_holds_small_numbers_too(spelt, origin, code):
    assert code_of(spelt, origin) == code
    assert code_of(pl.Series([spelt], dtype=pl.String), origin).to_list() == [code]


def test_exit_codes_become_codes_only_when_asked():
    assert code_of(1603, "exit") == "0x80070643"
    assert code_of(0, "exit") == "0x00000000"
    assert code_of(3010, "exit") == "0x80070BC2"
    assert code_of(-2147009293, "exit") == "0x80073CF3"
    assert code_of(-1073741819, "exit") == code_of(3221225477, "exit") == "0xC0000005"


def test_an_ambiguous_code_shows_every_cause_and_decides_none_without_context():
    code = explain("0x80180014")
    assert code.symbol == "MENROLL_E_DEVICENOTSUPPORTED"
    assert code.meaning == "The service does not accept this device for MDM enrolment"
    assert [cause.when for cause in code.causes] == [
        "device was deployed this way before",
        "platform restriction",
        "device counts as personal",
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
        ("0x80180001", "Device based token is not supported for this type", "device credential"),
        ("0x80180001", "Inscription MDM : appareil (0x1), échec (0x80180001)", "device credential"),
        ("0x80180001", '{"HexInt1":"0x1","HRESULT":"0x80180001"}', "device credential"),
        ("0x80180001", "Auto MDM Enroll: Device Credential (0x0), Failed (0x80180001)", None),
        ("0x80180001", '{"HexInt1":"0x10","HRESULT":"0x80180001"}', None),
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
         "multi-factor sign-in missing"),
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
        ("0x800705B4", "Ready For Attestation: True\nTPM maker: IFX\nTPM firmware: 15.22.1",
         "Infineon TPM with firmware 15.22"),
        ("0x800705B4", "TPM maker: IFX\nTPM firmware: 15.23", None),
        ("0x800705B4", "TPM maker: STM\nTPM firmware: 15.22", None),
        ("0x80070490", "TPM maker: AMD\nTPM firmware: 3.51", "AMD firmware TPM"),
        ("0x80070490", "TPM maker: INTC", "any other context"),
        ("0x81039001", "TPM maker: STM\nTPM firmware: 1.769", "STMicroelectronics or Nuvoton TPM"),
        ("0x81039001", "TPM maker: NTC", "STMicroelectronics or Nuvoton TPM"),
        ("0x81039001", "TPM maker: IFX", None),
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
    assert only.height == 7
    for code, meaning, stage in only.select("code", "meaning", "stage").iter_rows():
        assert explain(code, scenario=scenario, stage=stage).meaning != meaning, code


def test_a_stage_alone_does_not_speak_for_a_cause_of_a_scenario():
    whole = explain("0x800705B4", stage="device_preparation", scenario="self_deploying")
    assert "physical TPM" in whole.meaning
    assert explain("0x800705B4", stage="device_preparation").meaning == "A step took longer than it may"
    assert explain("0x801C03F2", stage="entra_join").meaning == explain("0x801C03F2").meaning


@pytest.mark.parametrize(
    ("code", "meaning", "answered"),
    [
        ("0x801900C8", "HTTP 200: ok: a server answered, and not with an answer that", True),
        ("0x801900CC", "HTTP 204: no content: a server answered, and not with", True),
        ("0x8019012E", "HTTP 302: found: the server sent the request elsewhere, and not with", True),
        ("0x80190066", "HTTP 102: processing", False),
        ("0x80190191", "HTTP 401: unauthorized", False),
    ],
)  # fmt: skip
def test_a_status_that_is_no_error_says_that_its_answer_was_of_no_use(code, meaning, answered):
    known = explain(code)
    assert known.meaning.startswith(meaning) or not answered
    assert ("understood" in known.meaning, "proxy" in (known.remedy or "")) == (answered, answered)


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


@pytest.mark.parametrize(
    ("code", "family", "symbol", "meaning", "certainty"),
    [
        (
            "0x87D10194",
            "MDM (SyncML status)",
            None,
            "SyncML 404: the target was not found on the device",
            "documented",
        ),
        (
            "0x87D1041C",
            "Intune apps",
            None,
            "The installer succeeded but the app was not detected afterwards",
            "documented",
        ),
        ("0x801901A6", "HTTP", None, "HTTP 422", "computed"),
        (
            "0x80192EFD",
            "Network (WinHTTP and WinINet)",
            "WININET_E_CANNOT_CONNECT",
            "No connection",
            "computed",
        ),
        (
            "0xCAA82EE7",
            "Entra token request (network)",
            "WININET_E_NAME_NOT_RESOLVED",
            "The server's name",
            "computed",
        ),
        ("0xCAA30191", "Entra token request (HTTP)", None, "HTTP 401", "computed"),
        ("0x80070005", "Win32", "ERROR_ACCESS_DENIED", "Access denied", "header"),
        ("0xC0000022", "Windows kernel (NTSTATUS)", "STATUS_ACCESS_DENIED", "Access denied", "header"),
        (
            "0x80040154",
            "COM interface",
            "REGDB_E_CLASSNOTREG",
            "Windows calls it REGDB_E_CLASSNOTREG",
            "header",
        ),
    ],
)
def test_families_are_decoded_by_their_rule(code, family, symbol, meaning, certainty):
    found = explain(code)
    assert (found.family, found.symbol, found.certainty) == (family, symbol, certainty)
    assert found.meaning.startswith(meaning)
    assert found.page


def test_an_unknown_code_says_so_and_names_its_facility():
    code = explain("0x8ABC1234")
    assert (code.symbol, code.certainty, code.facility, code.page) == (None, "unknown", 0x2BC, None)
    assert code.meaning.startswith("Unknown")
    assert code.causes == ()


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


def test_windows_names_are_not_loaded_at_import():
    script = "import sys, autopilot_analysis.codes; sys.exit('ntstatus' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


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


def test_a_remedy_names_a_stage_as_everything_else_does():
    assert explain("0x80073D19").remedy == "Let the user stay signed in while account setup runs"
    assert (explain("0x8007EA68").remedy or "").startswith("In device setup nobody is signed in")
