"""JSON as services hand it out -> objects: a page, pages one after another, an array, lines, a cut page.

The same objects as PowerShell shows them, one property a line, are taken too.
"""

from __future__ import annotations

import json
from typing import Any

import msgspec

from autopilot_analysis.errors import EXPORT_AGAIN, NotThisFormat
from autopilot_analysis.export.opening import DAMAGED_REPORT, DEVICE_PAGE, WEB_PAGE
from autopilot_analysis.facts import page_of_service
from autopilot_analysis.facts.web_answers import SEARCHED, head_of
from autopilot_analysis.readers.objects.partner_batch import imports_of, is_partner_batch
from autopilot_analysis.readers.objects.powershell_json import Object, as_served
from autopilot_analysis.readers.objects.printed_objects import named_beside, printed_objects
from autopilot_analysis.readers.reading import Unread

PAGE = page_of_service()

ENVELOPES = ("value", "values", "Values", "rows", "data")
"""Names under which services put the rows of a page."""

BESIDE = "the words around the objects name what no object shows:"
"""Begins the gap that says so."""
ASK_AGAIN = "ask the service again for the state of the device's import"


class Objects(msgspec.Struct):
    """The objects of one member, in order, and what the paging says about the rest."""

    rows: list[Object] = msgspec.field(default_factory=list)
    next_link: bool = False
    cut: bool = False
    paged: bool = False
    """Whether other pages beside this one carry links: then a page without a link is the last."""
    last: bool = False
    """Whether the service itself says that no page follows: its envelope carries no link."""
    count: int | None = None
    """How many there are, where the rows themselves are not kept."""
    refused: int = 0
    """Answers of a batch that are errors of the service."""
    beside: tuple[str, ...] = ()
    """Errors of the registration service that the text around printed objects names."""

    def unread(self, page: int = PAGE) -> tuple[Unread, ...]:
        """Tell what is missing: a page never fetched, a cut, or a suspiciously round count.

        Args:
            page: Rows that a page of the service holds at the most.
        """
        found = len(self.rows) if self.count is None else self.count
        if self.beside:
            return (Unread(f"{BESIDE} {', '.join(self.beside)}", advice=ASK_AGAIN),)
        if not self.refused:
            return self._of_paging(found, page)
        reason = "answers of this batch are errors of the service instead of rows"
        refused = Unread(reason, count=self.refused, advice="ask again for what is missing")
        return (refused, *self._of_paging(found, page))

    def _of_paging(self, found: int, page: int) -> tuple[Unread, ...]:
        if self.cut:
            return (
                Unread(f"the JSON breaks off after {found} whole objects", advice="export or copy it again"),
            )
        if self.next_link:
            advice = "follow @odata.nextLink until a page comes without it, and save every page"
            return (
                Unread(
                    f"more pages exist: @odata.nextLink is left over after {found} objects", advice=advice
                ),
            )
        if found and found % page == 0 and not self.paged and not self.last:
            advice = f"check that every page was fetched; the service hands out {page} rows a page"
            return (Unread(f"exactly {found} rows: perhaps only whole pages were saved", advice=advice),)
        return ()


def plain_bytes(content: bytes, member: str) -> bytes:
    """Return UTF-8 without a byte order mark, or say that the content is a web page or nothing at all.

    Status and headers of the server that stand before JSON are left out.

    Args:
        content: The member's bytes.
        member: Its path, for the message.

    Raises:
        NotThisFormat: The content is empty or a web page.
    """
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        content = content.decode("utf-16", errors="replace").encode()
    elif content[1:4:2] == b"\0\0" and content[:1] != b"\0":
        content = content.decode("utf-16-le", errors="replace").encode()
    content = content.removeprefix(b"\xef\xbb\xbf")
    content = content[head_of(content[:SEARCHED].decode("latin-1")) :]
    start = content[:256].lstrip()
    if not start:
        raise NotThisFormat(f"{member or 'this file'} is empty; {EXPORT_AGAIN}")
    if start.startswith(b"<") and DEVICE_PAGE.search(content[:65_536]):
        raise NotThisFormat(f"{member or 'this file'} {DAMAGED_REPORT}")
    if start.startswith(b"<"):
        raise NotThisFormat(f"{member or 'this file'} {WEB_PAGE}")
    return content


def read_objects(content: bytes, member: str = "") -> Objects:
    """Read every object of one member, as far as the JSON goes.

    Args:
        content: UTF-8 bytes, see `plain_bytes`.
        member: Its path, for the message.

    Raises:
        NotThisFormat: Not JSON at all, or the service's error message in place of rows.
    """
    found = Objects()
    try:
        _collect(msgspec.json.decode(content), found)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        found.rows.clear()
        text = content.decode("utf-8", errors="replace")
        if text.lstrip()[:1] not in ("{", "["):
            found.rows.extend(printed_objects(text))
            found.beside = named_beside(text)
        if not found.rows:
            _collect_piecewise(text, found)
        if not found.rows:
            raise NotThisFormat(f"{member or 'this file'} is not whole JSON; {EXPORT_AGAIN}") from None
    found.rows = [as_served(row) for row in found.rows]
    if len(found.rows) == 1 and isinstance(error := found.rows[0].get("error"), dict):
        code = str(error.get("code", "unknown"))[:80]
        raise NotThisFormat(
            f"{member or 'this file'} holds the service's error {code!r} instead of rows; ask again"
        )
    return found


def _collect(document: Any, found: Objects) -> None:  # any JSON value
    """Add the rows of one JSON document, whatever envelope it came in."""
    if isinstance(document, list):
        for item in document:
            _collect(item, found)
    elif isinstance(document, dict) and _is_batch(document):
        for response in document["responses"]:
            body = response["body"]
            if "error" in body:
                found.refused += 1
            else:
                _collect(body, found)
    elif isinstance(document, dict) and is_partner_batch(document):
        found.rows.extend(imports_of(document))
    elif isinstance(document, dict):
        found.next_link = bool(document.get("@odata.nextLink"))
        found.last = "@odata.context" in document and not found.next_link
        envelope = next((name for name in ENVELOPES if isinstance(document.get(name), (list, dict))), None)
        if isinstance(tables := document.get("tables"), list):
            for table in tables:
                found.rows.extend(_matrix(table.get("columns", []), table.get("rows", [])))
        elif envelope is None:
            found.rows.append(document)
        elif isinstance(rows := document[envelope], dict):
            found.rows.append(rows)
        elif rows and isinstance(rows[0], list):
            found.rows.extend(_matrix(document.get("Schema", []), rows))
        else:
            found.rows.extend(row for row in rows if isinstance(row, dict))


def _is_batch(document: Object) -> bool:
    """Tell whether a document is Graph's answer to a JSON batch: several answers, each with its body."""
    responses = document.get("responses")
    if not isinstance(responses, list) or not responses:
        return False
    return all(isinstance(each, dict) and isinstance(each.get("body"), dict) for each in responses)


def _matrix(columns: list[Object], rows: list[list[Any]]) -> list[Object]:
    names = [str(column.get("Column") or column.get("name")) for column in columns]
    return [dict(zip(names, row, strict=False)) for row in rows]


def _collect_piecewise(text: str, found: Objects) -> None:
    """Read documents one after another; of a page that breaks off, every whole object before the break."""
    decoder = json.JSONDecoder()
    place, inside = 0, False
    while (place := _skip(text, place, "," if inside else "")) < len(text):
        try:
            document, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            opening = text.find("[", place)
            if inside or opening < 0:
                found.cut = True
                return
            place, inside = opening + 1, True
            continue
        if isinstance(document, dict) and not inside:
            _collect(document, found)
        elif isinstance(document, dict):
            found.rows.append(document)


def _skip(text: str, place: int, also: str) -> int:
    while place < len(text) and (text[place].isspace() or (also and text[place] == also)):
        place += 1
    return place
