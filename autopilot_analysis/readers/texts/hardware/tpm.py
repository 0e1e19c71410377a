"""TPM and firmware texts of the MDM diagnostics tool -> what the TPM is and whether it can attest."""

from __future__ import annotations

import re
from collections.abc import Sequence

from autopilot_analysis.codes import code_of
from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.facts.pasted_outputs import PROMPT
from autopilot_analysis.facts.tpm_tool import as_known
from autopilot_analysis.patterns import late
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.text import decode, split_lines
from autopilot_analysis.readers.texts.json_text import facts_of, read_objects
from autopilot_analysis.readers.texts.key_value import pair_of
from autopilot_analysis.readers.texts.properties import Properties

_TIME = late(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_READY = late(r"TpmHLI IsReady for (?P<purpose>[A-Za-z ]{1,40}?) result:", re.IGNORECASE)
_OF_COLLECTOR = late(
    r"(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"
    r"|(?:TpmHLI GetVersion result|TpmHLI IsReady for \w{1,20} result|Bits): {1,2}0x[0-9a-fA-F]{8,16}"
    r"|(?:TpmHLI Version|Manufacturer|VendorId|Uefi Is Present|Ready): [\w.,() -]{1,40})? *"
)
"""A line of TpmHliInfo_Output.txt as the MDM diagnostics tool writes it of a TPM that is ready."""
_BIT = late(r"\s*-(?P<name>\w{1,60}): (?P<meaning>.*)")
_TPM = late(r"tpm|ek ?cert|attestation", re.IGNORECASE)
_VARIABLE = late(r"Namespace: (?P<space>\{[^}]{1,60}\}), variable name: (?P<name>.{1,200})", re.IGNORECASE)
_AIK = late(r"certificate|attestation|GetCACaps|microsoftaik|\bAIK\b|enrollaik|certreq", re.IGNORECASE)
_BEGIN, _END = late(r"---\s*BEGIN (?P<label>[^-]{1,60}?)\s*---"), late(r"---\s*END ")
_HTTP = late(r"HTTP/[\d.]{1,4} (?P<status>\d{3}\b.*)")
_CODE = late(r"\b0x[0-9A-Fa-f]{8}\b")
_QUOTE = late(r"^(?:[ \t]?>){1,4}[ \t]?")
_ASKED = late(r"\bcertreq(?:\.exe)?\s{1,4}-enrollaik\b", re.IGNORECASE)
_STATUS = late(r"\s*EnrollStatus\(\d{1,3}\):")
"""The first line that `certreq -enrollaik` prints."""
OWN_NAME = ("certreq", "aik")
"""What stands in the name of the file in which the collector keeps that."""
ANSWER = r"\S{1,12}"
"""A word for true or false."""
TOOL_LINES = (
    ("-TPM Present", ANSWER),
    ("-TPM Version", r"\d\.\d"),
    ("-TPM Manufacturer ID", r"[A-Z]{2,4}"),
    ("-TPM Manufacturer Full Name", r".*"),
    ("-TPM Manufacturer Version", r"\d[\d.]*"),
    ("-PPI Version", r"\d\.\d"),
    ("-Is Initialized", ANSWER),
    ("-Ready For Storage", ANSWER),
    ("-Ready For Attestation", ANSWER),
)
"""How `tpmtool getdeviceinformation` begins, in one order in every language, and the shape of each value."""


def read_tpm_text(content: bytes, member: str = "") -> Reading:
    """Return what TpmHliInfo_Output.txt says: version, maker, and readiness for storage and attestation.

    The lines of `tpmtool getdeviceinformation` keep the hyphen that they begin with in their name; in another
    language than English the first of them are known by their order, and named and answered in English.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Returns:
        A reading of properties. Section is "Storage" or "Attestation" from the line on that says how ready
        the TPM is for it, else empty. A reason it is not ready stands under its symbol, such as
        NoValidEkCert. The first line is "time".

    Raises:
        NotThisFormat: Nothing in the text is about a TPM.
    """
    text = decode(content)
    if not _TPM.search(text):
        raise NotThisFormat.of(member, "says nothing about a TPM.")
    found, section = Properties(), ""
    lines = _unquoted(text)
    foreign, requests = _in_english(lines), _requests(lines)
    for record, line in enumerate(lines, 1):
        if record in requests:
            if line.strip():
                _add_answer(found, record, line.strip())
            continue
        if record in foreign:
            found.add("", *foreign[record], record)
            continue
        ready, bit = _READY.match(line), _BIT.match(line)
        section = ready["purpose"].strip() if ready else section
        pair = (bit["name"], bit["meaning"].strip()) if bit else _named(line)
        if pair:
            found.add(section, as_known(pair[0]), pair[1], record)
    return found.reading()


def is_of_collector(content: bytes) -> bool:
    """Tell whether each line of a text is one that the MDM diagnostics tool writes of a TPM that is ready.

    Args:
        content: The whole file.
    """
    return all(map(_OF_COLLECTOR.fullmatch, split_lines(decode(content))))


def _unquoted(text: str) -> list[str]:
    """Return the lines of a text, without the signs by which a mail quotes another."""
    return [_QUOTE.sub("", line, count=1) for line in split_lines(text)]


def _requests(lines: Sequence[str]) -> frozenset[int]:
    """Return the numbers of the lines that `certreq -enrollaik` printed, in a text of several commands."""
    inside, found = False, []
    for record, line in enumerate(lines, 1):
        if _STATUS.match(line):
            inside = True
        elif PROMPT.match(line):
            inside = _ASKED.search(line) is not None
            continue
        if inside:
            found.append(record)
    return frozenset(found)


def _in_english(lines: Sequence[str]) -> dict[int, tuple[str, str]]:
    """Return the first lines of the tool in another language than English, by their number: name and value.

    Of a TPM that has a version the first line says that it is there: its word is the one for true, and the
    only other word of such lines the one for false.
    """
    pairs = {at: pair for at, line in enumerate(lines, 1) if line.startswith("-") and (pair := pair_of(line))}
    first = min(pairs, default=0)
    first_pairs = [pairs.get(first + place, ("", "")) for place in range(len(TOOL_LINES))]
    shaped = all(
        re.fullmatch(shape, value) for (_, shape), (_, value) in zip(TOOL_LINES, first_pairs, strict=True)
    )
    if not shaped or first_pairs[0][0] == TOOL_LINES[0][0]:
        return {}
    yes = first_pairs[0][1]
    answers = [
        value for (_, shape), (_, value) in zip(TOOL_LINES, first_pairs, strict=True) if shape == ANSWER
    ]
    no = set(answers) - {yes}
    if len(no) > 1:
        return {}
    english = {yes: "True", **dict.fromkeys(no, "False")}
    return {
        first + place: (name, english[value] if shape == ANSWER else value)
        for place, ((name, shape), (_, value)) in enumerate(zip(TOOL_LINES, first_pairs, strict=True))
    }


def read_aik_text(content: bytes, member: str = "") -> Reading:
    """Return what CertReq_enrollaik_Output.txt says: the try to get a certificate for the attestation key.

    Of a text of another name, such as a mail, only what the command printed is read, and lines with a code.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Returns:
        A reading of properties: lines `name: value` as such; "code" for each result code, "http" for each
        HTTP status, "url" for each address, the label of each certificate or request with its Base64 text;
        the fields of a server's JSON message in section "server"; any other line is "text".

    Raises:
        NotThisFormat: Nothing in the text is about a certificate request.
    """
    text = decode(content)
    if not _AIK.search(text):
        raise NotThisFormat.of(member, "says nothing about a certificate request.")
    found = Properties()
    block: tuple[int, str, list[str]] | None = None
    lines = _unquoted(text)
    name = member.replace("\\", "/").rpartition("/")[2].lower()
    own = None if all(part in name for part in OWN_NAME) else _requests(lines)
    for record, line in enumerate(lines, 1):
        if own and record not in own:
            if "0x" in line:
                found.add("", "text", line.strip(), record)
            continue
        begin = _BEGIN.search(line)
        if block and not _END.search(line):
            block[2].append(line.strip())
        elif block:
            found.add("", block[1], "".join(block[2]), block[0])
            block = None
        elif begin:
            block = (record, begin["label"], [])
        elif line.strip():
            _add_answer(found, record, line.strip())
    if block:
        found.add("", block[1], "".join(block[2]), block[0])
    return found.reading()


def read_uefi_text(content: bytes, member: str = "") -> Reading:
    """Return what UEFI_Data_Output.txt says: firmware variables that mark the device for Autopilot.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Returns:
        A reading of properties: section is the variable's namespace, name the variable. A variable that
        could not be read has "error" behind its name and the result code as its value.

    Raises:
        NotThisFormat: The text does not mention UEFI.
    """
    text = decode(content)
    if "uefi" not in text.lower():
        raise NotThisFormat.of(member, "does not mention UEFI.")
    found, space, variable = Properties(), "", ""
    for record, line in enumerate(split_lines(text), 1):
        match = _VARIABLE.match(line.strip())
        pair = _named(line)
        if match:
            space, variable = match["space"], match["name"].strip()
        elif pair and variable and pair[0].lower() in ("error", "value"):
            failed = pair[0].lower() == "error"
            value = (code_of(pair[1], "result") or pair[1]) if failed else pair[1]
            found.add(space, f"{variable} error" if failed else variable, value, record)
        elif pair:
            found.add("", *pair, record)
    return found.reading()


def _named(line: str) -> tuple[str, str] | None:
    """Return one line as name and value: a time, a pair, or a text; None when it is empty."""
    bare = line.strip()
    if _TIME.fullmatch(bare):
        return ("time", bare)
    return pair_of(line) or (("text", bare) if bare else None)


def _add_answer(found: Properties, record: int, line: str) -> None:
    """Add one line of the answer to a certificate request."""
    if line.startswith("{"):
        objects, _ = read_objects(line)
        for fact in (fact for value in objects for fact in facts_of(value)):
            found.add("server" + ("/" + fact.section if fact.section else ""), fact.name, fact.value, record)
        if objects:
            return
    http = _HTTP.match(line)
    pair = None if line.lower().startswith(("http:", "https:")) else pair_of(line)
    name = "http" if http else "url" if line.lower().startswith(("http:", "https:")) else "text"
    found.add("", *(pair or (name, http["status"] if http else line)), record)
    for code in _CODE.findall(line):
        found.add("", "code", code_of(code, "result"), record)
