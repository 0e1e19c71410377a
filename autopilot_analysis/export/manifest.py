r"""results.xml of "Collect diagnostics": what was asked for, item by item, with its result code.

The archive has two layouts. Numbered: a folder `17` for each item, counted over the four kinds in order;
files are called `export.reg`, `output.log`, `Events.evtx`. Flattened (since March 2022): files are named
after the item, with or without `(17)` before it. Sources: Microsoft: DiagnosticLog CSP; Microsoft: Collect
diagnostics from a Windows device. A non-zero code alone does not prove that an item left no file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from autopilot_analysis.codes import code_of
from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.export.names import plain_name

KINDS = {kind.lower(): kind for kind in ("RegistryKey", "Command", "Events", "FoldersFiles")}
"""The four kinds that count in the numbering."""
FLAT = re.compile(r"\((\d{1,4})\) ")


@dataclass(frozen=True)
class Directive:
    """One item that was asked for; `number` counts from 1, `hresult` is signed as written."""

    number: int
    kind: str
    input: str
    hresult: int | None

    @property
    def code(self) -> str | None:
        """The result as a code such as `0x80070003`."""
        return code_of(self.hresult, "result")

    @property
    def described(self) -> str:
        """The item in words, such as `Command "dsregcmd.exe /status"`."""
        return f'{self.kind} "{self.input}"'


@dataclass(frozen=True)
class Manifest:
    """What one results.xml says."""

    directives: tuple[Directive, ...]
    hresult: int | None
    flattened: bool

    def assign(self, paths: Iterable[str]) -> dict[str, Directive]:
        """Return the item each path comes from, for those that tell.

        Args:
            paths: Paths relative to the folder results.xml lies in.
        """
        found = {path: self._directive_of(path) for path in paths}
        return {path: directive for path, directive in found.items() if directive is not None}

    def without_file(self, assigned: Mapping[str, Directive]) -> list[Directive]:
        """Return the items no path was assigned to, in order."""
        numbers = {directive.number for directive in assigned.values()}
        return [directive for directive in self.directives if directive.number not in numbers]

    def _directive_of(self, path: str) -> Directive | None:
        """Return the item of one path, by its number, else by its words."""
        first = path.split("/", 1)[0]
        flat = FLAT.match(first)
        number = first if "/" in path and first.isascii() and first.isdigit() else flat and flat[1]
        if number:
            at = int(number) - 1 if len(number) < 5 else -1
            return self.directives[at] if 0 <= at < len(self.directives) else None
        fits = [directive for directive in self.directives if _fits(directive, path)]
        return max(fits, key=lambda directive: len(directive.input), default=None)


def parse_manifest(content: bytes) -> Manifest:
    """Return what a results.xml says.

    Args:
        content: The whole file.

    Raises:
        NotThisFormat: It is cut, or not such a file.
    """
    try:
        root: Element = fromstring(content)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise NotThisFormat(f"results.xml is no readable XML: {error}") from error
    if _tag(root) != "collection":
        raise NotThisFormat(f"results.xml holds <{root.tag}> where <Collection> belongs")
    items = [item for item in root if _tag(item) in KINDS]
    directives = [
        Directive(number, KINDS[_tag(item)], _unquoted(item.text), _number(item.get("HRESULT")))
        for number, item in enumerate(items, start=1)
    ]
    layout = next((item.text or "" for item in root if _tag(item) == "outputfileformat"), "")
    return Manifest(tuple(directives), _number(root.get("HRESULT")), layout.strip().lower() == "flattened")


def _fits(directive: Directive, path: str) -> bool:
    """Tell whether a path carries an item's words, for the layout without numbers."""
    if directive.kind == "FoldersFiles":
        wanted = directive.input.lower().replace("/", "\\").rsplit("\\", 1)[-1]
        return "*" not in wanted.split(".")[0] and fnmatchcase(path.rsplit("/", 1)[-1].lower(), wanted)
    return _words(directive) in plain_name(path).replace(".", "-")


def _words(directive: Directive) -> str:
    """Return an item's words without folders and signs, as they stand in a file name."""
    words = directive.input
    if directive.kind == "Command":
        words = re.sub(r"^[^ ]*\\", "", words.replace("windows defender", "windows-defender"))
    return plain_name(words).replace(".", "-").strip("-") or "\0"


def _tag(item: Element) -> str:
    """Return an element's name in lower case, without its namespace; a comment has none."""
    return item.tag.rsplit("}", 1)[-1].lower() if isinstance(item.tag, str) else ""


def _unquoted(text: str | None) -> str:
    """Return the requested input without blanks and quotes around it."""
    return (text or "").strip().strip('"').strip()


def _number(text: str | None) -> int | None:
    """Return a result code as the signed number it is written as; other spellings than decimal are hex."""
    try:
        value = int(text or "", 0)
    except ValueError:
        return None
    return value - 0x1_0000_0000 if 0x8000_0000 <= value <= 0xFFFF_FFFF else value
