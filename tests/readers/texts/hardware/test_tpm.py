from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.export import open_export
from autopilot_analysis.export.magic import kinds_of
from autopilot_analysis.export.sources import classify
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.texts.hardware.tpm import read_aik_text, read_tpm_text, read_uefi_text

TPM = """2026-01-02T03:04:05
TpmHLI GetVersion result: 0x00000000
TpmHLI Version: 2.0
Manufacturer: Example Chips
TpmHLI IsReady for Storage result: 0x00000000
Ready: True
TpmHLI IsReady for Attestation result: 0x00000000
Ready: False
Bits:  0x0000000000000002
  -NoValidEkCert: No valid EK cert found
"""
AIK = """-----BEGIN NEW CERTIFICATE REQUEST-----
QUJD
REVG
-----END NEW CERTIFICATE REQUEST-----
https://ex-keyid-1.example.com/templates/Aik/scep
GetCACaps: Not Found
{"Message":"The authority \\"ex-keyid-1.example.com\\" does not exist."}
HTTP/1.1 404 Not Found
Certificate Request Processor: Not found (404). 0x80190194 (-2145844844 HTTP_E_STATUS_NOT_FOUND)
"""
UEFI = """2026-01-02T03:04:05
UEFI is supported.
Namespace: {00000000-0000-0000-0000-000000000001}, variable name: FLAG
Error: 0x800700cb
Namespace: {00000000-0000-0000-0000-000000000001}, variable name: MARKER
Value: {00000000-0000-0000-0000-000000000002}
UEFI query complete.
"""


def rows(read, text):
    return read(text.encode()).rows["properties"].rows()


def test_readiness_stands_under_what_it_is_for():
    found = rows(read_tpm_text, TPM)
    assert found[0] == (1, "", "time", "2026-01-02T03:04:05")
    assert (3, "", "TpmHLI Version", "2.0") in found
    assert (6, "Storage", "Ready", "True") in found
    assert found[-3:] == [
        (8, "Attestation", "Ready", "False"),
        (9, "Attestation", "Bits", "0x0000000000000002"),
        (10, "Attestation", "NoValidEkCert", "No valid EK cert found"),
    ]


def test_the_answer_to_a_certificate_request_is_taken_apart():
    assert rows(read_aik_text, AIK) == [
        (1, "", "NEW CERTIFICATE REQUEST", "QUJDREVG"),
        (5, "", "url", "https://ex-keyid-1.example.com/templates/Aik/scep"),
        (6, "", "GetCACaps", "Not Found"),
        (7, "server", "Message", 'The authority "ex-keyid-1.example.com" does not exist.'),
        (8, "", "http", "404 Not Found"),
        (
            9,
            "",
            "Certificate Request Processor",
            "Not found (404). 0x80190194 (-2145844844 HTTP_E_STATUS_NOT_FOUND)",
        ),
        (9, "", "code", "0x80190194"),
    ]


def test_a_request_cut_in_its_base64_keeps_what_is_there():
    assert rows(read_aik_text, "-----BEGIN CERTIFICATE-----\nQUJD\n") == [(1, "", "CERTIFICATE", "QUJD")]


def test_firmware_variables_stand_under_their_namespace():
    space = "{00000000-0000-0000-0000-000000000001}"
    assert rows(read_uefi_text, UEFI)[1:] == [
        (2, "", "text", "UEFI is supported."),
        (4, space, "FLAG error", "0x800700CB"),
        (6, space, "MARKER", "{00000000-0000-0000-0000-000000000002}"),
        (7, "", "text", "UEFI query complete."),
    ]


def test_another_text_is_refused():
    for read in (read_tpm_text, read_aik_text, read_uefi_text):
        with pytest.raises(NotThisFormat):
            read(b"hello: you")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200) | st.text(alphabet='-{}"tpm: 0x1\n', max_size=200).map(str.encode))
def test_any_bytes_give_a_reading_or_are_refused(noise):
    for read, head in ((read_tpm_text, TPM), (read_aik_text, AIK), (read_uefi_text, UEFI)):
        assert isinstance(read(head.encode() + noise), Reading)
        with suppress(NotThisFormat):
            assert isinstance(read(noise), Reading)


def test_the_genuine_texts_read_to_the_last_line(genuine):
    cabinet = genuine / "mdm-diagnostics-23h2.cab"
    members = {member.path.rsplit("/", 1)[-1]: member for member in open_export(cabinet).members}
    assert read_tpm_text(members["TpmHliInfo_Output.txt"].read()).count == 12
    assert read_uefi_text(members["UEFI_Data_Output.txt"].read()).count == 5


TOOL = b"""tpmtool getdeviceinformation

-TPM Present: True
-TPM Version: 2.0
-Lockout Information:
\t-Is Locked Out: False
"""


def test_lines_of_the_tpm_tool_keep_their_hyphen():
    rows = read_tpm_text(TOOL).rows["properties"].select("record", "name", "value").rows()
    assert (3, "-TPM Present", "True") in rows
    assert (4, "-TPM Version", "2.0") in rows
    assert (6, "-Is Locked Out", "False") in rows


def test_one_line_of_json_is_the_servers_answer():
    rows = read_aik_text(b'{"Message":"Attestation was refused. Example."}').rows["properties"]
    assert rows.select("section", "name", "value").rows() == [
        ("server", "Message", "Attestation was refused. Example.")
    ]


SPANISH = """C:\\> tpmtool getdeviceinformation

-TPM presente: Verdadero
-Versión de TPM: 2.0
-Id. del fabricante de TPM: NTC
-Nombre completo del fabricante: Nuvoton Technology
-Versión del fabricante de TPM: 7.2.0.1
-Versión de PPI: 1.3
-Inicializado: Verdadero
-Listo para almacenamiento: Verdadero
-Listo para atestación: Falso
-Borrado posible: Verdadero
"""


def test_the_tpm_tool_is_read_in_any_language_by_the_order_of_its_lines():
    found = [row[2:] for row in rows(read_tpm_text, SPANISH)]
    assert found[1:] == [
        ("-TPM Present", "True"),
        ("-TPM Version", "2.0"),
        ("-TPM Manufacturer ID", "NTC"),
        ("-TPM Manufacturer Full Name", "Nuvoton Technology"),
        ("-TPM Manufacturer Version", "7.2.0.1"),
        ("-PPI Version", "1.3"),
        ("-Is Initialized", "True"),
        ("-Ready For Storage", "True"),
        ("-Ready For Attestation", "False"),
        ("-Borrado posible", "Verdadero"),
    ]


@pytest.mark.parametrize(
    ("text", "other"),
    [("Falso", "Quizás"), ("7.2.0.1", "siete"), ("-Listo para almacenamiento: Verdadero\n", "more\n")],
)
def test_lines_of_another_shape_or_with_a_third_word_keep_their_own_words(text, other):
    strange = SPANISH.replace(text, other)
    if text == "Falso":
        strange = strange.replace("almacenamiento: Verdadero", "almacenamiento: Falso")
    assert ("-TPM presente", "Verdadero") in [row[2:] for row in rows(read_tpm_text, strange)]


REQUEST = """EnrollStatus(9): CR_DISP_DENIED (2)
GetCACaps: Not Found
{"Message":"No valid TPM EK/Platform certificate provided in the TPM identity request message."}
HTTP/1.1 400 Bad Request
Certificate Request Processor: Bad request (400). 0x80190190 (-2145844848 HTTP_E_STATUS_BAD_REQUEST)
"""
MESSAGE = "No valid TPM EK/Platform certificate provided in the TPM identity request message."
READY = "-TPM Present: True\n-TPM Version: 2.0\n-Ready For Attestation: True\n"


def shape_of(text, name="mail.txt"):
    source = classify(name, kinds_of(text.encode()), text)
    return source and source.source


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (REQUEST, "aik_text"),
        (f'C:\\>certreq -enrollaik -config ""\n\n{REQUEST}', "aik_text"),
        (f"Good morning,\nthis came out of the laptop:\n\n> {REQUEST}", "aik_text"),
        (f"C:\\>tpmtool getdeviceinformation\n{READY}\nC:\\>certreq -enrollaik\n{REQUEST}", "tpm_text"),
        ("We ran certreq -enrollaik and saw EnrollStatus in the log.\n", None),
    ],
)
def test_what_certreq_prints_is_known_behind_a_prompt_and_in_a_mail(text, source):
    assert shape_of(text) == source


def test_what_a_mail_quotes_is_read_as_it_was_printed():
    quoted = "\n".join(f"> {line}" for line in f"{READY}\n{REQUEST}".splitlines())
    assert shape_of(f"Hi,\n{quoted}\n") == "tpm_text"
    names = [row[2] for row in rows(read_tpm_text, quoted)]
    assert {"-Ready For Attestation", "Message", "http"} <= set(names)
    alone = "\n".join(f">> {line}" for line in REQUEST.splitlines())
    assert [row[3] for row in rows(read_aik_text, alone) if row[2] == "Message"] == [MESSAGE]


def test_the_answer_to_a_request_is_read_beside_what_the_tool_says_of_the_tpm():
    text = f"A mail\n{READY}\nC:\\>certreq -enrollaik\n{REQUEST}\nC:\\>echo Message: done\nIsPresent : True\n"
    read = {(section, name): value for _, section, name, value in rows(read_tpm_text, text)}
    assert read["server", "Message"] == MESSAGE
    assert (read["", "http"], read["", "code"]) == ("400 Bad Request", "0x80190190")
    assert (read["", "-Ready For Attestation"], read["", "IsPresent"]) == ("True", "True")


def test_of_a_mail_around_a_request_only_lines_with_a_code_are_kept():
    text = (
        f"Dear all,\nMessage: it stops with 0x81039001\nBest regards\nPS C:\\> certreq -enrollaik\n{REQUEST}"
    )
    found = rows(read_aik_text, text)
    assert found[0] == (2, "", "text", "Message: it stops with 0x81039001")
    assert [row[3] for row in found if row[2] == "Message"] == [MESSAGE]
    assert not any(row[0] in (1, 3) for row in found)
