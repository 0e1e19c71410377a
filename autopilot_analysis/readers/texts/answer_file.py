"""An answer file of Windows setup (unattend.xml): what it answers in place of a person who deploys."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.facts import read_facts
from autopilot_analysis.readers.reading import ILL_FORMED, Reading, Unread
from autopilot_analysis.readers.texts.properties import Properties

ROOT = "unattend"
THERE = "(there)"
"""Value of what counts by being there; its own words, such as a name or a password, are not kept."""


def read_answer_file(content: bytes, member: str = "") -> Reading:
    """Return the settings of an answer file that facts/answer_file_settings.csv knows, and no others.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Returns:
        A reading of properties: section is the pass with the component, name the setting, value what stands
        there in lower case, or `THERE` where the table asks for no value. Names of accounts and passwords are
        not read.

    Raises:
        NotThisFormat: The text is no XML with the root of an answer file, or declares a document type.
    """
    found = Properties()
    unread: list[Unread] = []
    path: list[Element] = []
    begun = False
    try:
        for event, element in iterparse(BytesIO(content), events=("start", "end"), forbid_dtd=True):
            if event == "end":
                for name, value in _known(path):
                    found.add(_where(path), name, value)
                path.pop()
                element.clear()
                continue
            if not begun and _tag(element) != ROOT:
                raise NotThisFormat.other_root(member, ROOT)
            begun = True
            path.append(element)
    except DefusedXmlException as refused:
        raise NotThisFormat.document_type(member, "an answer file") from refused
    except (ParseError, ValueError, LookupError) as error:
        if not begun:
            raise NotThisFormat.of(member, f"is no XML: {error}.") from error
        unread.append(Unread(f"the XML {ILL_FORMED}; settings after it are missing"))
    return found.reading(tuple(unread))


def _known(path: list[Element]) -> Iterator[tuple[str, str]]:
    """Return the setting that ends with the last element of a path, and its value, if the table knows it."""
    for name, asks in _settings():
        parts = name.split("/")
        if [_tag(element) for element in path[-len(parts) :]] == parts:
            yield name, (path[-1].text or "").strip().lower() if asks else THERE


@cache
def _settings() -> tuple[tuple[str, bool], ...]:
    """Return the known settings, and whether their value counts."""
    known = read_facts("answer_file_settings").select("setting", "value")
    return tuple((setting, value is not None) for setting, value in known.iter_rows())


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _where(path: list[Element]) -> str:
    """Return the pass and the component that a setting stands in, by the attributes of their elements."""
    named = (element.get("pass") or element.get("name") for element in path[1:3])
    return "/".join(name for name in named if name)
