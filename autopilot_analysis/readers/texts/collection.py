"""What the collectors say about their own work: metadata, footprint and results.xml -> properties."""

from __future__ import annotations

from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from autopilot_analysis.codes import code_of
from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.patterns import late
from autopilot_analysis.readers.reading import ILL_FORMED, Reading, Unread
from autopilot_analysis.readers.text import decode, split_lines
from autopilot_analysis.readers.texts.json_text import Pairs, facts_of, read_objects
from autopilot_analysis.readers.texts.properties import Properties

DIRECTIVES = ("RegistryKey", "Command", "Events", "FoldersFiles")
"""Elements of results.xml that ask for one item each (Microsoft: DiagnosticLog CSP)."""

_PAIR = late(r'\s*"?(?P<name>\w[\w .-]{0,80}?)"?\s*:(?P<value>.*)$')
_INSTANT = late(r"-*\s*(?P<end>Start|End) at:\s*(?P<instant>\S+)")
_TOTAL = late(r"-+\s*(?P<count>\d{1,9}) (?P<what>.{1,60}?) are collected")
_FAILED = late(r"Failed \((?:HResult|err): ?(?P<code>[^)]{1,20})\) to (?P<deed>[^:]{1,100}):(?P<what>.*)")
_COLLECTED = late(r"(?:Collected [^:]{1,60}|Succeeded to (?P<deed>[^:]{1,100})): ?(?P<what>.*)")
_COPIED = late(r"Copied file:(?P<what>.*?), to:")
_HIVE = late(r"dump (?P<hive>HK\w{2,4}) registry")


def read_collection_metadata(content: bytes, member: str = "") -> Reading:
    """Return MdmDiagLogMetadata.json: which areas were collected on which build.

    Since 2024 the file is JSON; before, it is lines `Key : value` without quotes or commas.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Returns:
        A reading of properties with an empty section; values as written. Record is the text line of the older
        form, the position in JSON.

    Raises:
        NotThisFormat: The text is neither, or does not name MdmDiagVersion or AreaName.
    """
    text = decode(content)
    if "MdmDiagVersion" not in text and "AreaName" not in text:
        raise NotThisFormat.of(member, "names neither MdmDiagVersion nor AreaName.")
    found = Properties()
    objects, unread = read_objects(text)
    if objects and not unread and isinstance(objects[0], Pairs):
        for fact in facts_of(objects[0]):
            found.add(fact.section, fact.name, fact.value)
        return found.reading()
    for record, line in enumerate(split_lines(text), 1):
        pair = _PAIR.match(line[:4096])
        if pair:
            found.add("", pair["name"], _bare(pair["value"]), record)
    return found.reading()


def read_collection_footprint(content: bytes, member: str = "") -> Reading:
    """Return MdmLogCollectorFootPrint.txt: what the tool collected, what it could not, and why.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Returns:
        A reading of properties. In section "collected" and "failed" the name is the channel, file or registry
        key that was asked for and the value the result code, empty where none is told. In section "" stand
        "start" and "end" (UTC), the counts as "EventViewer entries" and the like, and other pairs.

    Raises:
        NotThisFormat: No line tells of a start, a collected or a failed item.
    """
    found, strange, has_facts = Properties(), [], False
    for record, line in enumerate(split_lines(decode(content)), 1):
        fact = _footprint(line.strip())
        if fact is None and line.strip():
            strange.append(record)
        elif fact:
            found.add(*fact, record)
            has_facts |= fact[0] != "" or fact[1] in ("start", "end")
    if not has_facts:
        raise NotThisFormat.of(member, "tells of nothing collected; it is no collector footprint.")
    gap = Unread(f"{len(strange)} lines tell nothing known here", min(strange, default=None), len(strange))
    return found.reading((gap,) if strange else ())


def _footprint(line: str) -> tuple[str, str, str] | None:
    """Return section, name and value of one line of the footprint, or None when it says nothing known."""
    failed, collected = _FAILED.match(line), _COLLECTED.match(line)
    copied, instant, total = _COPIED.match(line), _INSTANT.match(line), _TOTAL.match(line)
    if failed:
        return ("failed", _item(failed["deed"], failed["what"]), code_of(failed["code"], "result") or "")
    if collected:
        return ("collected", _item(collected["deed"] or "", collected["what"]), "")
    if copied:
        return ("collected", copied["what"].strip(), "")
    if instant:
        return ("", instant["end"].lower(), instant["instant"])
    if total:
        return ("", total["what"], total["count"])
    pair = _PAIR.match(line[:4096])
    return ("", pair["name"], _bare(pair["value"])) if pair else None


def _bare(value: str) -> str:
    """Return a value without the blanks, comma and quotes around it."""
    return value.strip().removesuffix(",").rstrip().strip('"')


def _item(deed: str, what: str) -> str:
    """Return the name of what was asked for; a registry key gets its hive in front."""
    hive = _HIVE.match(deed)
    return f"{hive['hive']}\\{what.strip()}" if hive else what.strip()


def read_collect_results(content: bytes, member: str = "") -> Reading:
    """Return results.xml of an Intune diagnostics collection: each item asked for, and its result code.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Returns:
        A reading of properties. Section is the kind of item (`DIRECTIVES`), name the item without quotes,
        value its result code; record counts the items from 1, which is the number of an item's folder in the
        older layout. In section "" stand "HRESULT" of the whole run, ID, OutputFileFormat and the like.

    Raises:
        NotThisFormat: The text does not begin as a Collection element, or declares entities.
    """
    found, unread, items = Properties(), [], 0
    root: Element | None = None
    try:
        for event, element in iterparse(BytesIO(content), events=("start", "end"), forbid_dtd=True):
            if root is None:
                root = _collection(element, member)
                found.add("", "HRESULT", code_of(root.get("HRESULT"), "result") or root.get("HRESULT"), 1)
            elif event == "end" and element.tag in DIRECTIVES:
                items += 1
                code = element.get("HRESULT")
                found.add(element.tag, _unquoted(element.text), code_of(code, "result") or code, items)
            elif event == "end" and element is not root:
                found.add("", element.tag, (element.text or "").strip(), len(found) - items + 1)
    except DefusedXmlException as refused:
        raise NotThisFormat.document_type(member, "results.xml") from refused
    except (ParseError, ValueError, LookupError) as error:
        if root is None:
            raise NotThisFormat.of(member, f"is no XML: {error}.") from error
        unread.append(Unread(f"the XML {ILL_FORMED} here; items after it are missing", _place(error)))
    return found.reading(tuple(unread))


def _collection(element: Element, member: str) -> Element:
    """Return the root element; refuse any other than Collection."""
    if element.tag != "Collection":
        raise NotThisFormat.other_root(member, "Collection")
    return element


def _unquoted(text: str | None) -> str:
    """Return an item's text without the quotes that some have around them."""
    bare = (text or "").strip()
    return bare[1:-1] if len(bare) > 1 and bare[0] == bare[-1] == '"' else bare


def _place(error: Exception) -> int | None:
    """Return the line an XML parser stopped at, None when it does not tell."""
    return error.position[0] if isinstance(error, ParseError) else None
