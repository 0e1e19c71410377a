"""What scripts show on the screen that import devices into Autopilot, and refusals of Graph -> rows.

`Get-WindowsAutopilotInfo` and its kin print a line for each device with the state of its import, and how many
they still wait for; where Graph refuses a request, PowerShell prints the answer of the server, and so do
other tools. Whoever writes of it names the address, or the import in plain words, and the status.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import msgspec
import polars as pl

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.facts import shared_pattern
from autopilot_analysis.facts.import_states import any_import_state, import_row
from autopilot_analysis.facts.listed_objects import SEARCHED
from autopilot_analysis.facts.refused_calls import (
    BODY,
    METHOD,
    STATUS_WORDS,
    addresses_in,
    refused_calls,
    stands_above_its_request,
    status_of,
)
from autopilot_analysis.facts.refused_imports import RETRIES, by_hand, refused_imports
from autopilot_analysis.patterns import late
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.service.fleet_rows import read_rows
from autopilot_analysis.readers.service.report_columns import rename
from autopilot_analysis.readers.text import decode, split_lines
from autopilot_analysis.readers.texts.properties import Properties

REPORT = "importedWindowsAutopilotDeviceIdentities"
REFUSED = "Request refused"
"""Begins the section of a request that the service refused; its number stands behind it."""
IMPORT_RUN = "Import run"
"""The section of the line by which a script counts what it imported, where it names no device."""
IMPORT, BY_HAND = "import", "by hand"
"""The names of the words of an import that was refused, and of those that say that it works by hand."""
COUNTED = r"^[ \t>]{0,8}(\d{1,6}) devices? imported successfully\b"
UNFINISHED = "unknown"
"""The state of an import that was begun and of which no end was shown (Graph spells it so)."""
SPELT = {
    "Authorization_RequestDenied": "403",
    "accessDenied": "403",
    "InvalidAuthenticationToken": "401",
    "Request_ResourceNotFound": "404",
    "ResourceNotFound": "404",
    "Request_BadRequest": "400",
    "activityLimitReached": "429",
}
"""Codes of errors by which Graph says more than its HTTP status."""
_ENDED = late(
    rf"\s*(?P<serial>\S{{3,128}}): (?P<state>{any_import_state()}) (?P<code>-?\d{{1,10}})"
    r"(?: (?P<name>\w{1,80}))?\s*$"
)
_BEGUN = late(rf"\s*{shared_pattern('IMPORT BEGUN')}(?P<serial>\S{{3,128}})\s*$")
_REQUEST = late(rf"\b{METHOD} https?://\S{{1,2048}}")
_DATE = late(r"^\s*Date: (\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT)")
_CODE = late(r'\{"error":\s?\{"code":\s?"(\w{1,80})"|^\s*ErrorCode: (\w{1,80})')
_MESSAGE = late(r'[Mm]essage\\?":\s?\\?"(?!\{)([^"\\]{1,1000})')
_SCOPE = late(r"\b[A-Z]\w{3,60}(?:\.[A-Z]\w{2,40}){1,3}\.All\b")
"""A permission of Graph."""
PERMISSIONS = "permissions named"
"""The name of the permissions that a text names beside a refusal, outside the answer itself."""
BELOW = 40
"""So many lines below the status of an answer its body may begin."""
_BODY = late(r'^\s*\{\s*"error"\s*:\s*\{')
_LAYERS = 4
"""So many errors that are wrapped into one another are opened."""
_FOR_SUPPORT = late(r" - Operation ID.*")


class _Refusal(msgspec.Struct):
    """One answer of the service that is a refusal, the line it begins in, and what it says."""

    record: int
    facts: dict[str, str] = msgspec.field(default_factory=dict)


def read_import_screen(content: bytes, member: str = "") -> Reading:
    """Return the imports that a script showed, and the requests that the service refused.

    Args:
        content: The whole file.
        member: Its path, for messages.

    Returns:
        Rows of `identities`, one a device, its last state; of one whose end is not shown it is `UNFINISHED`.
        Rows of `properties` for each refusal, in a section of its own: request, status, code, message and
        date as far as they are shown; where no device is named, for the line that counts the imported ones.

    Raises:
        NotThisFormat: The text shows neither.
    """
    text = decode(content)
    lines = split_lines(text)
    imports = _imports(lines)
    body = _body(text)
    refusals = _with_permissions(_refusals(lines), lines) if body is None else [body]
    counted = [] if imports else [(n, line) for n, line in enumerate(lines, 1) if re.match(COUNTED, line)]
    if not imports and not refusals and not counted:
        raise NotThisFormat.of(member, "shows no import of a device and no refused request.")
    found = Properties()
    for number, refusal in enumerate(refusals, 1):
        for name, value in refusal.facts.items():
            found.add(f"{REFUSED} {number}", name, value, refusal.record)
    for record, line in counted:
        found.add(IMPORT_RUN, "Devices imported", line.strip(), record)
    rows = dict(found.reading().rows) if len(found) else {}
    if not imports:
        return Reading(rows)
    read = read_rows(rename(REPORT, pl.DataFrame(list(imports.values()), infer_schema_length=None)))
    return Reading({**read.rows, **rows}, read.unread)


def _body(text: str) -> _Refusal | None:
    """Return the refusal that a whole text is the body of, None for any other text.

    An error may hold another one as text in its message, whose words are the nearer ones.
    """
    if not _BODY.match(text):
        return None
    try:
        outer = json.loads(text)["error"]
    except (ValueError, RecursionError):
        return None
    return _Refusal(1, _of_error(outer))


def _of_error(outer: object) -> dict[str, str]:
    """Return status, code and message of an error, as far as they are known."""
    facts: dict[str, str] = {}
    codes = []
    layer: object = outer
    for _ in range(_LAYERS):
        if not isinstance(layer, dict):
            break
        words = {str(name).lower(): value for name, value in layer.items()}
        codes.append(str(words.get("code") or words.get("errorcode") or ""))
        message = words.get("message")
        if isinstance(message, str):
            facts["message"] = " ".join(_FOR_SUPPORT.sub("", message, count=1).split())
        layer = _inner(message)
    known = [code for code in codes if code in STATUS_WORDS or code in SPELT]
    code = next(reversed(known), next(filter(None, reversed(codes)), ""))
    status = STATUS_WORDS.get(code) or SPELT.get(code)
    named = {"status": status, "code": code[:80], "message": facts.get("message", "")[:SEARCHED]}
    return {name: value for name, value in named.items() if value}


def _inner(message: object) -> object:
    """Return the error that a message holds as text, None where it holds none."""
    if not isinstance(message, str) or not message.lstrip().startswith("{"):
        return None
    try:
        found = json.loads(message)
    except (ValueError, RecursionError):
        return None
    return found.get("error", found) if isinstance(found, dict) else None


def _imports(lines: list[str]) -> dict[str, dict[str, str | None]]:
    """Return each device by its serial, with the last that was shown of its import."""
    found: dict[str, dict[str, str | None]] = {}
    for line in lines:
        if begun := _BEGUN.match(line[:SEARCHED]):
            found.setdefault(begun["serial"], import_row(begun["serial"], UNFINISHED, None, None))
        elif ended := _ENDED.match(line[:SEARCHED]):
            name = None if ended["name"] in (None, "None") else ended["name"]
            found[ended["serial"]] = import_row(ended["serial"], ended["state"], ended["code"], name)
    return found


def _refusals(lines: list[str]) -> list[_Refusal]:
    """Return the refusals of a text; one that is shown again in the same words counts once."""
    found: list[_Refusal] = []
    request = ""
    written = {call.line + 1: call for call in refused_calls(lines)}
    imports = {one.line + 1: one for one in refused_imports(lines)}
    for record, line in enumerate(lines, 1):
        text = line[:SEARCHED]
        if asked := _request(text):
            request = asked
            if found and record - found[-1].record == 1 and stands_above_its_request(lines[record - 2]):
                found[-1].facts["request"] = request
        if call := written.get(record):
            found.append(_Refusal(record, {"request": call.request, "status": call.status}))
            request = ""
        elif (one := imports.get(record)) and not request:
            given = {"status": one.status} if one.status else {"code": RETRIES}
            found.append(_Refusal(record, {IMPORT: one.text, **given}))
        elif status := status_of(text):
            found.append(_Refusal(record, {"request": request} if request else {}))
            found[-1].facts["status"] = status
            request = ""
        if found:
            _add(found[-1].facts, text)
    found += _bodies_alone(lines, found)
    if imports and (works := next(by_hand(lines), None)) is not None:
        for refusal in found:
            refusal.facts[BY_HAND] = works
    unique = {tuple(each.facts.items()): each for each in reversed(found)}
    return sorted(unique.values(), key=_record)


def _request(text: str) -> str:
    """Return the request that a line names, "" for none."""
    asked = _REQUEST.search(text)
    return asked[0] if asked else next(iter(addresses_in(text)), "")


def _bodies_alone(lines: list[str], found: list[_Refusal]) -> Iterator[_Refusal]:
    """Yield the refusals of which only the body is shown, with the request above it."""
    text = "\n".join(lines)
    for hit in BODY.finditer(text):
        record = text.count("\n", 0, hit.start()) + 1
        if any(record - BELOW <= refusal.record <= record for refusal in found):
            continue
        try:
            outer, _ = json.JSONDecoder().raw_decode(text, hit.start())
        except (ValueError, RecursionError):
            continue
        facts = _of_error(outer["error"])
        above = [asked for line in lines[:record] if (asked := _request(line[:SEARCHED]))]
        if "status" in facts:
            yield _Refusal(record, {"request": above[-1], **facts} if above else facts)


def _with_permissions(refusals: list[_Refusal], lines: list[str]) -> list[_Refusal]:
    """Return refusals with the permissions that the text names outside their answers."""
    own = (line[:SEARCHED] for line in lines if _MESSAGE.search(line[:SEARCHED]) is None)
    named = dict.fromkeys(scope for line in own for scope in _SCOPE.findall(line))
    for refusal in refusals if named else ():
        refusal.facts[PERMISSIONS] = ", ".join(named)
    return refusals


def _add(facts: dict[str, str], text: str) -> None:
    """Add what a line behind the status of a refusal tells of it, the first of each."""
    if code := _CODE.search(text):
        facts.setdefault("code", code[1] or code[2])
    if message := _MESSAGE.search(text):
        facts.setdefault("message", _FOR_SUPPORT.sub("", message[1]).strip())
    if date := _DATE.search(text):
        facts.setdefault("date", date[1])


def _record(refusal: _Refusal) -> int:
    return refusal.record
