"""What a text quotes is said as what it is: a code of a page is explained, a symptom is no cause."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from autopilot_analysis import build_trace, find, open_export, read_tables
from autopilot_analysis.errors import NotAnExport
from autopilot_analysis.facts.quotes import quotes_in
from autopilot_analysis.findings.answers.device_answer import answer

PAGE = "Something went wrong. Contact your system administrator with the error code"
SCRIPT = "At C:\\Scripts\\Get-WindowsAutopilotInfo.ps1:211 char:17\n"


def command(name, message, error="FailToDoSo,x"):
    """Return PowerShell's record of an error that a command met."""
    return (
        f"{name} : {message}\nAt line:1 char:1\n+ {name} -x\n"
        "    + CategoryInfo          : OperationStopped: (x) [x], x\n"
        f"    + FullyQualifiedErrorId : {error}"
    )


@pytest.mark.parametrize(
    "text",
    [
        "Device setup   Completed\nAccount setup (Previous step failed)",
        "Account setup failed on every second laptop of last week",
        "We ask whether account setup failed",
    ],
)
def test_a_phase_after_another_that_failed_and_a_sentence_are_no_failed_phase(tmp_path, text):
    (tmp_path / "note.txt").write_text(text, encoding="utf-8")
    with pytest.raises(NotAnExport):
        open_export(tmp_path / "note.txt")


def told(tmp_path, text):
    (tmp_path / "note.txt").write_text(text, encoding="utf-8")
    tables = read_tables(open_export(tmp_path / "note.txt"))
    trace = build_trace(tables)
    return tables, trace, find(tables, trace)


@pytest.mark.parametrize(
    ("text", "told_as"),
    [
        (f"{PAGE} 801c03ed", ("PAGE-JOIN-FAILED", "entra_join", "0x801C03ED", "cause")),
        (f"{PAGE} 801900c8", ("PAGE-ENROLLMENT-FAILED", "mdm_enrollment", "0x801900C8", "cause")),
        (
            "Securing your hardware (0x800705b4)",
            ("PAGE-HARDWARE-FAILED", "device_preparation", "0x800705B4", "cause"),
        ),
        (
            "In account setup: Apps (0x81036502)",
            ("PAGE-SETUP-FAILED", "account_setup", "0x81036502", "consequence"),
        ),
        (
            "Device setup   Completed\nAccount setup   Failed\n  Apps (2 of 3 installed)  0x80073cf3",
            ("PAGE-SETUP-FAILED", "account_setup", "0x80073CF3", "consequence"),
        ),
        (
            "Geräteeinrichtung: Fehler (0x81036502)\nKontoeinrichtung (Vorheriger Schritt fehlgeschlagen)",
            ("PAGE-SETUP-FAILED", "device_setup", "0x81036502", "consequence"),
        ),
        (
            "Configuration de l'appareil  Terminé\nConfiguration du compte  Échec",
            ("PAGE-SETUP-FAILED", "account_setup", None, "consequence"),
        ),
        (
            "device setup, then user setup: Apps (0x81036502)",
            ("PAGE-SETUP-FAILED", None, "0x81036502", "consequence"),
        ),
        (
            "exceeded the time limit set by your organization",
            ("PAGE-TIMED-OUT", None, None, "consequence"),
        ),
        (f"{SCRIPT}Get-CimInstance : Access denied", ("HASH-DENIED", None, None, "cause")),
        (f"{SCRIPT}MI RESULT 1,x.GetCimInstanceCommand", ("HASH-NOT-READ", None, None, "cause")),
        (
            "PSAppDeployToolkit: Execution failed with exit code [1639].",
            ("INSTALLER-FAILED-QUOTED", None, "0x80070667", "cause"),
        ),
        (
            "winget\nInstaller failed with exit code: -532462766",
            ("INSTALLER-FAILED-QUOTED", None, "0xE0434352", "cause"),
        ),
        (
            "Intune: File C:\\x\\a.ps1 cannot be loaded. The file is not digitally signed.",
            ("SCRIPT-NOT-ALLOWED-QUOTED", None, None, "cause"),
        ),
        (
            "Intune: FullyQualifiedErrorId : DotSourceNotSupported,a.ps1",
            ("SCRIPT-LANGUAGE-MODE-QUOTED", None, None, "cause"),
        ),
        (
            "Hybrid: I don't see anything in the ODJ log",
            ("CONNECTOR-NOT-ASKED-QUOTED", "entra_join", None, "context"),
        ),
        (
            "You can't get there from here\nSign-in error code: 53000",
            ("SIGN-IN-STOPPED-QUOTED", "user_authentication", None, "cause"),
        ),
        (
            'The screen says "You must use Windows Hello or a smart card to sign in."',
            ("SIGN-IN-SMART-CARD-SHOWN", "device_setup", None, "cause"),
        ),
        (
            command("Rename-Computer", "exception: The hostname is already taken by another device."),
            ("COMMAND-NAME-TAKEN-QUOTED", None, None, "cause"),
        ),
        (
            command("Add-Computer", "Fehlermeldung: Das Konto ist bereits vorhanden."),
            ("COMMAND-NAME-TAKEN-QUOTED", None, None, "cause"),
        ),
        (
            command("Rename-Computer", "exception: The user name or password is incorrect."),
            ("COMMAND-PASSWORD-QUOTED", None, None, "cause"),
        ),
        (
            command("Rename-Computer", "exception: Access is denied."),
            ("COMMAND-DENIED-QUOTED", None, None, "cause"),
        ),
        (
            "Add-Computer: The specified domain either does not exist or could not be contacted.",
            ("COMMAND-NO-CONTROLLER-QUOTED", None, None, "cause"),
        ),
        (
            command("Select-MgProfile", "Die Benennung wurde nicht erkannt.", "CommandNotFoundException"),
            ("COMMAND-UNKNOWN-QUOTED", None, None, "cause"),
        ),
        (
            command(
                "Set-MgGraphOption", "A parameter cannot be found that matches", "NamedParameterNotFound,x"
            ),
            ("COMMAND-PARAMETER-QUOTED", None, None, "context"),
        ),
        (
            command("Get-AutopilotDevice", "Response status code does not indicate success: Forbidden"),
            ("COMMAND-FORBIDDEN-QUOTED", None, None, "cause"),
        ),
        (
            command("Connect-MgGraph", "Could not load file or assembly"),
            ("COMMAND-FAILED-QUOTED", None, None, "cause"),
        ),
        ("Autopilot ends with 0x80070774", ("BARE-CODE", None, "0x80070774", "context")),
        (
            "Policy CA210 blocks Autopilot enrolment",
            ("SIGN-IN-POLICY-REPORTED", "user_authentication", None, "cause"),
        ),
    ],
)
def test_each_error_has_its_rule_its_stage_and_its_code(tmp_path, text, told_as):
    *_, found = told(tmp_path, text)
    assert found.findings.select("rule", "stage", "code", "role").rows() == [told_as]


@pytest.mark.parametrize(
    ("beside", "item"),
    [
        ("App name: Microsoft Intune Enrollment", "AADSTS50105 (Microsoft Intune Enrollment)"),
        ("App id: d4ebce55-015a-49b5-a083-c84d1797ae8c", "AADSTS50105 (Microsoft Intune Enrollment)"),
        ("App name: Example Travel", "AADSTS50105"),
    ],
)
def test_a_stopped_sign_in_names_its_time_and_the_app_of_setup_that_it_was_for(tmp_path, beside, item):
    text = f"AADSTS50105: The user is not assigned.\n{beside}\nTimestamp: 2026-03-17T06:37:03Z\n"
    *_, found = told(tmp_path, text)
    (row,) = found.findings.to_dicts()
    assert (row["rule"], row["item"]) == ("SIGN-IN-STOPPED-QUOTED", item)
    assert row["at"] == datetime(2026, 3, 17, 6, 37, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "told_as"),
    [
        (
            "Device preparation\n  Preparing your device for mobile management   Error (0x800705b4)\n"
            "Device setup   Previous step failed\nAccount setup   Previous step failed",
            ("device_preparation", "device preparation, Preparing your device for mobile management"),
        ),
        (
            "Geräteeinrichtung: Apps (Fehler: 0x87d1041c)\n"
            "Kontoeinrichtung: Vorheriger Schritt fehlgeschlagen",
            ("device_setup", "device setup, Apps"),
        ),
        (
            "Device setup   Complete\nAccount setup\n   Apps (Identifying)\n"
            "0x800705b4 The time limit set by your organization was exceeded.",
            ("account_setup", "account setup, Apps (Identifying)"),
        ),
        (
            "Cihaz kurulumu   Tamamlandı\nHesap kurulumu\n   Uygulamalar   (Tanımlanıyor)\n0x800705b4",
            ("account_setup", "account setup, Uygulamalar (Tanımlanıyor)"),
        ),
    ],
)
def test_a_typed_page_names_its_phase_and_its_part(tmp_path, text, told_as):
    *_, found = told(tmp_path, text)
    assert found.findings.select("stage", "item").rows() == [told_as]


def test_rows_of_the_portal_name_the_apps_the_phase_and_what_was_skipped(tmp_path):
    head = "Deployment status\tFailed\nPhase\tApp installation\nDeployment time\t58 min\n"
    apps = "Name\tApp type\tStatus\nOne\tWin32\tFailed\nTwo\tWin32\tFailed\nThree\tWin32\tSkipped\n"
    *_, found = told(tmp_path, f"Device details\n{head}{apps}")
    assert found.findings.select("rule", "item", "role").rows() == [
        ("PORTAL-ITEM-FAILED", "One, Two", "cause"),
        ("PORTAL-DEPLOYMENT-FAILED", "App installation, after 58 min", "consequence"),
    ]
    quoted = found.evidence.filter(rule="PORTAL-ITEM-FAILED")["record"].to_list()
    assert quoted == [6, 7, 8]
    *_, found = told(tmp_path, f"From: a\n\n{head}")
    assert found.findings["rule"].to_list() == ["PORTAL-DEPLOYMENT-FAILED"]


def test_several_parts_that_are_looked_up_name_none(tmp_path):
    limit = "0x800705b4 The time limit set by your organization was exceeded."
    *_, found = told(tmp_path, f"Device setup\nCertificates (Identifying)\nApps (Identifying)\n{limit}")
    assert found.findings["item"].to_list() == ["device setup"]


def test_what_a_server_said_chooses_the_meaning_and_the_page_says_when(tmp_path):
    text = f"{PAGE} 801c03ed\nServer message: Administrator policy does not allow user x to device join\n"
    *_, found = told(tmp_path, f"{text}Timestamp: 2026-03-17T06:37:03Z\n")
    (row,) = found.findings.to_dicts()
    assert "may not join devices" in row["meaning"]
    assert row["at"] == datetime(2026, 3, 17, 6, 37, 3, tzinfo=UTC)
    assert found.evidence["record"].to_list() == [1, 2]


def test_tries_to_attest_that_are_quoted_beside_the_page_are_its_proof(tmp_path):
    retry = "177 'TPM attestation retry is being attempted.  Current retry attempt 3 of 3 maximum'"
    *_, found = told(tmp_path, f"Securing your hardware (Failed: 0x800705b4)\n\nThen {retry}\n")
    assert found.evidence["record"].to_list() == [1, 3]


HARDWARE = "Securing your hardware (Failed: 0x800705b4)"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([f"A laptop with TPM 2.0, and it stops: {HARDWARE}"], "beside a TPM 2.0"),
        ([HARDWARE, "The device has TPM 2.0 and the newest firmware"], "beside a TPM 2.0"),
        (
            [HARDWARE, "It has TPM 2.0. We are on 1809 Enterprise"],
            "Install a Windows that is supported today",
        ),
        ([HARDWARE, "It has TPM 2.0 in Hyper-V"], "Use hardware with TPM 2.0"),
        ([HARDWARE, "We test it in a VM with Windows 10 1809"], "Use hardware with TPM 2.0"),
        ([HARDWARE, "It has no TPM 2.0"], "Use hardware with TPM 2.0"),
        ([HARDWARE], "Use hardware with TPM 2.0"),
    ],
)
def test_the_remedy_of_a_timed_out_proof_asks_for_nothing_that_is_there(tmp_path, lines, said):
    *_, found = told(tmp_path, "\n".join(lines))
    assert said in found.findings["remedy"][0]
    assert found.evidence["record"].to_list() == [*range(1, found.evidence.height + 1)]


def test_the_time_of_another_part_is_none_of_the_hardware_in_a_virtual_machine(tmp_path):
    *_, found = told(tmp_path, "In my VM with TPM 2.0 in account setup: Apps (0x800705b4)")
    assert "TPM" not in found.findings["meaning"][0]


@pytest.mark.parametrize(
    "page", ["Device setup: Apps (0x81036502)", "exceeded the time limit set by your organization"]
)
def test_of_a_page_whose_long_time_is_stated_no_longer_one_is_asked_for(tmp_path, page):
    *_, found = told(tmp_path, f"{page}\nI had set 120 minutes for it already.")
    assert "logs of the Intune agent" in found.findings["remedy"][0]
    assert "time" not in found.findings["remedy"][0]


def test_a_proof_that_was_tried_several_times_is_told_with_its_last_try(tmp_path):
    tries = [f"TPM attestation retry is being attempted. Current retry attempt {n} of 3" for n in (1, 3)]
    *_, found = told(tmp_path, "\n".join([HARDWARE, *tries]))
    assert found.findings["item"].to_list() == ["Securing your hardware, at attestation retry 3 of 3"]


LOG = "C:\\Windows\\Logs\\Software\\Contoso_Reader_5.0_EN_01_PSAppDeployToolkit_Install.log"
FAILED = "Execution failed with exit code [1639]."


@pytest.mark.parametrize(
    ("lines", "item", "records"),
    [
        (
            ["# Writer does not install", LOG, 'CommandLine : "C:\\a b\\reader.exe" /S', FAILED],
            "Contoso Reader 5.0, run as reader.exe /S",
            [4, 2, 3],
        ),
        ([FAILED, LOG], "Contoso Reader 5.0", [1, 2]),
        (
            [
                "PSAppDeployToolkit",
                "Executing [C:\\a\\old.exe /U]...",
                "Executing [C:\\a\\new.exe /S]...",
                FAILED,
            ],
            "C:\\a\\new.exe /S",
            [4, 3],
        ),
        (["PSAppDeployToolkit", FAILED, "Executing [a.exe]...", "Executing [b.exe]..."], None, [2]),
        ([LOG, LOG.replace("Reader", "Writer"), FAILED], None, [3]),
    ],
)
def test_a_failure_of_the_toolkit_names_its_app_and_the_command_right_above_it(
    tmp_path, lines, item, records
):
    *_, found = told(tmp_path, "\n".join(lines))
    assert found.findings["item"].to_list() == [item]
    assert found.evidence["record"].to_list() == records


@pytest.mark.parametrize(
    ("lines", "verdict"),
    [
        (
            [
                "Running: Winget upgrade --id Contoso.Reader",
                "Successfully installed",
                "Reader update failed.",
            ],
            "The installation of Reader ended well, and the tool that ran it calls it failed",
        ),
        (
            [LOG, "Execution failed with exit code [0]."],
            "The installation of Contoso Reader 5.0 ended well, and the tool that ran it calls it failed",
        ),
    ],
)
def test_a_success_that_its_caller_calls_a_failure_is_the_answer_and_nothing_to_collect(
    tmp_path, lines, verdict
):
    (one,) = answer(*told(tmp_path, "\n".join(lines))).devices
    labels = [section.label for section in one.sections]
    assert one.verdict == verdict
    assert "Proof" in labels
    assert "Ask for" not in labels
    assert "Also found" not in labels


def test_a_server_of_another_management_is_read_in_its_own_words(tmp_path):
    fault = 'soap_fault: Request.RequestVersion="9.0" not in supported versions [4.0 5.0]'
    *_, found = told(tmp_path, f"{PAGE} 80180006\n{fault}\n")
    assert "Update the management server" in found.findings["remedy"][0]


def test_of_a_symptom_the_answer_says_that_its_cause_was_not_found(tmp_path):
    (one,) = answer(*told(tmp_path, "Account setup\nApps (0x81036502)\n")).devices
    words = "\n".join(line.text for section in one.sections for line in section.lines)
    assert "The cause was not found" in words


def test_a_guide_is_no_file_that_is_known(tmp_path):
    with pytest.raises(NotAnExport):
        told(tmp_path, f"{PAGE} 80180014\n## Cause\nx\n## Resolution\ny\n")


def test_beside_a_page_a_host_counts_that_is_sent_nowhere_and_that_a_deployment_needs(tmp_path):
    hosts = "0.0.0.0 ztd.dds.microsoft.com\n0.0.0.0 ads.example.com\n127.0.0.1 localhost\n"
    *_, found = told(tmp_path, f"{PAGE} 801c03ed\n{hosts}")
    assert found.findings.filter(pl.col("rule") == "HOST-BLOCKED-QUOTED")["item"].to_list() == [
        "ztd.dds.microsoft.com (Autopilot deployment service)"
    ]
    with pytest.raises(NotAnExport):
        told(tmp_path, hosts)


def test_a_code_that_is_only_told_is_no_verdict(tmp_path):
    (one,) = answer(*told(tmp_path, "Autopilot ends with 0x800a1391 in OOBE\n")).devices
    assert one.verdict.startswith("Outcome unknown")


def test_the_package_and_the_code_of_its_installer_are_one_finding(tmp_path):
    text = "Found Reader [Contoso.Reader] Version 5\nInstaller failed with exit code: 1603\n"
    *_, found = told(tmp_path, text)
    assert found.findings.select("item", "code").rows() == [("Reader", "0x80070643")]
    assert found.evidence["record"].to_list() == [2, 1]


GREETING = 'Hi, the connector is installed, hybrid devices stop at "Please wait". This is from the server:'
NO_ADDRESS = (
    '"DiagnosticText":"No. [Exception Message: \\"Failed to get a value for Key: OdjServiceBaseUrl\\"]"'
)
REFUSED = (
    '"ErrorCode":"1355",\n"DiagnosticCode":"0x00000800",\n'
    '"DiagnosticText":"No ODJ Blob [Exception Message: \\"x\\"]"'
)
HEAD = (
    "Log Name:      Microsoft-Intune-ODJConnectorService/Operational\n"
    "Source:        Microsoft-Intune-ODJConnectorService\nDate:          10/6/2026 3:04:51 PM\n"
    "Event ID:      30132\nLevel:         Error\nComputer:      srv.example.com\nDescription:\n"
)


def test_a_mail_with_a_connector_s_answer_names_the_proxy_that_is_shown_beside_it(tmp_path):
    proxy = "Current WinHTTP proxy settings:\n\n    Proxy Server(s) :  proxy.example.com:8080\n"
    *_, found = told(tmp_path, f"{GREETING}\n\n{NO_ADDRESS}\n\n{proxy}")
    assert found.findings.select("rule", "item").rows() == [
        ("CONNECTOR-NO-ADDRESS", "the proxy of its server is proxy.example.com:8080")
    ]
    assert found.evidence["record"].to_list() == [3, 7]
    *_, found = told(tmp_path, f"{GREETING}\n\n{NO_ADDRESS}\n")
    assert found.findings.select("rule", "item").rows() == [("CONNECTOR-NO-ADDRESS", None)]


def test_the_number_of_a_connector_s_answer_names_its_rule(tmp_path):
    *_, found = told(tmp_path, f"{GREETING}\n\n{REFUSED}\n")
    assert found.findings.select("rule", "item").rows() == [("CONNECTOR-NO-CONTROLLER", "ErrorCode 1355")]


def test_an_answer_that_stands_in_an_event_is_one_finding(tmp_path):
    *_, found = told(tmp_path, f"{HEAD}{{\n{REFUSED}\n}}\n")
    assert found.findings["rule"].to_list() == ["CONNECTOR-NO-CONTROLLER"]


LIMIT = "Die Installation hat das von Ihrer Organisation festgelegte Zeitlimit überschritten."


@pytest.mark.parametrize(
    ("lines", "stage"),
    [
        (["Geräteeinrichtung", "Fehler", LIMIT, "Kontoeinrichtung"], "device_setup"),
        (["Geräteeinrichtung", "Abgeschlossen", "Kontoeinrichtung", LIMIT], "account_setup"),
        (["In der Geräteeinrichtung geht es, in der Kontoeinrichtung nicht:", LIMIT], None),
        ([f"Geräteeinrichtung Apps (3 von 4 installiert) Zertifikate (1 von 1 da) {LIMIT} Kontoeinrichtung"],
         "device_setup"),
        (["Apps (3 von 4 installiert)", LIMIT], None),
    ],
    ids=["above", "the last above", "a sentence", "in one line", "no heading"],
)  # fmt: skip
def test_the_phase_is_the_heading_of_the_page_above_its_error(tmp_path, lines, stage):
    *_, found = told(tmp_path, "\n".join(lines) + "\n")
    assert found.findings.select("rule", "stage").rows() == [("PAGE-TIMED-OUT", stage)]


def test_of_the_parts_of_a_page_those_that_are_not_done_are_its_proof(tmp_path):
    lines = ["Zertifikate (1 von 1 angewendet)", "Apps (3 von 4 installiert)", LIMIT]
    *_, found = told(tmp_path, "\n".join(lines) + "\n")
    assert sorted(found.evidence["record"]) == [2, 3]


def test_a_page_at_work_names_the_part_and_the_phase_that_it_is_at(proofs):
    shown = [("phase device setup", "Device setup"), ("page in progress", "Certificates (0 of 1 applied)")]
    rows = proofs("QUOTED-ERRORS", properties=[(*line, "note.txt", "Quoted error") for line in shown])
    told = ("PAGE-WAITS", "device_setup", "Certificates (0 of 1 applied)")
    assert rows.select("rule", "stage", "item").rows() == [told]


def test_what_the_writer_says_of_the_restriction_chooses_among_the_meanings_of_the_code(tmp_path):
    screen = "Your organization does not support this version of Windows. (0x80180014)\n"
    *_, alone = told(tmp_path, screen)
    assert "Several causes are known" in alone.findings["meaning"][0]
    *_, found = told(tmp_path, f"{screen}Windows (MDM) is allowed, personally owned blocked.\n")
    (row,) = found.findings.to_dicts()
    assert (row["rule"], row["code"]) == ("PAGE-ENROLLMENT-FAILED", "0x80180014")
    assert "Personal devices are blocked" in row["meaning"]
    assert found.evidence["record"].to_list() == [1, 2]


def test_a_bare_code_is_told_with_its_meaning_and_as_no_cause(tmp_path):
    (one,) = answer(*told(tmp_path, "Laptop 12: red screen in white glove, 0x80070032.")).devices
    assert one.verdict == "Outcome unknown: 0x80070032 was written down, and a code alone proves nothing"
    why = next(part for part in one.sections if part.label == "Why").lines[0].text
    assert why.startswith("A bare code proves no failure and no cause")
    assert "0x80070032: " in why


@pytest.mark.parametrize(
    ("text", "home"),
    [
        ("OS Name:                   Microsoft Windows 11 Home\n", True),
        ("Betriebssystemname:        Microsoft Windows 11 Home\n", True),
        ("Current Edition : CoreSingleLanguage\n", True),
        ("Name: Windows(R), Core edition\n", True),
        (
            "OS Name:                   Microsoft Windows 10 Pro\n    EditionID    REG_SZ    Professional\n",
            False,
        ),
        ("Name: Windows(R), Core edition\n    EditionID    REG_SZ    Professional\n", False),
        ("OS Name:  Microsoft Windows 11 Home\n    EditionID    REG_SZ    Professional\n", False),
    ],
)
def test_pasted_commands_show_the_edition(tmp_path, text, home):
    if "Windows 10 Pro" in text:
        text += "We ordered Windows 11 Home devices.\n"
    *_, found = told(tmp_path, text)
    assert ("WINDOWS-HOME" in set(found.findings["rule"])) == home


PROVIDER = r"HKLM\Software\Microsoft\Windows\Autopilot\EnrollmentStatusTracking\Device\DevicePreparation"
CLIENT = f"The page keeps in {PROVIDER}\\PolicyProviders\\ConfigMgr:\n"


@pytest.mark.parametrize(
    ("text", "rule", "item", "proofs"),
    [
        (
            "Autopilot stops.\nPolicy: CA310-AnyApp-Compliant\nYou can’t get there from here.\n",
            "SIGN-IN-BLOCKED-QUOTED",
            "CA310-AnyApp-Compliant",
            2,
        ),
        (
            "When the laptop enrols, sign-in is blocked by your organization's security policies.\n",
            "SIGN-IN-BLOCKED-QUOTED",
            None,
            1,
        ),
        (
            "You can't get there from here. Error code: 53003\nApp name: Microsoft Intune Enrollment\n",
            "SIGN-IN-STOPPED-QUOTED",
            "AADSTS53003 (Microsoft Intune Enrollment)",
            1,
        ),
        (
            f"{CLIENT}InstallationState is 4, InstallDuration is 1800.\n",
            "CONFIGMGR-CLIENT-QUOTED",
            "InstallDuration 1800",
            1,
        ),
        (
            "Enrolment fails on two laptops.\nIn Intune personally owned devices are blocked.\n",
            "ENROLLMENT-RESTRICTED-QUOTED",
            None,
            1,
        ),
    ],
)
def test_a_cause_in_words_without_a_code_is_told(tmp_path, text, rule, item, proofs):
    *_, found = told(tmp_path, text)
    assert found.findings.select("rule", "item").rows() == [(rule, item)]
    assert found.evidence["record"].n_unique() == proofs


@pytest.mark.parametrize(
    "text",
    [
        'If you see "You can\'t get there from here", your device is not compliant.\n',
        "You can't get there from here by train.\n",
        "Six laptops went through the enrolment without any issue.\n",
        f"{CLIENT}InstallationState is 3, InstallDuration is 1700.\n",
        "Enrolment fails. Personal devices are not blocked.\n",
        "Policy: CA310-AnyApp-Compliant\nIt requires a compliant device.\n",
    ],
)
def test_words_that_are_near_tell_nothing(tmp_path, text):
    with pytest.raises(NotAnExport, match="is none of the files known here"):
        told(tmp_path, text)


def test_words_of_a_restriction_beside_a_page_stay_a_detail_of_it(tmp_path):
    *_, found = told(tmp_path, f"{PAGE} 80180014\nEnrolment fails: personally owned devices are blocked.\n")
    assert found.findings["rule"].to_list() == ["PAGE-ENROLLMENT-FAILED"]


RENAMED = "HasSucceeded : True\nWARNING: The changes will take effect after you restart the computer AP-0001."


@pytest.mark.parametrize(
    ("text", "loud"),
    [
        (f"{command('Rename-Computer', 'exception: Access is denied.')}\n{RENAMED}", False),
        (f"{RENAMED}\n{command('Rename-Computer', 'exception: Access is denied.')}", True),
        (f"{command('Get-AutopilotDevice', 'x')}\nAll devices synced. Elapsed time: 3 seconds", False),
        (f"{command('Rename-Computer', 'x')}\n1 devices imported successfully.", True),
        (command("Get-ChildItem", "Access is denied."), False),
    ],
)
def test_the_error_of_a_command_that_a_later_success_overtook_is_none(text, loud):
    assert bool(quotes_in(text.split("\n"))) is loud


def test_two_errors_of_commands_are_two_findings(tmp_path):
    password = command("Rename-Computer", "exception: The user name or password is incorrect.")
    taken = command("Rename-Computer", "exception: The account already exists.")
    *_, found = told(tmp_path, f"{password}\n\n{taken}\n\n{password}")
    assert sorted(found.findings["rule"]) == ["COMMAND-NAME-TAKEN-QUOTED", "COMMAND-PASSWORD-QUOTED"]
    assert set(found.findings["item"]) == {"Rename-Computer"}


BUSY = "[Install] :: Another MSI installation is already in progress and needs to be completed."
ENDED = "[Finalization] :: [Contoso_Reader_5.0_EN_01] install completed in [600.1] seconds with exit code"


@pytest.mark.parametrize(
    ("lines", "waited"),
    [
        ([BUSY, f"{ENDED} [60001]."], True),
        ([f"Deploy-Application: {BUSY} ends in {ENDED} [60001]."], True),
        ([BUSY, "Execution completed with exit code [0].", f"{ENDED} [60001]."], False),
        ([BUSY, f"{ENDED} [0].", f"{ENDED} [60001]."], False),
        ([f"{ENDED} [60001].", f"I wish it wrote {BUSY}"], False),
    ],
    ids=["above", "in one line", "waited and went on", "a deployment before went well", "only wished for"],
)
def test_a_wait_for_another_installation_right_before_its_end_is_why_the_toolkit_failed(
    tmp_path, lines, waited
):
    tables, trace, found = told(tmp_path, "\n".join(["PSAppDeployToolkit", *lines]))
    assert found.findings["item"].to_list() == ["Contoso Reader 5.0"]
    shown = " ".join(str(answer(tables, trace, found)).split())
    assert ("Windows Installer was busy with another installation (1618)" in shown) == waited


@pytest.mark.parametrize(
    ("text", "rule", "item", "follows"),
    [
        (
            "Account setup\nApps (0x81036502)\nAfter we unassigned Contoso VPN the ESP went through",
            "APP-SUSPECTED-REPORTED",
            "Contoso VPN",
            "PAGE-SETUP-FAILED",
        ),
        (
            "Device setup\nApps (error)\nDevice must be rebooted to complete installation of the application",
            "APP-RESTART-REPORTED",
            None,
            "PAGE-SETUP-FAILED",
        ),
        (
            "An app of ours ends with 0x87D1041C.\nNot detected with the ID Contoso.Reader.\n"
            "After I corrected the detection rule the app is found",
            "DETECTION-DIFFERS-REPORTED",
            "Contoso.Reader",
            "REPORTED-INTUNE-CODE",
        ),
    ],
)
def test_what_a_mail_says_of_the_app_beside_an_error_is_its_cause_as_reported(
    tmp_path, text, rule, item, follows
):
    *_, found = told(tmp_path, text)
    assert found.findings.filter(pl.col("role") == "cause").select("rule", "item").rows() == [(rule, item)]
    rest = found.findings.filter(pl.col("rule") == follows)["role"].to_list()
    assert rest == ["consequence"]


VPN = "Device setup: Apps (0x80070001)."


@pytest.mark.parametrize(
    ("words", "app"),
    [
        ("The Contoso VPN app causes it, on every laptop.", "Contoso VPN"),
        ("Deploying the Contoso VPN app causes an error.", "Contoso VPN"),
        ("Our Contoso VPN package fails.", "Contoso VPN"),
        ("It is always the app Contoso VPN that fails.", "Contoso VPN"),
        ("Die App Contoso VPN schlägt fehl.", "Contoso VPN"),
    ],
)
def test_an_app_that_a_mail_names_as_what_fails_is_the_cause_as_reported(tmp_path, words, app):
    tables, trace, found = told(tmp_path, f"{VPN}\n{words}")
    causes = found.findings.filter(pl.col("role") == "cause").select("rule", "item").rows()
    assert causes == [("APP-NAMED-REPORTED", app)]
    assert "which app" not in " ".join(str(answer(tables, trace, found)).split())


@pytest.mark.parametrize(
    "words",
    [
        "Could it be that the Contoso VPN app causes it?",
        "The Contoso VPN app never fails.",
        "The Contoso VPN app is there.",
        "The Win32 app fails.",
        "We have the app Contoso VPN.",
    ],
)
def test_an_app_that_is_asked_about_denied_or_only_named_is_no_cause(tmp_path, words):
    *_, found = told(tmp_path, f"{VPN}\n{words}")
    assert found.findings["rule"].to_list() == ["PAGE-SETUP-FAILED"]


@pytest.mark.parametrize(
    "words",
    [
        "If I continue anyway, the app will be installed correctly.",
        "When we click continue anyway, all works.",
        "The second try succeeds.",
        "It works at the second attempt.",
        "Wenn wir trotzdem fortfahren, ist die App installiert.",
        "Beim zweiten Versuch klappt es.",
    ],
)
def test_what_is_there_when_the_deployment_goes_on_was_installed_all_the_same(tmp_path, words):
    *_, found = told(tmp_path, f"{VPN}\n{words}")
    assert found.findings.filter(pl.col("role") == "cause")["rule"].to_list() == ["APP-LATER-REPORTED"]


@pytest.mark.parametrize(
    "words",
    [
        "If I continue anyway, the app is not installed.",
        "The second try does not work either.",
        "Does the second try work?",
        "The second try succeeds, does it?",
        "Beim zweiten Versuch klappt es nicht.",
    ],
)
def test_what_fails_again_is_not_called_there(tmp_path, words):
    *_, found = told(tmp_path, f"{VPN}\n{words}")
    assert found.findings["rule"].to_list() == ["PAGE-SETUP-FAILED"]


def test_an_app_that_is_named_and_there_later_is_one_cause(tmp_path):
    text = f"{VPN}\nThe Contoso VPN app fails.\nIf I continue, the app is installed."
    *_, found = told(tmp_path, text)
    causes = found.findings.filter(pl.col("role") == "cause").select("rule", "item").rows()
    assert causes == [("APP-LATER-REPORTED", "Contoso VPN")]


def test_a_page_whose_app_is_there_later_is_no_report_that_the_sender_contradicts(tmp_path):
    text = (
        f"{VPN}\nWe have no other policies in Intune.\nIf I continue, the app is installed.\n"
        "The detection fails, but later Intune sees that the app is installed."
    )
    *_, found = told(tmp_path, text)
    assert found.findings.filter(pl.col("role") == "cause")["rule"].to_list() == ["APP-LATER-REPORTED"]


@pytest.mark.parametrize(
    "words",
    [
        "in device setup or account setup, depending on the assignment",
        "during either the device setup phase or user phase",
        "in der Geräteeinrichtung oder Benutzereinrichtung",
    ],
)
def test_a_page_that_stops_in_the_one_phase_or_the_other_is_of_neither(tmp_path, words):
    *_, found = told(tmp_path, f"It stops {words}.\nThe code is Apps (0x80070001)")
    assert found.findings.select("stage", "item").rows() == [(None, "device setup or account setup, Apps")]


SILENT = (
    "The laptop ends with event 76, error 0x8018002A.\n"
    "0xCAA2000C The request requires user interaction.\nCode: interaction_required\n"
    "AADSTS50076: You must use multi-factor authentication.\n"
)


def test_a_token_that_windows_asked_for_by_itself_explains_the_enrolment_that_was_cancelled(tmp_path):
    *_, found = told(tmp_path, SILENT)
    roles = dict(found.findings.select("rule", "role").iter_rows())
    assert roles == {"SIGN-IN-SILENT-STOPPED-QUOTED": "cause", "REPORTED-ENROLLMENT-CODE": "consequence"}
    first = found.findings.row(0, named=True)
    assert "Multi-factor" in first["meaning"]
    assert "page showed" not in first["meaning"]


@pytest.mark.parametrize(
    ("text", "rule", "item", "severity"),
    [
        (
            "I get: That username looks like it belongs to another organization.",
            "SIGN-IN-OTHER-TENANT-SHOWN",
            None,
            "warning",
        ),
        (
            "KB5099991 is causing it\nUnable to retrieve device hardware data (hash) from computer x",
            "HASH-NOT-READ-UPDATE",
            "KB5099991",
            "warning",
        ),
    ],
)
def test_a_plain_sentence_is_told_with_what_it_names(tmp_path, text, rule, item, severity):
    *_, found = told(tmp_path, text)
    assert found.findings.select("rule", "item", "severity").rows() == [(rule, item, severity)]


def test_a_false_alarm_is_told_as_good_news(tmp_path):
    text = "The enrollment was called stalled: a false alarm, not an actual enrollment failure.\n"
    tables, trace, found = told(tmp_path, text)
    assert found.findings.select("rule", "severity").rows() == [("REPORTED-FALSE-ALARM", "info")]
    (said,) = answer(tables, trace, found)
    assert said.verdict.startswith("The deployment is reported to have gone well")


JOINED = "Event ID: 306\nMessage: Automatic registration Succeeded.\n"


@pytest.mark.parametrize(
    ("text", "well"),
    [
        (JOINED, "the join to Entra ID succeeded"),
        (
            "Autopilot: the enrolment completed successfully and the ESP finished without an error.\n",
            "the enrolment in Intune (MDM) succeeded and the status page came to its end",
        ),
        (
            "The hybrid join succeeded, the ESP finished, the Autopilot profile was applied.\n",
            (
                "the device got its Autopilot profile, the join to Entra ID succeeded and the status page "
                "came to its end"
            ),
        ),
    ],
)
def test_what_is_quoted_as_a_success_is_said_where_nothing_failed(tmp_path, text, well):
    tables, trace, found = told(tmp_path, text)
    assert set(found.findings["rule"]) == {"SUCCESS-QUOTED"}
    (said,) = answer(tables, trace, found)
    assert said.verdict == f"Nothing failed in what is quoted: {well}"


@pytest.mark.parametrize(
    "beside",
    [
        "Automatic registration failed at join phase. Exit code: 0x801c03f2\n",
        "The ESP stops at Apps (Failed) with 0x800705b4 in device setup.\n",
        "Still the laptop asks for the sign-in.\n",
        "Account setup\nApps (Identifying)\n",
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_success_never_hides_what_is_told_beside_it(tmp_path, beside, first):
    text = f"{JOINED}\n{beside}" if first else f"{beside}\n{JOINED}"
    tables, trace, found = told(tmp_path, text)
    assert "SUCCESS-QUOTED" not in set(found.findings["rule"])
    (said,) = answer(tables, trace, found)
    assert "nothing failed" not in said.verdict.lower()


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        (
            "White glove, red page: No Autopilot profile was found\n",
            {"SYMPTOM-NO-PROFILE-FOUND": "cause"},
        ),
        (
            "The AutopilotConfigurationFile.json is gone and OOBE shows the plain Windows setup.\n",
            {"SYMPTOM-PROFILE-FILE-GONE": "cause", "SYMPTOM-PLAIN-SIGN-IN": "consequence"},
        ),
        (
            "White glove has no reseal button, it ends with error 0x80180014\n",
            {"REPORTED-ENROLLMENT-CODE": "cause", "SYMPTOM-NO-RESEAL": "cause"},
        ),
    ],
)
def test_a_symptom_is_told_as_reported_beside_what_else_the_text_tells(tmp_path, text, rules):
    *_, found = told(tmp_path, text)
    assert dict(found.findings.select("rule", "role").iter_rows()) == rules


def test_of_a_symptom_the_answer_says_what_is_possible_and_what_decides(tmp_path):
    (said,) = answer(*told(tmp_path, "The Autopilot profile status stays Not assigned for hours.\n"))
    words = [line.text for section in said.sections for line in section.lines]
    assert said.verdict == "Intune shows no assigned profile for the device, as reported"
    assert any("Which of these it is, is not proven." in line for line in words)
    assert not any("This may be the reason" in line for line in words)


@pytest.mark.parametrize(
    ("text", "rule", "lines"),
    [
        (
            "Error 0x87D1FDE8 in the Intune report for the naming policy.\nYet all machines are renamed.\n",
            "REPORTED-SETTING-WORKS",
            2,
        ),
        ("Intune lists the script as failed, but the printers are mapped.\n", "REPORTED-SCRIPT-WORKS", 1),
    ],
)
def test_a_report_that_the_sender_contradicts_is_told_with_both_words(tmp_path, text, rule, lines):
    tables, trace, found = told(tmp_path, text)
    assert found.findings["rule"].to_list() == [rule]
    assert found.evidence.height == lines
    (said,) = answer(tables, trace, found)
    assert "reported as failed" in said.verdict
    assert "by the sender's word" in said.verdict


def test_a_code_of_a_setting_does_not_send_to_the_logs_of_apps(tmp_path):
    text = "The Intune report shows 0x87D1FDE8 for our policy.\n"
    (said,) = answer(*told(tmp_path, text))
    words = " ".join(line.text for section in said.sections for line in section.lines)
    assert "setting of an Intune policy" in said.verdict
    assert "installer" not in words
    assert "IntuneManagementExtension" not in words
