"""The door of the room: `open_export`, and the hash by which an export is known again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import polars as pl

from autopilot_analysis.defaults import EXPORT, PASTED
from autopilot_analysis.errors import EXPORT_AGAIN, PASS_FOLDER, AnalysisError, Encrypted, NotAnExport
from autopilot_analysis.export.captures import Placed, captures_of
from autopilot_analysis.export.content import LooseFile
from autopilot_analysis.export.directives import apply_manifests
from autopilot_analysis.export.export import Export, Member, NotRead
from autopilot_analysis.export.limits import Limits
from autopilot_analysis.export.magic import COMPOUND_FILE, HEAD, ISO_OFFSET, foreign, kinds_of, text_of
from autopilot_analysis.export.sources import LEFTOVER, UNKNOWN, named_like
from autopilot_analysis.export.walk import ADVICE, ARCHIVES, Found, Walk, as_named
from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.report_shapes import is_writing
from autopilot_analysis.facts.symptoms import names_setup
from autopilot_analysis.quoting import first_of
from autopilot_analysis.wording import and_more

ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
WANTED = f"pass a {EXPORT} exported from the device, Intune or Microsoft Graph"


def open_export(path: str | Path, *, limits: Limits | None = None) -> Export:
    """Return what lies in a folder, a ZIP, a cabinet (one inside another too) or a single file.

    Nothing but the first bytes of each file is read; a cabinet is unpacked into a private temporary folder.
    Whatever inside cannot be read is named in `gaps`, and the rest is there.

    Args:
        path: What was handed in.
        limits: How much room it may take; the default suits genuine exports.

    Raises:
        NotAnExport: Nothing known lies there.

    Example:
        >>> with open_export("mdm-diagnostics.cab") as export:  # doctest: +SKIP
        ...     [member.source for member in export.members]
    """
    if not str(path).strip():
        raise NotAnExport.unnamed()
    refuse_address(path)
    path = Path(path).expanduser()
    walk = Walk(limits or Limits())
    try:
        _walk(path, walk)
        return _export(path, walk)
    except BaseException:
        walk.workspace.close()
        raise


def refuse_address(path: str | Path) -> None:
    """Refuse an address of the network, which ingest alone fetches.

    Args:
        path: As it was named.

    Raises:
        NotAnExport: It is one.
    """
    if ADDRESS.match(str(path)) and not Path(path).exists():
        raise NotAnExport(
            f"{path} is an address, and ingest alone reads from one: download it, or ingest it into a dataset"
        )


def content_hash(path: str | Path) -> str:
    """Return the SHA-256 of an export's content, the same whatever its name or place is.

    Args:
        path: A file, or a folder: then over relative paths and contents, in the order of the paths.

    Raises:
        NotAnExport: It does not exist or cannot be read.
    """
    path = Path(path).expanduser()
    try:
        if not path.is_dir():
            return _file_hash(path)
        files = {file.relative_to(path).as_posix(): file for file in path.rglob("*")}
        kept = sorted(name for name, file in files.items() if file.is_file() and not file.is_symlink())
        lines = (f"{_file_hash(files[name])} {name}\n" for name in kept)
        return hashlib.sha256("".join(lines).encode("utf-8", "surrogateescape")).hexdigest()
    except OSError as error:
        raise NotAnExport.unread(path, error, WANTED) from error


def _file_hash(path: Path) -> str:
    """Return the SHA-256 of one file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _walk(path: Path, walk: Walk) -> None:
    """Find every file, or say in one line why there is none."""
    try:
        if path.is_dir():
            walk.folder(path)
        elif path.is_file():
            _walk_file(path, walk)
        else:
            raise (
                NotAnExport(f"{path} is no folder and no file; {WANTED}")
                if path.exists()
                else NotAnExport.missing(path, WANTED)
            )
    except OSError as error:
        raise NotAnExport(f"{path} cannot be read: {error.strerror or error}") from error


def _walk_file(path: Path, walk: Walk) -> None:
    """Find what lies in a single file."""
    with path.open("rb") as file:
        head = file.read(max(HEAD, ISO_OFFSET + 8))
    if not head:
        raise NotAnExport(f"{path} is empty (0 bytes); copy or download it again")
    kinds = kinds_of(head[:HEAD])
    if words := foreign(head):
        raise NotAnExport(f"{path} is {words}; unpack it {PASS_FOLDER}, or export it as ZIP or CAB")
    content = LooseFile(path.stat().st_size, path)
    try:
        if kinds & ARCHIVES:
            walk.archive("", content, kinds, ())
        elif path.suffix.lower() in (".cab", ".zip") and text_of(head[:HEAD]) is not None:
            raise NotAnExport(f"{path} is a text file named {path.suffix}; {WANTED}")
        else:
            walk.add(path.name, content, ())
    except NotAnExport:
        raise
    except AnalysisError as error:
        raise NotAnExport(f"{path} {error}; {WANTED}") from error


def _export(path: Path, walk: Walk) -> Export:
    """Return the export of what was found."""
    found, gaps = apply_manifests(as_named(walk.found), (gap.member for gap in walk.gaps))
    gaps = [*walk.gaps, *gaps, *(gap for file in found for gap in _gaps_of(file))]
    _check_known(path, found, walk.gaps)
    placed = [
        Placed(file.path, file.archives, file.source.source if file.source else UNKNOWN) for file in found
    ]
    captures = captures_of(placed)
    members = [
        Member(place.path, place.source, captures[place.path], file.content.size, file.content)
        for place, file in zip(placed, found, strict=True)
    ]
    members.sort(key=lambda member: member.path)
    known = {member.capture for member in members if member.source not in (UNKNOWN, LEFTOVER)}
    gaps.sort(key=lambda gap: gap.member)
    return Export(path, tuple(members), tuple(gaps), tuple(sorted(known)), walk.workspace)


def _gaps_of(file: Found) -> Iterable[NotRead]:
    """Yield what must be said about a file that is listed but will not be read."""
    name = file.path.rpartition("/")[2]
    if file.source is None:
        promised = named_like(name)
        if promised is not None and promised.reader is not None and "empty" not in file.kinds:
            kind = " or ".join(sorted(file.kinds - {"text"}) or ["text"])
            reason = f"is named like {promised.title}, but its first bytes are {kind}"
            yield NotRead(file.path, reason, advice="look at it by hand", state="unknown")


def _instead(path: Path) -> str | None:
    """Say what a service handed out in place of data; None when the file is no such thing."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if _of_device(path, start):
        return DAMAGED_REPORT
    if start.startswith((b"<!doctype html", b"<html")):
        return WEB_PAGE
    if _is_mail(path, head) and not _tells_itself(head):
        return "is an e-mail; save what is attached to it, and pass that"
    if start.startswith(b"{") and start[1:].lstrip().startswith(b'"error"'):
        return "holds the service's error message, not data; export it again"
    return _of_table(path, head)


def _of_device(path: Path, head: bytes) -> bool:
    """Tell whether a page is the MDM report of a device, damaged or renamed, and no answer of a service."""
    named = re.search(r"(?i)mdm ?diag", path.name) is not None
    return head.startswith(b"<") and (named or DEVICE_PAGE.search(head) is not None)


def _tells_itself(head: bytes) -> bool:
    """Tell whether a message speaks of the setup of devices itself, and nothing is attached to it."""
    text = text_of(head)
    return text is not None and ATTACHED.search(head) is None and names_setup(text)


ATTACHED = re.compile(rb"(?i)\bcontent-disposition:\s*attachment|\bname\*?=")
"""What the headers of a message hold that carries a file."""


def _is_mail(path: Path, head: bytes) -> bool:
    """Tell whether a file is a message: one of Outlook by its name, any other by its headers."""
    if head.startswith(COMPOUND_FILE):
        return path.suffix.lower() == ".msg"
    return MAIL_HEADER.match(head) is not None and MAIL_VERSION.search(head) is not None


MAIL_HEADER, MAIL_VERSION = re.compile(rb"[A-Za-z-]{2,40}: ?\S"), re.compile(rb"(?im)^mime-version: ?1\.0")
DAMAGED_REPORT = "is a damaged report of the device; collect it there again"
WEB_PAGE = "is a web page, not data; sign in and export it again"
"""What is said of a file that a service handed out in place of data."""
DEVICE_PAGE = re.compile(rb"(?i)mdm ?diagnostic|mdmdiag|sectiontitle")
"""What stands in the MDM report of a device, and in no page that a service answers with."""


def _of_table(path: Path, head: bytes) -> str | None:
    """Say what the header of an unknown table holds; None when the file is no table."""
    text = text_of(head) or ""
    if is_writing(text):
        return None
    line = text.lstrip("\ufeff").split("\n", 1)[0].strip()
    headers = re.split(r"[,;\t|]", line)
    is_csv = path.suffix.lower() == ".csv"
    if len(headers) > (1 if is_csv else 2):
        shown = first_of([header.strip().strip('"')[:40] for header in headers], 6)
        return (
            f"begins with the columns {shown}, which no report known here has; "
            "if it is one in another language, say what they mean (docs/fleet.md, Reports in other languages)"
        )
    if is_csv and line:
        return (
            f"begins with {line[:60]!r}, in which no comma, semicolon, tab or bar parts the columns; "
            f"{EXPORT_AGAIN}, or save it with commas"
        )
    return None


def _wanted_of(path: Path) -> str:
    """Say what to pass in place of a file: of a text also what would be read of one."""
    with path.open("rb") as file:
        text = text_of(file.read(HEAD))
    if text is None:
        return WANTED
    if names_setup(text) and text.lstrip()[:1] not in DATA:
        return f"{ASK_SENDER} {_collected()}"
    return f"of a text are read: {PASTED}; else {WANTED}"


DATA = "{[<"
"""How a text begins that is data and has no sender to ask."""
ASK_SENDER = (
    "it speaks of the setup of devices and says too little for an answer. Ask the sender for the exact words "
    "on the screen (a photo) with their code, for the step that failed, and for"
)
"""What is said of a text about setup in which nothing known stands; the way to collect the logs follows."""


@cache
def _collected() -> str:
    """Say how the logs of a device are collected by hand."""
    ways = read_facts("collecting")
    return f"the logs: {ways.row(by_predicate=pl.col('way') == 'mdm_cab', named=True)['ask']}"


def _check_known(path: Path, found: list[Found], gaps: list[NotRead]) -> None:
    """Refuse an export that holds no known file."""
    if any(file.source is not None and file.source.source != LEFTOVER for file in found):
        return
    if gaps and all(gap.error is Encrypted for gap in gaps):
        raise NotAnExport(f"{path} is protected with a password; {ADVICE[Encrypted]}")
    if not found and not gaps:
        raise NotAnExport(f"{path} holds no files; {WANTED}")
    if not found:
        more = f" ({and_more(len(gaps) - 1, 'and ')})" if len(gaps) > 1 else ""
        raise NotAnExport(
            f"{path} holds nothing that can be read: {gaps[0].member} {gaps[0].reason}{more}; {WANTED}"
        )
    names = first_of(sorted(file.path for file in found), 5)
    if path.is_file() and names == path.name:
        raise NotAnExport(
            f"{path} {_instead(path) or f'is none of the files known here; {_wanted_of(path)}'}"
        )
    raise NotAnExport(f"{path} holds {len(found)} files, none of them known: {names}; {WANTED}")
