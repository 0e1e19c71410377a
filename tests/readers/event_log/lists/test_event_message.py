"""Fields from rendered messages: what shows in every language is taken, nothing is guessed."""

from __future__ import annotations

import json

import pytest

from autopilot_analysis.readers.event_log.lists.event_message import fields_of

DM = "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider"
AP = "Microsoft-Windows-ModernDeployment-Diagnostics-Provider"
UDR = "Microsoft-Windows-User Device Registration"
BITLOCKER = "Microsoft-Windows-BitLocker-API"
NODE = "./Vendor/MSFT/Policy/Config/Update/Pause"
REFUSED = (
    "MDM ConfigurationManager: Command failure status. Configuration Source ID: (7E), Enrollment Name: "
    f"(MDMDeviceWithAAD), Provider Name: (Policy), Command Type: (Add), CSP URI: ({NODE}), Result: ("
)


def fields(provider, event_id, message, values=None):
    found = fields_of(provider, event_id, message, values)
    return None if found is None else json.loads(found)


@pytest.mark.parametrize(
    "message",
    [
        "MDM Enroll: Failed (Unknown Win32 Error code: 0x80180018)",
        "MDM-Registrierung: Fehler (Unbekannter Win32-Fehlercode: 0x80180018)",
    ],
)
def test_a_code_in_brackets_is_the_result(message):
    assert fields(DM, 71, message) == {"HRESULT": "0x80180018"}


def test_a_single_code_is_taken_wherever_it_stands():
    message = "Inscription MDM : échec (Code d’erreur Win32 inconnu : 0x80180014)"
    assert fields(DM, 71, message) == {"HRESULT": "0x80180014"}
    other = "Erreur 0x801c03f3 pendant l’étape AADEnroll."
    assert fields(AP, 302, other) == {"State": 3, "HRESULT": "0x801C03F3"}
    assert fields("Example", 5, other) == {"HRESULT": "0x801C03F3", "RenderedMessage": other}


@pytest.mark.parametrize("code", ["0xCAA82F8F", "0xCAA82EE2", "0xCAA9002C"])
def test_of_a_token_that_was_not_given_the_code_is_that_of_the_error_and_none_of_its_log(code):
    log = "AdalLog: HRESULT: 0xcaa9002b\nAdalLog: HRESULT: 0x4aa90010"
    message = f"AdalMessage: example failed\nAdalErrorCode: {code.lower()}\nAdalLog: HRESULT: {code}\n{log}"
    assert {fields(UDR, number, message)["HRESULT"] for number in (500, 502)} == {code.lower()}
    assert "HRESULT" not in fields(UDR, 304, message)
    for quiet in ("AdalLog: Token is not available in the cache ; HRESULT: 0x0", "AdalErrorCode: 0x0"):
        assert "HRESULT" not in fields(UDR, 500, quiet)


def test_of_two_codes_none_is_taken():
    assert fields("Example", 5, "0x80070005, then 0x80070002") == {
        "RenderedMessage": "0x80070005, then 0x80070002"
    }


def test_an_english_message_gives_the_fields_of_its_manifest():
    assert fields(DM, 404, f"{REFUSED}Unknown Win32 Error code: 0x86000002).") == {
        "Message1": "7E", "Message2": "MDMDeviceWithAAD", "Message3": "Policy", "InternalCmdType": "Add",
        "Message5": NODE, "HexInt1": "0x86000002",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("The system cannot find the file specified.", "0x80070002"),
        ("The request is not supported.", "0x80070032"),
        ("Words that Windows has for another thing.", None),
    ],
)
def test_a_result_in_words_of_windows_is_their_code_and_the_message_stays(words, code):
    message = f"{REFUSED}{words})."
    found = fields(DM, 404, message)
    assert (found["Message5"], found.get("HexInt1"), found["RenderedMessage"]) == (NODE, code, message)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (
            "MDM Unenroll: No. Result: (The specified service does not exist as an installed service.)",
            "0x80070424",
        ),
        ("MDM Enroll: It failed. RAWResult: (0x800706D9) Result: (Access is denied.)", "0x800706D9"),
        ("MDM Enroll: It failed. Result: (Access is denied.) Result: (Element not found.)", None),
        ("MDM Enroll: The file says (Access is denied.)", None),
    ],
)
def test_words_count_where_a_result_stands_and_no_code_does(message, code):
    assert fields(DM, None, message).get("HRESULT") == code


def test_in_another_language_the_path_of_a_setting_is_known_by_its_shape():
    message = (
        f"MDM-KonfigurationsManager: Befehlsfehlerstatus. Quelle: (7E), URI: ({NODE}), Ergebnis: (Nicht da.)."
    )
    assert fields(DM, 404, message) == {"Message5": NODE, "RenderedMessage": message}


@pytest.mark.parametrize(("said", "command"), [("Get", "Get"), ("Exec", "Exec"), ("7E", None)])
def test_in_another_language_a_command_is_known_by_its_word_before_the_path(said, command):
    message = f"MDM-Konfigurations-Manager: Fehler. Befehlstyp: ({said}), CSP-URI: ({NODE}), Ergebnis: (-)."
    assert fields(DM, 404, message).get("InternalCmdType") == command


@pytest.mark.parametrize(
    ("result", "code"),
    [
        ("Result: (Another installation is already in progress. Complete that one.)", "0x80070652"),
        ("Ergebnis: (Eine andere Installation wird bereits ausgeführt.)", "0x80070652"),
        ("Result: (Fatal error during installation.)", "0x80070643"),
        ("Result: (The server name or address could not be resolved)", "0x80072EE7"),
        ("Result: (This installation package could not be opened. Ask somebody.)", None),
    ],
)
def test_words_of_windows_installer_are_its_code(result, code):
    message = f"An application install has failed. MSI ProductCode: {{8C0D}}, {result}."
    assert fields(DM, 1924, message).get("HRESULT") == code


def test_a_result_that_a_console_wrapped_is_the_same_words():
    wrapped = f"{REFUSED}The system cannot find\n               the file specified.)."
    assert fields(DM, 404, wrapped)["HexInt1"] == "0x80070002"


@pytest.mark.parametrize(("state", "number"), [("Available", 3), ("NotProvisioned", 1)])
def test_the_state_of_the_profile_is_the_last_that_is_named(state, number):
    message = (
        f"AutopilotManager reported the state changed from ProfileState_Unknown to ProfileState_{state}."
    )
    assert fields(AP, 153, message)["UpdateState"] == number


def test_a_state_nobody_knows_stays_unknown():
    assert "UpdateState" not in fields(AP, 153, "from ProfileState_Unknown to ProfileState_Other.")


@pytest.mark.parametrize(("number", "word"), [(1, "DEVICE"), (8, "DEVICE_UNJOIN")])
def test_what_kind_of_join_was_asked_for_shows_in_any_language(number, word):
    assert fields(UDR, 102, f"Eingaben:\n JoinRequest: {number} ({word})")["JoinRequestType"] == number


def test_values_are_named_by_the_manifest_where_they_fit_it():
    assert fields(DM, 76, "x", [0, 2149056554]) == {"HexInt1": 0, "HRESULT": 2149056554}
    assert fields(DM, 76, "x", [0]) == {"Data": [0]}
    assert fields("Example", 5, "x", ["a"]) == {"Data": ["a"]}


def test_an_event_that_says_nothing_has_no_fields():
    assert fields("Example", 5, None) is None
    assert fields(None, None, " ") is None


def test_a_message_is_searched_at_its_beginning_and_kept_up_to_a_bound():
    state = "ProfileState_Available"
    for blanks, known in ((4096 - len(state), True), (4097 - len(state), False)):
        message = f"x{' ' * (blanks - 1)}{state}"
        assert ("UpdateState" in fields(AP, 153, message)) is known
    assert len(fields("Example", 5, "x" * 70_000)["RenderedMessage"]) == 65_536


def test_values_beyond_those_of_any_event_are_left_out():
    assert len(fields("Example", 5, "x", list(range(300)))["Data"]) == 256


GERMAN = (
    "MDM ConfigurationManager: Befehlsfehlerstatus. Konfigurationsquellen-ID: (7E), Registrierungsname: "
    "(MDMDeviceWithAAD), Anbietername: (RemoteWipe), Befehlstyp: (Exec: from Replace or Add), CSP-URI: "
    f"({NODE}), "
)


@pytest.mark.parametrize(
    "result",
    [
        "Ergebnis: (Die Anforderung wird nicht unterstützt.).",
        "Résultat : (Cette demande n’est pas prise en charge.).",
    ],
)
def test_a_result_in_words_of_another_language_is_its_code(result):
    found = fields(DM, 404, GERMAN + result)
    assert (found["Message5"], found["HRESULT"]) == (NODE, "0x80070032")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Der Hashwert ist nicht richtig.", "0x80091007"),
        ("O tempo limite da operação foi atingido", "0x80072EE2"),
        ("Esta operação retornou porque o tempo limite expirou.", "0x800705B4"),
        ("Une erreur de sécurité s’est produite.", "0x80072F8F"),
        ("De gegevens zijn ongeldig.", "0x8007000D"),
        ("Der Hashwert ist richtig.", None),
    ],
)
def test_a_result_in_brackets_needs_no_full_stop_and_no_other_word(words, code):
    assert fields(DM, 32, f"SCEP: x: ({words})").get("HRESULT") == code


@pytest.mark.parametrize(
    ("provider", "message", "code"),
    [
        (BITLOCKER, "Ohne Erfolg.\n\nFehler: Das Zeitlimit für den Vorgang wurde erreicht.", "0x80072EE2"),
        (BITLOCKER, "Sin éxito. Error: Acceso denegado.. TraceId: {0}", "0x80070005"),
        (BITLOCKER, "Ohne Erfolg. Der Zugriff wurde verweigert.", None),
        (DM, "Ohne Erfolg. Fehler: Das Zeitlimit für den Vorgang wurde erreicht.", None),
    ],
)
def test_bitlocker_shows_its_result_behind_a_colon(provider, message, code):
    assert fields(provider, 846, message).get("HRESULT") == code


def test_what_a_mail_goes_on_with_is_no_part_of_a_message():
    found = fields(DM, 404, f"{GERMAN}Ergebnis: (Zugriff verweigert).\n\nDann kam 0x80180014 auf der Seite.")
    assert found["HRESULT"] == "0x80070005"
    assert found["RenderedMessage"].endswith("Ergebnis: (Zugriff verweigert).")


def test_a_message_that_a_mail_broke_in_the_middle_is_kept_whole():
    found = fields(DM, 404, f"{GERMAN.rstrip()}\n\nErgebnis: (Zugriff verweigert).")
    assert found["HRESULT"] == "0x80070005"


WLAN = "Microsoft-Windows-WLAN-AutoConfig"


@pytest.mark.parametrize(
    ("message", "values"),
    [
        (
            "Wireless 802.1x authentication failed.\r\n\r\nNetwork SSID: Example-Corp\r\n"
            "Reason: Explicit Eap failure received\r\nError: 0x80420100\r\n"
            "EAP Root cause String: The certificate could not be found.\r\n",
            ("Example-Corp", "Explicit Eap failure received", "The certificate could not be found."),
        ),
        (
            "Fehler bei der 802.1X-Authentifizierung.\n\nNetzwerk-SSID: Example Corp 2\n"
            "Grund: Ein EAP-Fehler wurde empfangen\nFehler: 0x80420100\n",
            ("Example Corp 2", "Ein EAP-Fehler wurde empfangen", None),
        ),
    ],
)
def test_a_refusal_of_a_network_names_it_and_its_reason_in_its_message(message, values):
    found = fields(WLAN, 12013, message)
    assert tuple(found.get(name) for name in ("SSID", "ReasonText", "EapRootCauseString")) == values
    assert found["HRESULT"] == "0x80420100"


JOIN_PHASE = "Automatic registration failed at join phase. Exit code:"
JOINING = "The join request failed with exit code:"
NO_DEVICE = "The device that is required by this cryptographic provider is not ready for use."
NOT_FIPS = "The TPM is attempting to execute a command only available when in FIPS mode."


@pytest.mark.parametrize(
    ("number", "message", "code"),
    [
        (304, f"{JOIN_PHASE} Keyset does not exist\nServer error: empty", "0x80090016"),
        (304, f"{JOIN_PHASE} Keyset does not exist Server error: empty Tenant type: x", "0x80090016"),
        (304, "Fehler in der Joinphase. Exitcode: Der Schlüsselsatz ist nicht vorhanden..", "0x80090016"),
        (304, "Échec de l’inscription. Code de sortie : Le jeu de clés n’existe pas Erreur", "0x80090016"),
        (202, f"{JOINING} {NOT_FIPS}. Inputs: x", "0x80280036"),
        (202, f"{JOINING} {NO_DEVICE}. Inputs: x", "0x80090030"),
        (205, f"{JOINING} Access is denied.. Inputs: x", "0x80070005"),
        (304, f"{JOIN_PHASE} The operation completed successfully. \nServer error: Access is denied.", None),
        (304, f"{JOIN_PHASE} Access is deniedly said", None),
        (304, f"{JOIN_PHASE} Unknown HResult Error code: 0x801c0021 Server error: Access is denied.",
         "0x801C0021"),
        (100, "The request began. Said: Access is denied.", None),
    ],
    ids=[
        "on a line", "in one line", "German", "French", "two dots", "of the key", "another event",
        "a success is none", "longer words", "the number itself", "an event without an exit code",
    ],
)  # fmt: skip
def test_an_exit_code_in_windows_words_is_its_code(number, message, code):
    assert fields(UDR, number, message).get("HRESULT") == code
