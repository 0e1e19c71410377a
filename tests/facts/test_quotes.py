"""Errors that somebody wrote down: known by the words of a page or a window, silent in a guide."""

from __future__ import annotations

import pytest

from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.help_texts import MOST_REPORTED
from autopilot_analysis.facts.quote_groups import (
    DETAIL_GROUPS,
    DETECTION_DETAILS,
    OTHER_ORGANIZATION,
    PLAIN,
    REPORTED_APP,
    REPORTED_DETECTION,
    REPORTED_POLICY,
    REPORTED_RESTART,
    REPORTED_WELL,
    UPDATE,
    WITH_ANOTHER,
)
from autopilot_analysis.facts.quotes import BARE_WITHIN, kinds, quotes_in

WENT_WRONG = "Something went wrong. You can contact your system administrator with the error code"
SIGN_IN = (
    "Confirm you are using the correct sign-in information and that your organization uses this feature."
)
SCRIPT = "At C:\\Scripts\\Get-WindowsAutopilotInfo.ps1:211 char:17"
TOOLKIT = "C:\\Windows\\Logs\\Software\\Example_PSAppDeployToolkit_Install.log"


def found(*lines):
    return [(quote.kind, quote.code or quote.exit, quote.item) for quote in quotes_in(lines)]


def test_each_kind_stands_once_and_is_a_detail_or_has_a_rule_with_words():
    facts = read_facts("quotes")
    assert facts["kind"].is_unique().all()
    assert {kind.group for kind in kinds() if not kind.rule} <= DETAIL_GROUPS | WITH_ANOTHER.keys()
    assert set(facts["rule"].drop_nulls()) <= set(read_facts("rules")["rule"])


@pytest.mark.parametrize(
    ("line", "quote"),
    [
        ('I get "Securing your hardware (Failed: 0x800705b4)"', ("0x800705b4", "Securing your hardware")),
        (
            "Joining your organization's network (Failed: 3, 801c03f3)",
            ("0x801c03f3", "Joining your organization's network"),
        ),
        (
            "Registering your device for mobile management (Failed: 3, 0x80180018)",
            ("0x80180018", "Registering your device for mobile management"),
        ),
        ("Apps(0x81036502)", ("0x81036502", "Apps")),
        ("Certificates (Error: 0x8018000A)", ("0x8018000a", "Certificates")),
        ("It exceeded the time limit set by your organisation.", ("", "")),
        ("0x800705b4 The time limit set by your organization was exceeded.", ("0x800705b4", "")),
        ("„Kuruluşunuzun belirlediği zaman sınırı aşıldı.“ 0x800705b4", ("0x800705b4", "")),
        ("A instalação excedeu o limite de tempo definido pela sua organização.", ("", "")),
        ("Securing your hardware      Error (0x800705b4)", ("0x800705b4", "Securing your hardware")),
        (
            "  Preparing your device for mobile management     Error 0x800705b4",
            ("0x800705b4", "Preparing your device for mobile management"),
        ),
        ("   Certificates      Error (0x8018000A)", ("0x8018000a", "Certificates")),
        ("Apps      Failed: 0x87d1041c", ("0x87d1041c", "Apps")),
        (f"{WENT_WRONG} 801900c8.", ("0x801900c8", "")),
        (f"{WENT_WRONG}: 0x801C03ED", ("0x801c03ed", "")),
        (f"{SIGN_IN} Error code 80070002", ("0x80070002", "")),
        ("Etwas ist schiefgelaufen. Fehlercode: 80180014", ("0x80180014", "")),
        ("OOBE shows: Something went wrong. 801c03ed.", ("0x801c03ed", "")),
        ("Algo salió mal. Código de error: 80180014", ("0x80180014", "")),
        (f"80070774 - {SIGN_IN}", ("0x80070774", "")),
        (
            "0x80070774 - Confirme que usa la información de inicio de sesión correcta y que su organización",
            ("0x80070774", ""),
        ),
    ],
)
def test_a_page_of_setup_is_known_by_its_own_words(line, quote):
    ((_, *told),) = found(line)
    assert tuple(told) == quote


@pytest.mark.parametrize(
    "lines",
    [
        ("Error code 80180014",),
        ("Something went wrong", "MDM Enroll: Failed (Unknown Win32 Error code: 0x80180014)"),
        ("Outlook: something went wrong. Error code: 0x80070005",),
        ("Apps (3 of 5 installed)",),
        ("Securing your hardware (Complete)",),
        ("Apps (failed)",),
        (f"{WENT_WRONG} 80180014", f"{WENT_WRONG} 80180018"),
        (f"https://example.com/80070774 - {SIGN_IN}",),
        (f"$code = 0x80070774; # {SIGN_IN}", f"https://example.com/?error=0x80070774 {SIGN_IN}"),
        (f"{WENT_WRONG} 80180014", "## Cause", "It was enrolled.", "## Resolution", "Unblock it."),
        ("Server message: no", "Timestamp: 2026-03-17T06:37:03Z", "device setup"),
        ("Unable to retrieve device data",),
        ("+ FullyQualifiedErrorId : MI RESULT 1,Example.GetCimInstanceCommand",),
        ("Execution failed with exit code [1639].",),
        (SCRIPT, "WARNING: the group tag is not used", "Gathered hash for device"),
        ("Sign-in error code: 53000",),
        ("You can't get there from here", "It happens with code 53000 at times"),
        ("You can't get there from here: error code 53000", "and then error code 53003"),
    ],
)
def test_what_is_near_is_none(lines):
    assert found(*lines) == []


@pytest.mark.parametrize(
    "lines",
    [
        ("You can't get there from here", "Sign-in error code: 53000"),
        ("You cannot access this right now.  Error Code: 53000  Request Id: 1",),
        ("You can’t get there from here", "Error code AADSTS53000"),
        ("Lamentamos, mas não foi possível.", " AADSTS53000: O dispositivo não está em conformidade."),
        ("Der Anwender liest: AADSTS53000: Das Gerät ist nicht konform.",),
        ("Fehlercode: 53000", "Request Id: 0a64b1c2-0000-4000-8000-000000000000"),
    ],
)
def test_the_page_of_a_stopped_sign_in_is_known_by_its_words_and_its_number(lines):
    assert [item for _, _, item in found(*lines)] == ["AADSTS53000"]


@pytest.mark.parametrize(
    "lines",
    [
        ("AADSTS50105: The user is not assigned.", "AADSTS53003: A policy blocked it."),
        ("AADSTS50126: Invalid user name or password.",),
        ("Sorry, but we're having trouble signing you in.", "Error code: 50126"),
        ("If you see AADSTS50105: the user is not assigned.",),
        ("Server Error Code : access_denied", "Server Error Description : AADSTS53003: Blocked."),
        ("Log Name: Microsoft-Windows-AAD/Operational", "Description: AADSTS53003: Blocked."),
        ("AADSTS53003 was on the agenda",),
        ("App name: Microsoft Intune Enrollment",),
    ],
)
def test_a_list_of_numbers_an_everyday_one_and_one_of_a_log_are_no_stopped_sign_in(lines):
    assert found(*lines) == []


@pytest.mark.parametrize("part", ["Apps (Identifying)", "Apps   (Tanımlanıyor)", "Apps (2 of 5 installed)"])
def test_a_code_right_below_a_part_at_work_is_the_page_s(part):
    assert ("0x800705b4", "") in [quote[1:] for quote in found("Account setup", part, "0x800705b4")]
    assert found("Account setup", part, "Last month it was:", "0x800705b4") == found("Account setup", part)
    assert found("Securing your hardware   Complete", "Apps   Complete", "before: 0x800705b4") == []


APPS = "Name\tApp type\tStatus"


@pytest.mark.parametrize(
    ("lines", "item", "code"),
    [
        ((APPS, "Example Reader 5\tWindows app (Win32)\tFailed"), "Example Reader 5", ""),
        (("Name\tApp-Typ\tStatus", "Example\tWindows-App (Win32)\tFehlgeschlagen"), "Example", ""),
        (("| Name | App type | Status |", "|---|---|---|", "| Example | Win32 | Failed |"), "Example", ""),
        (("Deployment status: Failed", "App Example Reader 5: Failed"), "Example Reader 5", ""),
        (("App\tDevice install status", "Example\tFailed 0x87D1041C"), "Example", "0x87d1041c"),
        (("Deployment status: Failed", "Name: x", "App: Example, Status: Failed"), "Example", ""),
    ],
)
def test_an_app_that_the_portal_shows_as_failed_is_known_by_its_row(lines, item, code):
    shown = [quote for quote in found(*lines) if "an app in the portal" in quote[0]]
    assert [quote[1:] for quote in shown] == [(code, item)]


@pytest.mark.parametrize(
    "lines",
    [
        ("Deployment status\tIn progress", APPS, "Example\tWin32\tFailed"),
        ("Deployment status: Success", "App Example: Failed"),
        ("Deployment status\tPhase", "Phase\tApp installation"),
        (APPS, "Example\tWin32\tInstalled", "Other\tWin32\tSkipped"),
        ("Name\tResult", "Example\tFailed"),
        ("Deployment status: Failed means that an app or a script failed.",),
    ],
)
def test_a_deployment_that_goes_on_and_a_table_of_something_else_show_no_failed_app(lines):
    assert found(*lines) == []


def test_beside_a_page_stand_what_a_server_said_when_it_was_and_in_which_phase():
    lines = (f"{WENT_WRONG} 801c03ed", "Server message: not allowed", "Timestamp: 2026-03-17T06:37:03Z")
    assert found(*lines, "in device setup") == [
        ("code of a join", "0x801c03ed", ""),
        ("server message", "", "not allowed"),
        ("page time", "", "2026-03-17T06:37:03Z"),
        ("phase device setup", "", ""),
    ]
    assert [kind for kind, *_ in found(f"{WENT_WRONG} 801c03ed", "Server message: Not available")] == [
        "code of a join"
    ]


@pytest.mark.parametrize("margin", ["", "> "])
def test_an_error_that_a_mail_broke_is_read_over_the_end_of_the_line(margin):
    lines = (
        "Something went wrong. Contact your system administrator with the error",
        "code 801c03ed. Thanks",
    )
    assert found(*(margin + line for line in lines)) == [("code of a join", "0x801c03ed", "")]
    assert found("Something went wrong, an error", "code 801c03ed") == []
    assert found(
        "Something went wrong. Contact your system administrator with the", "error code 801c03ed"
    ) == [("code of a join", "0x801c03ed", "")]


def test_words_beside_an_error_may_be_broken_too():
    lines = ("Confirm you are using the correct sign-in", "information and that your organization uses it.")
    assert found(*lines, "Error code 80070002") == [("error page", "0x80070002", "")]


def test_one_heading_of_a_cause_makes_no_guide():
    assert len(found(f"{WENT_WRONG} 80180014", "Cause: I do not know")) == 1


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Get-CimInstance : Access denied", "hash denied"),
        ("+ FullyQualifiedErrorId : HRESULT 0x80041003,Example.GetCimInstanceCommand", "hash denied"),
        ("+ FullyQualifiedErrorId : MI RESULT 2,Example.GetCimInstanceCommand", "hash denied"),
        ("+ FullyQualifiedErrorId : MI RESULT 1,Example.GetCimInstanceCommand", "hash not read"),
        ("x.ps1 : Unable to retrieve device hardware data (hash) from computer localhost", "hash not read"),
    ],
)
def test_a_hash_that_could_not_be_read_is_known_by_the_error_of_its_script(line, kind):
    assert [name for name, *_ in found(SCRIPT, line)] == [kind]


def test_an_answer_of_ad_fs_is_known_by_its_number_unless_the_join_state_holds_it():
    assert found("Error description: MSIS9682: Received x.") == [
        ("AD FS does not know the device", "", "MSIS9682")
    ]
    assert found("Server Error Description : MSIS9605: Received x.") == [("answer of AD FS", "", "MSIS9605")]
    assert found("EnterprisePrt : NO", "Server Error Description : MSIS9605: Received x.") == []
    assert found("MSIS9605: Received x.") == []
    assert found("Enterprise STS Logon failure", "See MSIS9605 and MSIS9606") == []


def test_what_stands_beside_a_page_is_nothing_beside_another_error():
    lines = (TOOLKIT, "Execution failed with exit code [5].", "in device setup", "Server message: no")
    assert [kind for kind, *_ in found(*lines)] == ["log of the toolkit", "toolkit command failed"]
    device = "Securing your hardware went well on this laptop with TPM 2.0"
    assert found(*lines[:2], device) == found(*lines[:2])


def test_what_the_toolkit_quotes_is_an_exit_code():
    toolkit = "Start-ADTProcess"
    assert found(toolkit, "Message : Execution failed with exit code [1639].") == [
        ("toolkit command failed", "1639", "")
    ]
    log = ("log of the toolkit", "", "Example")
    assert found(TOOLKIT, "It ended with exit code 60008") == [log, ("toolkit ended", "60008", "")]


WINGET = "winget install --id Contoso.Reader in the system account"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("Installer failed with exit code: 3762504530", "3762504530"),
        ("> Installer failed with exit code: -532462766", "-532462766"),
        ("Installation fehlgeschlagen mit Exitcode: -1073741819", "-1073741819"),
        ("Error del instalador con el código de salida: 1603", "1603"),
        ("Installer failed with exit code: 0x80070652 : Another installation is in progress.", "0x80070652"),
    ],
)
def test_what_winget_passes_on_of_an_installer_is_an_exit_code(line, code):
    assert found(WINGET, line) == [("installer of winget", code, "")]
    assert found(line) == []


@pytest.mark.parametrize(
    "lines",
    [
        ("Installer failed with exit code: 1603", "Installer failed with exit code: 1618"),
        ("Installer failed with exit code: 0",),
        ("It prints `Installer failed with exit code: 1603` when the installer fails.",),
        ("Found Reader [Contoso.Reader] Version 5.0", "Successfully installed"),
        ("## Installation", "Installer failed with exit code: 1603", "## Troubleshooting"),
    ],
)
def test_a_list_of_exit_codes_and_a_readme_quote_no_installer(lines):
    assert found(WINGET, *lines) == []


def test_an_installer_is_called_after_the_package_where_there_is_one():
    failed = "Installer failed with exit code: 1603"
    one, other = "Found Reader [Contoso.Reader] Version 5.0", "(2/2) Found Writer [Contoso.Writer] Version 1"
    assert found(one, failed) == [
        ("package of winget", "", "Reader"),
        ("installer of winget", "1603", ""),
    ]
    assert found(one, other, failed) == [("installer of winget", "1603", "")]


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        (["Found [Reader](https://example.com/) [Contoso.Reader] Version 5.0", "FAILED"], "Reader"),
        (["FAILED", "Later I ran it by hand:", "Found Reader [Contoso.Reader] Version 5.0"], "Reader"),
        (["READER", "(1/1) Found Runtime [Contoso.Runtime] Version 1", "DONE", "FAILED"], "Reader"),
        (["(1/2) Found Runtime [Contoso.Runtime] Version 1", "DONE", "(2/2) READER", "FAILED"], "Reader"),
        (["READER", "Erfolgreich installiert", "FAILED"], None),
        (["# Writer does not install", "READER", "DONE", "Then, in the system account:", "FAILED"], None),
        (["READER", "(1/1) Found Runtime [Contoso.Runtime] Version 1", "FAILED"], None),
    ],
)
def test_the_package_that_failed_is_the_one_that_winget_was_not_done_with(lines, named):
    words = {
        "FAILED": "Installer failed with exit code: 1603",
        "DONE": "Successfully installed",
        "READER": "Found Reader [Contoso.Reader] Version 5.0",
        "(2/2) READER": "(2/2) Found Reader [Contoso.Reader] Version 5.0",
    }
    told = found(WINGET, *(words.get(line, line) for line in lines))
    assert [item for kind, _, item in told if kind == "package of winget"] == ([named] if named else [])


LOG = "### C:\\Windows\\Logs\\Software\\Contoso_Reader_5.0_EN_01_PSAppDeployToolkit_Install.log"
COMMAND = 'CommandLine : "C:\\Windows\\IMECache\\x_1\\Files\\reader-5.0.exe" /S'


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        ([LOG, COMMAND], ["Contoso_Reader_5.0", '"C:\\Windows\\IMECache\\x_1\\Files\\reader-5.0.exe" /S']),
        ([LOG, LOG.replace("Reader", "Writer"), COMMAND], [COMMAND.removeprefix("CommandLine : ")]),
        (["Executing [C:\\x\\setup.exe /S]...", TOOLKIT], ["C:\\x\\setup.exe /S", "Example"]),
        (
            ["Executing [C:\\x\\old.exe /U]...", "Execution completed successfully with exit code [0].", LOG],
            ["Contoso_Reader_5.0"],
        ),
    ],
)
def test_beside_a_failure_of_the_toolkit_stand_the_app_and_the_command(lines, named):
    told = found(*lines, "Execution failed with exit code [1639].")
    details = ("log of the toolkit", "command of the toolkit")
    assert [item for kind, _, item in told if kind in details] == named
    assert found(*lines) == []


WAU = ["- Updating Reader from 1 to 2...", "-> Running: Winget upgrade --id Contoso.Reader -h"]
WENT_WELL, NOT_WELL = "Successfully installed", "08:13:34 - Reader update failed."


@pytest.mark.parametrize(
    ("lines", "items"),
    [
        ([WENT_WELL, "08:13:18 - -> An upgrade for Reader failed, now trying an install"], ["Reader"]),
        (["Found Reader [Contoso.Reader] Version 2", WENT_WELL, "PROCESS FINISHED", NOT_WELL], ["Reader"]),
        (["Erfolgreich installiert", NOT_WELL], ["Reader"]),
        ([WENT_WELL, "x", "y", NOT_WELL], ["Reader"]),
        ([WENT_WELL, "x", "y", "z", NOT_WELL], []),
        ([WENT_WELL, "Installer hash does not match; error", NOT_WELL], []),
        (["Found Reader [Contoso.Reader] Version 2", "(1/1) Found Runtime [Contoso.Runtime] Version 1",
          WENT_WELL, NOT_WELL], []),
        ([NOT_WELL, WENT_WELL], []),
        (["The update fails although it says so", WENT_WELL], []),
    ],
)  # fmt: skip
def test_a_failure_right_below_a_success_is_what_a_tool_calls_it(lines, items):
    told = found(*WAU, *lines)
    assert [item for kind, _, item in told if kind.startswith("success that")] == items
    assert bool(told) is bool(items)


def test_of_a_package_that_another_needs_the_success_is_none_of_the_app_s_own():
    lines = ("Found Reader [Contoso.Reader] Version 2", "(1/1) Found Runtime [Contoso.Runtime] Version 1")
    failed = "Installer failed with exit code: 1603"
    kinds_told = [kind for kind, *_ in found(*WAU, *lines, WENT_WELL, failed, NOT_WELL)]
    assert kinds_told == ["package of winget", "installer of winget"]


def test_that_the_toolkit_failed_with_0_is_no_failure_of_an_installer():
    toolkit = "Start-ADTProcess"
    kind = "exit code 0 that its caller calls a failure"
    assert [one for one, *_ in found(toolkit, "Execution failed with exit code [0].")] == [kind]
    assert found("Execution failed with exit code [0].") == []
    for other in ("[0x1]", "[01]", "[1639]"):
        assert kind not in [one for one, *_ in found(toolkit, f"Execution failed with exit code {other}.")]


HARDWARE = "Securing your hardware (Failed: 0x800705b4)"


@pytest.mark.parametrize(
    ("line", "kinds_told"),
    [
        ("It is a business laptop with TPM 2.0 on 1809 Enterprise", ["TPM 2.0", "Windows before 1903"]),
        ("Das Gerät hat TPM 2.0", ["TPM 2.0"]),
        ("I try it in a Hyper-V VM with TPM 2.0", ["TPM 2.0", "virtual machine"]),
        ("It has no TPM 2.0", []),
        ("Self-deploying mode requires TPM 2.0", []),
        ("Does it have TPM 2.0 at all?", []),
        ("A laptop without TPM 2.0 here, not a VM", []),
        ("TPM 2.0", []),
        ("Windows 11 23H2 here", []),
    ],
)
def test_what_somebody_writes_of_the_device_stands_beside_its_step_alone(line, kinds_told):
    told = [kind.removesuffix(" as somebody writes") for kind, *_ in found(HARDWARE, line)]
    assert told == ["securing hardware", *kinds_told]
    assert [kind for kind, *_ in found(f"{WENT_WRONG} 801c03ed", line)] == ["code of a join"]


SIGNED = "C:\\Program Files\\Example\\Policies\\Scripts\\a.ps1"


@pytest.mark.parametrize(
    "line",
    [
        f"File {SIGNED} cannot be loaded. The file {SIGNED} is not digitally signed.",
        f"File {SIGNED} cannot be loaded because running scripts is disabled on this system.",
        f'Die Datei "{SIGNED}" kann nicht geladen werden. Die Datei "{SIGNED}" ist nicht digital signiert.',
        f"No se puede cargar el archivo {SIGNED}. El archivo {SIGNED} no está firmado digitalmente.",
    ],
)
def test_a_script_that_may_not_run_is_known_by_the_words_of_powershell(line):
    assert [kind for kind, *_ in found("All platform scripts of Intune fail with 65000", line)] == [
        "script not allowed"
    ]
    assert found(line) == []


def test_that_scripts_are_not_signed_is_no_error_without_the_script():
    assert found("Intune: a platform script that is not digitally signed does not run.") == []


def test_constrained_language_is_known_by_the_error_and_not_by_its_name():
    error = "+ FullyQualifiedErrorId : MethodInvocationNotSupportedInConstrainedLanguage"
    assert [kind for kind, *_ in found("Intune script:", error)] == ["script in constrained language"]
    assert found("Intune scripts run in ConstrainedLanguage under App Control.") == []


@pytest.mark.parametrize(
    "line",
    [
        "Autopilot hybrid join ends with 0x80070774 in OOBE.",
        "Autopilot: OOBE fails with error 0x80070774",
        "Autopilot scheitert mit 0x80070774",
    ],
)
def test_a_code_that_somebody_tells_of_setup_is_only_told(line):
    assert found(line) == [("bare code", "0x80070774", "")]


@pytest.mark.parametrize(
    "lines",
    [
        ("Autopilot fails with 0x80070774", "or ends with 0x80180014"),
        ("It fails with 0x80070774",),
        ("Autopilot fails with 0x80070774", *["and so on"] * 12),
        ("Autopilot: error https://example.com/0x80070774/",),
        ("Autopilot: see error https://example.com/?q=0x80070774&x",),
        ("Autopilot fails with 0x80070774", "## Cause", "x", "## Resolution", "y"),
    ],
)
def test_a_list_of_codes_and_a_code_of_an_address_are_not_told(lines):
    assert found(*lines) == []


def test_beside_an_error_of_its_own_words_a_code_is_not_told_again():
    assert [kind for kind, *_ in found("Autopilot fails with 0x801c03ed", f"{WENT_WRONG} 801c03ed")] == [
        "code of a join"
    ]


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("Hybrid: I don't see anything coming in the ODJ log", ["connector was not asked"]),
        ("Hybrid: the Intune Connector for Active Directory shows nothing", ["connector was not asked"]),
        ("Hybrid: no events in the ODJ log", ["connector was not asked"]),
        ("Hybrid: if you do not see events in the ODJ log", []),
        ("Hybrid: nothing wrong in the ODJ log", []),
        ("I see nothing in the ODJ log", []),
    ],
)
def test_that_the_connector_was_not_asked_is_known_where_somebody_says_so(line, kinds):
    assert [kind for kind, *_ in found(line)] == kinds


NO_ADDRESS = '[Exception Message: \\"Failed to get a value for Key: OdjServiceBaseUrl\\"]'


@pytest.mark.parametrize("marks", ['\\"', '\\\\\\"', "'"], ids=["JSON", "JSON in JSON", "retyped"])
def test_a_connector_without_its_address_is_known_by_its_own_words(marks):
    line = f'"DiagnosticCode":"0x0FFFFFFF","DiagnosticText":"No.{NO_ADDRESS}"'.replace('\\"', marks)
    assert found("Hello,", line) == [("connector without its service address", "", "")]


def test_the_number_of_a_connector_s_answer_is_read_where_its_text_speaks_of_a_domain_join():
    lines = ['"ErrorCode":"5",', '"DiagnosticCode":"0x00000800",', '"DiagnosticText":"the ODJ Blob"']
    assert found(*lines) == [("answer of the connector", "", "5")]
    assert found(*lines[:2]) == []
    assert found(lines[0], lines[2]) == []


def test_an_address_that_was_read_and_a_proxy_alone_are_no_answer_of_a_connector():
    proxy = "    Proxy Server(s) :  proxy.example.com:8080"
    assert found("The connector read OdjServiceBaseUrl = https://odj.example.com", proxy) == []
    assert found(proxy) == []
    german = "    Proxyserver:  proxy.example.com:8080"
    assert [quote[2] for quote in found(NO_ADDRESS, german)] == ["", "proxy.example.com:8080"]


LIMITS = {
    "German": "Die Installation hat das von Ihrer Organisation festgelegte Zeitlimit überschritten. Sie",
    "French": "L’installation a dépassé le délai fixé par votre organisation. Réessayez",
    "Spanish": "La instalación superó el límite de tiempo establecido por tu organización. Inténtalo",
    "Italian": "L'installazione ha superato il limite di tempo impostato dall'organizzazione. Riprova",
}
PARTS = {
    "German": (
        "Geräteeinrichtung",
        "Apps (3 von 4 installiert)",
        "Sicherheitsrichtlinien (Fehler: 0x80070002)",
    ),
    "French": (
        "Configuration de l’appareil",
        "Applications (3 sur 4 installées)",
        "Stratégies de sécurité (Erreur : 0x80070002)",
    ),
    "Spanish": (
        "Configuración del dispositivo",
        "Aplicaciones (3 de 4 instaladas)",
        "Directivas de seguridad (Error: 0x80070002)",
    ),
    "Italian": (
        "Configurazione del dispositivo",
        "App (3 di 4 installate)",
        "Criteri di sicurezza (Errore: 0x80070002)",
    ),
}


@pytest.mark.parametrize("language", LIMITS)
def test_a_page_that_ran_out_of_time_is_known_in_other_languages(language):
    phase, apps, failed = PARTS[language]
    limit = LIMITS[language]
    kind = "time limit in another language"
    assert found(limit) == [(kind, "", "")]
    page = [
        ("phase device setup", "", ""),
        ("items of the page", "", apps),
        (kind, "0x800705b4", ""),
    ]
    assert found(phase, apps, f"{limit} (0x800705b4)") == page
    assert set(found(f"{phase} {apps} {limit} (0x800705b4)")) == set(page)
    assert found(phase, failed)[1] == ("part of the status page", "0x80070002", failed.partition(" (")[0])


@pytest.mark.parametrize("language", LIMITS)
def test_a_page_that_is_done_and_a_sentence_about_the_limit_are_none(language):
    phase, apps, _ = PARTS[language]
    assert found(phase, apps.replace("3", "4")) == []
    sentence = LIMITS[language].partition(".")[0]
    assert found(f"Wenn die Seite „{sentence}“ zeigt, wurde das Zeitlimit zu kurz gewählt.") == []
    assert found(f"Meldung: „{sentence}“ bedeutet, dass es zu kurz ist.") == []
    assert found(f"Meldung: „{sentence}“ schreibt das Handbuch so.") == []


def test_a_guide_in_another_language_is_none():
    limit = LIMITS["Spanish"]
    assert found(limit, "## Causa", "x", "## Solución", "y") == []
    assert found(LIMITS["Italian"], "Causa", "x", "Soluzione", "y") == []


AT_WORK = """Device setup
  Security policies (1 of 1 applied)
  Certificates (0 of 1 applied)
  Apps (Identifying)
"""


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (AT_WORK, ["Certificates (0 of 1 applied)"]),
        ("Geräteeinrichtung\nZertifikate (0 von 1 angewendet)\n", ["Zertifikate (0 von 1 angewendet)"]),
        (AT_WORK.replace("0 of 1", "1 of 1"), []),
        (AT_WORK.removeprefix("Device setup\n"), []),
        (AT_WORK + "a line of an article\n" * BARE_WITHIN, []),
        ("Under Device setup it says Apps (0 of 2 installed) for a while.\n", []),
    ],
    ids=["a page", "German", "all done", "no phase", "an article", "prose"],
)
def test_a_page_at_work_is_known_by_its_counted_parts(text, parts):
    found = quotes_in(text.splitlines())
    assert [quote.item for quote in found if quote.kind == "page in progress"] == parts


def test_a_page_that_shows_an_error_is_not_at_work():
    failed = AT_WORK + "Exceeded the time limit set by your organization\n"
    assert "page in progress" not in [quote.kind for quote in quotes_in(failed.splitlines())]


REFUSED = "Your organization does not support this version of Windows. (0x80180014)"


@pytest.mark.parametrize(
    "lines",
    [
        (REFUSED,),
        ("Ihre Organisation unterstützt diese Version von Windows nicht. (0x80180014)",),
        (
            "Etwas ist schiefgelaufen.",
            "Ihre Organisation unterstützt diese Version von Windows nicht. (80180014)",
        ),
        ("Something went wrong.", "This is not possible now. (0x80180014)"),
        ("On Monday he got", f"> {REFUSED}", "and asked what to do."),
    ],
)
def test_the_sentence_of_a_screen_is_known_with_the_code_behind_it(lines):
    ((_, code, _),) = found(*lines)
    assert code == "0x80180014"


@pytest.mark.parametrize(
    "lines",
    [
        ("This is not possible now. (0x80180014)",),
        (f"Last year we had: {REFUSED}", "This one is fine."),
        (f'If the user sees "{REFUSED}", allow the platform.',),
        (REFUSED, "Your device is already enrolled. (0x8018000a)"),
    ],
)
def test_a_code_in_brackets_alone_of_other_times_or_explained_is_on_no_screen(lines):
    assert found(*lines) == []


@pytest.mark.parametrize(
    ("line", "item"),
    [
        ("Platform restriction: Windows allowed, personally owned blocked.", "personally owned blocked"),
        ("Bei Windows (MDM) ist Persönliche Geräte = Blockieren.", "Persönliche Geräte = Blockieren"),
        ("Personal devices are blocked", "Personal devices are blocked"),
    ],
)
def test_that_personal_devices_are_blocked_stands_beside_the_page(line, item):
    assert ("personal devices are blocked", "", item) in found(REFUSED, line)
    assert found(line) == []


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("Laptop 12: red screen in white glove, 0x81039001. Laptop 13 same.", "0x81039001"),
        ("Error 80180014 during OOBE", "0x80180014"),
        ("Laptop 12 in der Vorabbereitstellung: rot, 0x81039001", "0x81039001"),
    ],
)
def test_a_code_that_somebody_noted_of_setup_is_a_bare_one(line, code):
    assert found(line) == [("bare code", code, "")]


def test_a_code_that_somebody_had_last_year_is_none_of_this_device():
    assert found("Last year Autopilot failed with 0x80180014, this one is fine.") == []
    assert found("Vor zwei Jahren endete Autopilot mit 0x80180014.") == []


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("You must use Windows Hello or a smart card to sign in.", True),
        ("Sie müssen Windows Hello oder eine Smartcard verwenden, um sich anzumelden.", True),
        ("Vous devez utiliser Windows Hello ou une carte à puce pour vous connecter.", True),
        ("Debe usar Windows Hello o una tarjeta inteligente para iniciar sesión.", True),
        ("Our users sign in with Windows Hello or a smart card.", False),
        ("You must use a password, Windows Hello comes later.", False),
    ],
)
def test_a_sign_in_screen_that_wants_a_smart_card_is_known_in_several_languages(line, shown):
    assert found(line) == [("smart card wanted at sign-in", "", "")] * shown


def test_rows_that_stand_beside_a_failure_in_the_portal_are_nothing_beside_a_page():
    kinds = [quote[0] for quote in found("Apps (0x80070643)", "Deployment time: 42 min")]
    assert kinds == ["part of the status page"]


def policies(*lines):
    reported = {kind.kind for kind in kinds() if kind.group == REPORTED_POLICY}
    return [quote.text for quote in quotes_in(lines) if quote.kind in reported]


@pytest.mark.parametrize(
    "lines",
    [
        ["Policy CA210 blocks Autopilot enrolment of our new laptops"],
        ["Enrolment is blocked by Conditional Access since Monday."],
        ["Here enrolment cannot meet the MFA that is asked for"],
        ["OOBE est bloqué par l'accès conditionnel"],
        [
            "L'accès conditionnel exige l'authentification multifacteur pendant l'OOBE",
            "puis l'écran se bloque",
        ],
        ["Conditional Access requires a compliant device at enrolment.", "All laptops are stuck at 40%"],
        ["Our tenant demands MFA at every enrolment", "It is stuck there"],
        ["Bedingter Zugriff blockiert die Registrierung der Geräte"],
    ],
)
def test_a_policy_of_sign_in_is_reported_where_somebody_says_that_it_stops_the_enrolment(lines):
    assert policies(*lines) == lines[:1]


@pytest.mark.parametrize(
    "lines",
    [
        [
            "Conditional Access blocks enrolment, we thought.",
            "Intune Enrollment is excluded, the log says so",
        ],
        ["CA210 blocks enrolment, but the log shows: not applied"],
        ["CA210 blocks enrolment in theory; it is in report-only"],
        ["Could it be that Conditional Access blocks enrolment?"],
        ["Check whether Conditional Access blocks enrolment"],
        ["If Conditional Access blocks enrolment, exempt it"],
        ["Conditional Access can block enrolment"],
        ["Conditional Access does not block Autopilot enrolment"],
        ["Enrolment was not blocked by Conditional Access"],
        ["Conditional Access requires MFA at enrolment.", "All laptops came up well"],
        ["Conditional Access requires MFA. Enrolment fails"],
        ["MFA blocks the mail app of a phone"],
    ],
)
def test_a_policy_that_is_ruled_out_asked_about_or_only_there_is_no_report(lines):
    assert policies(*lines) == []


def test_beside_what_a_page_of_sign_in_says_a_policy_is_not_reported_again():
    shown = ["CA210 blocks Autopilot enrolment", "You can't get there from here"]
    assert [quote.kind for quote in quotes_in(shown)] == ["sign-in that Conditional Access blocked"]


PAGE_SHOWN = "Account setup: Apps (0x81036502)"


def of_group(group, *lines):
    of = {kind.kind for kind in kinds() if kind.group == group}
    return [quote.item for quote in quotes_in(lines) if quote.kind in of]


@pytest.mark.parametrize(
    ("line", "app"),
    [
        ("After we unassigned Contoso Connect the ESP went through", "Contoso Connect"),
        (
            "It is so since we assigned the Reader 5.0 app. When we unassigned it, the page completed.",
            "the Reader 5.0 app",
        ),
        ("Since I removed Contoso VPN from the group, everything works", "Contoso VPN"),
        ("Nachdem wir Contoso VPN entfernt haben, lief die Einrichtung durch", "Contoso VPN"),
        ("We had added Archiver the day before, removing it made no difference", None),
        ("After we removed it the setup failed again", None),
        ("After we removed Contoso VPN the page still stopped", None),
        ("Since we assigned the Reader, the page completed", None),
    ],
)
def test_an_app_without_which_the_page_ended_well_is_one_that_is_reported(line, app):
    assert of_group(REPORTED_APP, PAGE_SHOWN, line) == ([app] if app else [])
    assert of_group(REPORTED_APP, line) == []


@pytest.mark.parametrize(
    ("line", "known"),
    [
        ('The state is "Device must be rebooted to complete installation of the application"', True),
        ("Das Gerät muss neu gestartet werden, um die Installation der Anwendung abzuschließen", True),
        ("The device must be rebooted to complete the installation of updates", False),
        ("It must be rebooted, says Windows Update", False),
    ],
)
def test_an_app_that_waits_for_a_restart_is_known_beside_a_page_by_the_portal_s_words(line, known):
    assert of_group(REPORTED_RESTART, "Device setup", "Apps (error)", line) == ([""] if known else [])
    assert of_group(REPORTED_RESTART, line) == []


@pytest.mark.parametrize(
    ("line", "found_for"),
    [
        ("After I corrected the detection script the app is found", ""),
        ("We changed the detection rule and now it works", ""),
        ("The rule looks for version 24.1, the installer writes 24.1.0.1", "24.1"),
        ("Die Erkennungsregel sucht nach 24.1, der Installer schreibt 24.1.0.1", "24.1"),
        ("We changed the detection rule and it fails as before", None),
        ("The rule looks for version 24.1 and so does the installer", None),
    ],
)
def test_a_detection_rule_that_looks_for_something_else_is_known_beside_its_error(line, found_for):
    stated = [] if found_for is None else [found_for]
    assert of_group(REPORTED_DETECTION, "It ends with 0x87D1041C", line) == stated
    assert of_group(REPORTED_DETECTION, "It ends with 0x80070643", line) == []
    beside = of_group(DETECTION_DETAILS, "0x87D1041C", "Not detected with the ID Contoso.Reader", line)
    assert beside == ([] if found_for is None else ["Contoso.Reader"])


ANOTHER = "That username looks like it belongs to another organization. Try signing in again."
ALARM = "The agent called it stalled: a false alarm, not an actual enrollment failure."


@pytest.mark.parametrize(
    ("group", "lines"),
    [
        (OTHER_ORGANIZATION, ["I enter the credentials and get", f'the message "{ANOTHER}"']),
        (OTHER_ORGANIZATION, [f"The user calls, his new laptop says {ANOTHER}"]),
        (
            OTHER_ORGANIZATION,
            ["Ein Benutzer meldet:", "Dieser Benutzername gehört anscheinend zu einer anderen Organisation"],
        ),
        (REPORTED_WELL, ["About the stalled enrollment:", ALARM]),
        (REPORTED_WELL, ["Das war ein Fehlalarm und kein echter Fehler der Registrierung."]),
    ],
)
def test_a_plain_sentence_is_known_in_prose(group, lines):
    assert of_group(group, *lines)


CODES = [f"- 0x8018000{digit}: call us" for digit in range(1, MOST_REPORTED + 2)]


@pytest.mark.parametrize(
    "lines",
    [
        [f"We list what users see: {ANOTHER}", *CODES],
        [
            "We help our users with these:",
            f"### {ANOTHER}",
            "Confirm that all of your information is correct.",
        ],
        ["What we know of:", f"| {ANOTHER} | see the registry |"],
        ["What we know of:", f"- {ANOTHER}"],
        ["How to resolve what users see:", ANOTHER],
        [f'If you see "{ANOTHER}", call us'],
        [ANOTHER],
        [f"Last year I got {ANOTHER}"],
        ["Tell us whether the enrollment was a false alarm, not an actual enrollment failure."],
        ["So the enrollment was a false alarm, not an actual enrollment failure?"],
        ["The alarm of the enrollment was no false alarm."],
        [ALARM, *CODES],
    ],
)
def test_a_page_that_lists_such_sentences_and_a_question_are_silent(lines):
    assert not [
        quote for quote in found(*lines) if quote[0] in {kind.kind for kind in kinds() if kind.group in PLAIN}
    ]


def test_as_many_codes_as_one_report_names_are_no_list():
    assert of_group(OTHER_ORGANIZATION, f"I get {ANOTHER}", *CODES[:MOST_REPORTED])


HASH_ERROR = (
    "Get-WindowsAutopilotInfo.ps1 : Unable to retrieve device hardware data (hash) from computer localhost"
)


@pytest.mark.parametrize(
    ("line", "blamed"),
    [
        ("It seems that KB5099991 is causing it.", "KB5099991"),
        ("KB5099991 came last week. Removing this KB resolves it.", "KB5099991"),
        ("Seit dem Update KB5099991 kommt das.", "KB5099991"),
        ("Removing KB5099991 did not help.", None),
        ("KB5099991 is not the cause.", None),
        ("After KB5099991 another computer works.", None),
        ("All updates are there, KB5099991 as well.", None),
    ],
)
def test_the_update_that_a_text_blames_for_the_hash_is_named_and_no_other(line, blamed):
    kinds_told = {kind: item for kind, _, item in found(line, HASH_ERROR)}
    assert ("hash not read since an update" in kinds_told) is (blamed is not None)
    assert kinds_told.get(UPDATE) == blamed


def test_of_two_updates_none_is_named():
    lines = ["KB5099991 is causing it.", "KB5099992 is there too.", HASH_ERROR]
    assert UPDATE not in {kind for kind, *_ in found(*lines)}


def test_an_answer_of_entra_without_a_page_is_none_of_a_page():
    answer = "AADSTS50076: Due to a change made by your administrator you must use multi-factor."
    silent = found("0xCAA2000C The request requires user interaction.", "Code: interaction_required", answer)
    assert [kind for kind, *_ in silent] == ["sentence of Entra to Windows itself"]
    assert [kind for kind, *_ in found("The page says", answer)] == ["sentence of Entra"]


SUCCEEDED_WORDS = {
    "an event with its labels": (
        "Source: Microsoft-Workplace Join\nEventId: 201\nMessage: Workplace Join operation succeeded.\n",
        ["join that succeeded"],
    ),
    "an event in a sentence": (
        'Hi,\nthe log shows "MDM Enroll: Succeeded" (event 72).\n',
        ["enrolment that succeeded"],
    ),
    "words of a person": (
        "Autopilot: the hybrid join succeeded, the enrolment completed successfully and the ESP finished "
        "without an error.\n",
        ["join that succeeded", "enrolment that succeeded", "status page that ended well"],
    ),
    "German": (
        "Das Autopilot-Profil wurde angewendet, die Statusseite ist fertig.\n",
        ["profile that came", "status page that ended well"],
    ),
    "French": ("L'inscription à Intune a réussi.\n", ["enrolment that succeeded"]),
    "a deployment": ("The Autopilot deployment completed successfully.\n", ["deployment that ended well"]),
}


@pytest.mark.parametrize("case", SUCCEEDED_WORDS)
def test_a_success_is_known_by_the_words_of_windows_and_of_people(case):
    text, expected = SUCCEEDED_WORDS[case]
    assert sorted(quote.kind for quote in quotes_in(text.splitlines())) == sorted(expected)


@pytest.mark.parametrize(
    "text",
    [
        "Autopilot: the hybrid join succeeded, but the laptop asks for a password.",
        "Does MDM Enroll: Succeeded mean that Autopilot is done?",
        "Once the ESP finished sign in with the account of Autopilot.",
        "When the join worked you should see Automatic registration Succeeded.",
        "We never see MDM Enroll: Succeeded on this laptop.",
        "The Intune enrolment succeeded on 36 of 40 laptops.",
        "The enrolment completed successfully.\nSomething went wrong. Error code: 80180018",
        "In this article the Autopilot deployment completed successfully.",
        "The enrolment completed successfully." + "\nword" * 60,
    ],
)
def test_a_success_beside_trouble_in_a_question_or_yet_to_come_is_none(text):
    assert not [
        quote for quote in quotes_in(text.splitlines()) if "succeeded" in quote.kind or "well" in quote.kind
    ]
