"""What somebody tells without a code: read where it is met, silent where it is asked, denied or explained."""

from __future__ import annotations

import polars as pl
import pytest

from autopilot_analysis.facts import read_facts, shared_pattern
from autopilot_analysis.facts.quote_groups import BARE, DESCRIBED, SYMPTOM
from autopilot_analysis.facts.quotes import kinds, quotes_in
from autopilot_analysis.facts.symptoms import (
    LONGEST,
    MOST_SYMPTOMS,
    is_denied,
    is_stated,
    may_describe,
    names_setup,
)

MET = {
    "SYMPTOM-NO-PROFILE-FOUND": [
        (
            'We preprovision 10 notebooks. The page turns red: "No Autopilot profile was found." '
            "There is no code."
        ),
        ("White glove: Es wurde kein Autopilot-Profil gefunden, Organisation: keine Organisation gefunden"),
        "Autopilot: Aucun profil Autopilot n'a été trouvé, écran rouge",
        "OOBE says: No se encontró ningún perfil de Autopilot",
        (
            "Hi,\nthe technician page of pre-provisioning shows\nOrganization: No organization "
            "found\nProfile: none"
        ),
        (
            "From: a@example.com\nTo: b@example.com\nSubject: red page\n\nHello,\nten Latitude "
            "laptops were imported last week. When the technician starts\nprovisioning the page "
            "goes red and we read no Autopilot profile was\nfound. What now?\n\nRegards"
        ),
        ("[10:02] Kim: oobe here\n[10:03] Kim: it just says 'No organization found' on white glove"),
        (
            "> The red screen reads: No AutoPilot profile was found\n\nSeen on two Surface devices "
            "in pre-provisioning"
        ),
        "Ticket 4711 | OOBE couldn't find an Autopilot profile",
    ],
    "SYMPTOM-KEYS-IN-VAIN": [
        "In OOBE I press the Windows key five times and nothing happens.",
        "Windows key x5 does nothing in OOBE, so we can't white glove",
        "If I hit the Win key 5 times on the Autopilot page there is no reaction",
        "Autopilot: wenn ich fünfmal die Windows-Taste drücke, passiert nichts",
        "We hit the Windows key 5x at the first OOBE page: nothing shows up",
        "Nothing happens when I press the Windows key five times during OOBE",
        "OOBE, Windows-Taste 5x gedrückt, keine Reaktion",
        "Dans OOBE, j'appuie cinq fois sur la touche Windows et rien ne se passe",
        "Five presses of the Windows key have no effect in OOBE",
    ],
    "SYMPTOM-KEYS-PRESET": [
        "Windows 5x shows nothing in OOBE since we preset the keyboard",
        (
            "In OOBE pressing Windows five times does nothing. That is so since we set the "
            "keyboard layout in the profile."
        ),
    ],
    "SYMPTOM-PROFILE-NEEDS-TPM": [
        (
            "Intune: Assignment of 'Lobby' failed - Self-Deploying mode requires TPM 2.0 hardware. "
            "The TPM is 2.0 according to Get-Tpm."
        ),
        'Assignment of "Kiosk" failed - Self-Deploying mode requires TPM 2.0 hardware',
    ],
    "SYMPTOM-PROFILE-NEEDS-TPM-PE": [
        (
            "The portal says: Self-deploying mode requires TPM 2.0 hardware. We collected the hash "
            "with oa3tool from a WinPE stick."
        ),
    ],
    "SYMPTOM-WINGET-NOT-FOUND": [
        "Our Intune script for 7-Zip runs as SYSTEM and logs: winget is not recognized",
        "Intune Win32-App läuft als SYSTEM, Log: winget wurde nicht gefunden",
        "ESP: The term 'winget' is not recognized as the name of a cmdlet",
        "Intune: our PowerShell wrapper can't find winget when it runs as SYSTEM during ESP",
        "AppWorkload.log of the Intune app: winget.exe not found",
    ],
    "SYMPTOM-PROFILE-FILE-GONE": [
        (
            "Since the in-place upgrade of the reference machine AutopilotConfigurationFile.json "
            "is missing and OOBE starts without our profile"
        ),
        ("Existing devices task sequence: Windows never picks up the Autopilot profile, it is 1903."),
        "Autopilot für vorhandene Geräte: die JSON-Datei ist nach Sysprep verschwunden",
        "After sysprep the AutopilotConfigurationFile.json has vanished",
        (
            "Our existing-devices task sequence lost the Autopilot JSON after the upgrade to 1909; "
            "OOBE comes up plain."
        ),
    ],
    "SYMPTOM-PLAIN-SIGN-IN": [
        "The Autopilot laptops ask for a personal account in OOBE, no company logo anywhere",
        (
            "OOBE zeigt 'Wie möchten Sie dieses Gerät einrichten' statt unserer Anmeldung, "
            "Autopilot ist zugewiesen"
        ),
        "Our Autopilot device goes to the normal Windows setup.",
        "Autopilot device, but OOBE asked 'Set up for personal use' or work",
        "Registered Autopilot laptops show the generic Windows OOBE",
        "Users get prompted for a Microsoft account during Autopilot",
        "Autopilot: OOBE verlangt ein Microsoft-Konto",
    ],
    "SYMPTOM-OTHER-COMPANY": [
        "Autopilot reset laptops show another company's logo at sign in",
        "The used notebooks we bought show a different company's sign-in page in OOBE",
    ],
    "SYMPTOM-LOCAL-ACCOUNT": [
        "After Autopilot the user ends up in a local account and not in Entra",
        "Autopilot: der Benutzer landet in einem lokalen Konto",
        "Autopilot finished but the user was signed in with a local account",
    ],
    "SYMPTOM-NO-RESEAL": [
        "White glove has no reseal button",
        ("Pre-provisioning finished on ten devices, but the Reseal button is missing on two of them."),
        "Vorabbereitstellung mit Autopilot: die Reseal-Schaltfläche fehlt",
        "There is no reseal button on the green page (pre-provisioning)",
        "whiteglove done, reseal button doesn't appear",
    ],
    "SYMPTOM-NO-STATUS-PAGE": [
        "Does anybody know why the ESP never shows on Autopilot laptops?",
        "What can we do? The ESP never shows.",
        "The ESP never shows on our new laptops, users go straight to the desktop",
        "Enrollment status page is skipped completely since last week",
        "Die Statusseite erscheint nicht, obwohl das Profil zugewiesen ist (Autopilot)",
        "We do not see the Enrollment Status Page at all.",
        "ESP gets skipped on the second site",
        "ESP isn't shown to our users, they land on the desktop",
    ],
    "SYMPTOM-NO-STATUS-PAGE-V2": [
        "We use device preparation and the ESP doesn't appear",
    ],
    "SYMPTOM-STATUS-PAGE-AGAIN": [
        "ESP shows up for every user who signs in on the shared PC",
    ],
    "SYMPTOM-NAME-NOT-APPLIED": [
        "The Autopilot device name template is not applied, PCs keep DESKTOP-XXXX",
        "Autopilot: Das Gerät behält den Namen DESKTOP-0815",
        ("Autopilot devices ignore the naming template: naming template ignored, still LAPTOP-1234"),
        "After Autopilot the laptop is still called DESKTOP-AB12CD",
        "Device name template doesn't work in Autopilot hybrid",
    ],
    "SYMPTOM-UPDATE-NOT-IN-OOBE": [
        ("During OOBE the device does not install the cumulative update, on the desktop it does (24H2)"),
        "Quality updates are not offered in OOBE on the new image",
        "Windows doesn't get the latest cumulative update during Autopilot",
        "While in OOBE no updates are found, on the desktop they are",
    ],
    "SYMPTOM-USER-IS-ADMINISTRATOR": [
        "Autopilot profile says standard user but the user is local admin afterwards",
        "Autopilot user ends up local administrator although profile is set to standard",
    ],
    "SYMPTOM-WEAKER-ENCRYPTION": [
        "Intune: BitLocker encrypts with 128 bit instead of 256 after Autopilot",
        "Drives are encrypted with XTS-AES 128-bit instead of 256 on Autopilot machines",
    ],
    "SYMPTOM-NO-LAPS-PASSWORD": [
        "After the technician flow of pre-provisioning there is no LAPS password",
    ],
    "SYMPTOM-KIOSK-AT-SIGN-IN": [
        "Autopilot kiosk does not auto logon, it shows the sign-in screen",
        "Kiosk profile via Autopilot: autologon fails on the kiosk",
    ],
    "SYMPTOM-SIGN-IN-TWICE": [
        "Users have to enter their password again in the middle of ESP device setup",
        "Autopilot: the ESP asks for credentials a second time",
    ],
    "SYMPTOM-AT-IDENTIFYING": [
        "Autopilot: ESP is stuck on Identifying for apps",
        'ESP hangs on "Identifying" since this morning',
    ],
    "SYMPTOM-AT-PREPARING": [
        "The VM hangs at Preparing your device for mobile management (Autopilot)",
        "stuck at 'Preparing your device for mobile management' for an hour in OOBE",
    ],
    "SYMPTOM-PREPARATION-AT-100": [
        "Device preparation is stuck at 100%",
        "Gerätevorbereitung bleibt bei 100 % stehen",
        "Autopilot device preparation stays on 100% and nothing more",
    ],
    "SYMPTOM-PREPARATION-SKIPPED": [
        "Device preparation never starts, the user lands on the desktop without apps",
        "With device preparation the user goes directly to the desktop, no apps",
    ],
    "SYMPTOM-NO-RECOVERY": [
        "Autopilot Reset: Could not find the recovery environment",
        "Autopilot-Reset: Die Wiederherstellungsumgebung wurde nicht gefunden (zurücksetzen)",
    ],
    "SYMPTOM-RESET-NOT-OFFERED": [
        "Autopilot Reset is greyed out at the lock screen",
    ],
    "SYMPTOM-NO-DIAGNOSTICS-PAGE": [
        "Ctrl+Shift+D does nothing in OOBE",
    ],
    "SYMPTOM-COLLECTION-PENDING": [
        "Intune Collect diagnostics stays pending for two days",
    ],
    "SYMPTOM-TWO-OBJECTS": [
        "Hybrid Autopilot: Entra shows two objects for each laptop",
        "Hybrid join: Azure AD has two entries for the same laptop",
    ],
    "SYMPTOM-PROVISIONING-NOT-OFFERED": [
        "Windows Autopilot provisioning option is missing in the menu",
    ],
    "SYMPTOM-DEFAULT-USER": [
        ("After white glove the laptop asks for the password of defaultuser0, defaultuser0 sign-in"),
    ],
    "SYMPTOM-PROFILE-UNASSIGNED": [
        'Autopilot profile status stays "Not assigned" for hours',
        'Profile in Autopilot devices still shows "Unassigned"',
    ],
    "SYMPTOM-NO-NETWORK": [
        "OOBE: no Wi-Fi networks, only the LAN port works (Autopilot)",
        "OOBE has no wifi adapter (Autopilot, new model)",
    ],
    "SYMPTOM-NO-WEB-SIGN-IN": [
        "After pre-provisioning web sign-in is missing",
    ],
    "SYMPTOM-LANGUAGE-PAGES": [
        "Autopilot still asks for the keyboard although the profile sets it",
    ],
}
"""What people tell of each symptom, under its rule."""
WORKS = {
    "REPORTED-APP-WORKS": [
        "The Intune report says the app failed, but the app is installed and opens.",
        "Im Portal steht die App auf Fehler, obwohl die App installiert ist",
        'Win32 app shows "Failed" in Intune even though it is installed on every laptop',
        "Company Portal says the app failed to install, however the application works fine",
    ],
    "REPORTED-SETTING-WORKS": [
        "Intune shows error -2016281112 for the naming policy but the machine is renamed",
        "-2016281112 but the machine is renamed",
        "compliance error, setting is on the device",
        (
            "Remediation failed (0x87D1FDE8) in the portal for the wallpaper policy.\nStrangely it "
            "works fine on all machines."
        ),
        "The policy is applied but the portal still shows error for every device",
        (
            "Intune report red, machine is encrypted though: BitLocker policy says error in the "
            "report but the drive is encrypted"
        ),
        (
            "Intune marks the device as not compliant although BitLocker policy is applied and the "
            "drive is encrypted"
        ),
        "Intune zeigt für die Richtlinie einen Fehler, aber die Einstellung ist gesetzt",
        ("Error 0x87D1FDE8 for our custom OMA-URI in Intune but the value is there in the registry"),
    ],
    "REPORTED-SCRIPT-WORKS": [
        "All printers are mapped by the PowerShell script but Intune reports it as failed",
        (
            "Platform script shows Failed in the admin center. However, the registry keys are set "
            "on the clients."
        ),
        "Intune-Bericht: Skript fehlgeschlagen, aber die Laufwerke sind verbunden",
        "The script did its job on all clients, yet Intune lists it as Failed",
    ],
    "REPORTED-DEPLOYMENT-WORKS": [
        (
            "The Autopilot deployment report lists the laptop as failed, yet the device works fine "
            "and is enrolled"
        ),
        (
            "Autopilot deployment status in the report: failed, but the laptop is enrolled and "
            "everything works"
        ),
    ],
}
"""What people tell of a report that is red and of a thing that works, under its rule."""
SILENT = [
    "What does 'No Autopilot profile was found' mean?",
    "If OOBE says 'No Autopilot profile was found', restart the device.",
    ("In this article we look at the message No Autopilot profile was found and how to avoid it."),
    "# No Autopilot profile was found\nRegister the device first (Autopilot).",
    "| No Autopilot profile was found | register the device | Autopilot |",
    "Known issues\nNo Autopilot profile was found\nWhite glove has no reseal button",
    "We had 'No Autopilot profile was found', which was solved by a new assignment",
    "Last year OOBE told us No Autopilot profile was found",
    "The Autopilot page no longer says No Autopilot profile was found",
    "Make sure that OOBE does not show No Autopilot profile was found",
    "Autopilot runs fine, all ten devices reached the desktop.",
    "Is the reseal button missing by design in self-deploying mode?",
    "The reseal button appears when pre-provisioning is done.",
    "When does the ESP appear for a second user?",
    "Can the ESP be skipped for every user?",
    "The ESP may be skipped where the setting is off.",
    "How do I install winget apps as SYSTEM with Intune?",
    "winget found the package and Intune installed it as SYSTEM",
    "OOBE may ask for a personal account unless a profile is assigned",
    "Should the device name template be applied in hybrid Autopilot?",
    "The device name template is applied in Autopilot since we shortened it",
    "Press the Windows key five times in OOBE to open the options",
    "Autopilot: pressing the Windows key five times opens the menu, nothing is wrong",
    "A user in Intune works with a local account on a kiosk",
    "Self-deploying mode needs TPM 2.0",
    "Does self-deploying mode require TPM 2.0 hardware in Autopilot?",
    "BitLocker in Autopilot uses 256 bit as wanted",
    "Device preparation reached 100% and the desktop came",
    (
        "No Autopilot profile was found\nWhite glove has no reseal button\nESP never "
        "shows\nDevice name template is not applied in Autopilot"
    ),
    "We removed the JSON file from the Autopilot image by hand",
    (
        "Windows Autopilot pre-provisioning lets a technician prepare a device. From the first "
        "OOBE page press the Windows key five times, choose Windows Autopilot provisioning and "
        "select Reseal at the end. If the page is red, collect the logs."
    ),
    ("Tip of the week: OOBE shows the plain Windows sign-in if no Autopilot profile is assigned."),
    "The Enrollment Status Page can be hidden from users by a profile of Intune.",
    "Release notes: fixed an issue where the reseal button was missing in Autopilot.",
    (
        "Q: Why would OOBE ask for a personal account?\nA: Because no Autopilot profile is "
        "assigned.\nQ: What does No organization found mean?\nA: The device is not registered."
    ),
    "Is it possible that the ESP is not shown for hybrid devices?",
    "Does anyone have a guide for winget as SYSTEM in Intune?",
    "We want the ESP to be skipped for the second user. How?",
    "We want users to be local admin in Autopilot, not standard users.",
    "Autopilot rollout: 40 devices done, no issues. ESP shows as expected.",
    "Please skip the ESP on kiosk devices (Autopilot).",
    "Can I have Windows 11 skip the language pages in Autopilot?",
    "Request: hide the reseal button until apps are done (pre-provisioning).",
    "How long is device preparation expected to stay at 100%?",
    "Requirement: the device must not end up with a local account after Autopilot.",
    "Our policy: no web sign-in on Autopilot devices.",
    "The profile is assigned and Autopilot works.",
    "Is the profile still not assigned?",
    "Autopilot: add the Wi-Fi driver to the image when there is no network.",
    "No network is needed for the offline Autopilot profile.",
]
"""Questions, conditions, denials, wishes, lists, pages of help, and what went well."""
NO_CONTRAST = [
    "Intune reports the app as failed and the app is not installed.",
    "The app failed in Intune but the other apps are installed",
    "Intune shows the script as failed, but it works when I run it manually",
    "Intune shows the policy as failed although it worked last week",
    "The portal says failed. Is the setting applied on the device?",
    "Does Intune report failed if the app is installed?",
    "The app is installed and Intune reports success",
    "Intune shows error for the app, but the device is not enrolled",
    "The setting is applied on the device.",
    "Autopilot failed but the laptop works after a reinstall by hand",
    "If Intune says failed but the app is installed, check the detection rule.",
    "The app failed in Intune. We removed it and the device is enrolled.",
    "Intune shows the app as failed. It is installed on the old laptops only.",
    "Intune report: 3 failed, 40 succeeded. The policy is applied on 40 devices.",
    "Win32 app failed in Intune with 0x87D1041C but the device itself works",
    "Setting the value by hand works but Intune shows an error",
    "Error in the Intune portal, but the app is not there and does not work.",
    "Autopilot device shows failed in report but works fine on the old tenant",
]
"""Failures and successes that do not contradict each other, and questions about them."""


def rules_of(text):
    """Return the rules of what a text tells in its own words."""
    known = {kind.kind: kind for kind in kinds()}
    told = (known[quote.kind] for quote in quotes_in(text.splitlines()))
    return {kind.rule for kind in told if kind.group in DESCRIBED}


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in MET.items() for text in texts])
def test_a_symptom_is_known_in_the_words_of_whoever_met_it(rule, text):
    assert rules_of(text) == {rule}


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in WORKS.items() for text in texts])
def test_what_works_although_a_report_calls_it_failed_is_known_by_both(rule, text):
    assert rules_of(text) == {rule}


@pytest.mark.parametrize("text", [*SILENT, *NO_CONTRAST])
def test_what_nobody_met_is_no_symptom(text):
    assert rules_of(text) == set()


def test_each_symptom_has_words_and_an_example():
    asked = {kind.rule for kind in kinds() if kind.group in DESCRIBED}
    assert asked == MET.keys() | WORKS.keys()
    words = {kind.words.removeprefix("(?i)") for kind in kinds() if kind.group in DESCRIBED}
    assert words == {shared_pattern(name) for name in read_facts("symptom_words")["name"]}


@pytest.mark.parametrize("rule", sorted(rule for rule in MET if rule != "SYMPTOM-TWO-OBJECTS"))
def test_a_symptom_is_no_proof_of_its_cause(rule):
    words = read_facts("rules").row(by_predicate=pl.col("rule") == rule, named=True)
    assert float(words["confidence"]) <= 0.6
    assert "not proven" in words["meaning"] or "No failure" in words["meaning"]


@pytest.mark.parametrize(
    "line",
    [
        "Autopilot: where the page is wrong, call us if the reseal button is missing.",
        "It is not true that the reseal button is missing.",
        "Autopilot: the reseal button is missing if no profile is there.",
        "| the reseal button is missing | Autopilot |",
    ],
)
def test_a_condition_a_denial_and_a_row_of_a_table_are_met_by_nobody(line):
    assert rules_of(f"About Autopilot:\n{line}") == set()


SYMPTOMS = ["White glove has no reseal button.", "The ESP never shows.", "Ctrl+Shift+D does nothing in OOBE."]


def test_as_many_symptoms_as_one_report_tells_are_no_list():
    assert len(SYMPTOMS) == MOST_SYMPTOMS
    assert len(rules_of("\n".join(SYMPTOMS))) == MOST_SYMPTOMS
    assert rules_of("\n".join([*SYMPTOMS, "Autopilot Reset is greyed out."])) == set()


def test_a_symptom_is_told_in_a_short_text_alone():
    lines = ["We build laptops."] * (LONGEST - 1)
    assert rules_of("\n".join([*lines, SYMPTOMS[0]]))
    assert not rules_of("\n".join([*lines, "And more.", SYMPTOMS[0]]))


def test_a_text_that_names_no_setup_tells_no_symptom_of_it():
    assert may_describe("Autopilot stopped.")
    assert not may_describe("The bus has no reseal button.")
    assert names_setup("Im Portal von Intune")


def test_a_sentence_ends_at_a_stop_and_not_inside_a_version():
    line = "Does it work? With build 26100.1742 the ESP never shows."
    at = line.index("the ESP")
    assert is_stated(line, at, len(line) - 1)
    asked = "Is it by design that with build 26100.1742 the ESP never shows?"
    assert not is_stated(asked, asked.index("the ESP"), len(asked) - 1)


def test_a_thing_that_is_gone_is_denied_and_one_that_is_met_is_not():
    line = "The message no longer appears."
    assert is_denied(line, 0, len("The message"))
    assert not is_denied("The message appears.", 0, len("The message"))


def test_a_bare_code_beside_a_symptom_is_told_too():
    groups = {kind.kind: kind.group for kind in kinds()}
    told = {groups[quote.kind] for quote in quotes_in([SYMPTOMS[0], "It ends with 0x80070774."])}
    assert told == {SYMPTOM, BARE}


def test_beside_the_words_of_an_error_page_a_symptom_is_not_told_again():
    page = "Securing your hardware (0x800705b4)"
    kinds_of = {kind.kind: kind.group for kind in kinds()}
    told = [kinds_of[quote.kind] for quote in quotes_in([page, SYMPTOMS[0]])]
    assert SYMPTOM not in told
    assert told
