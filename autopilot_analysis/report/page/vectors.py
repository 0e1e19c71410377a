"""SVG of whatever origin -> SVG that stands in a page: known elements alone, no script, style or address."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from autopilot_analysis.colours import INK, PAPER

SHAPES = frozenset(["circle", "ellipse", "line", "path", "polygon", "polyline", "rect", "use"])
WORDS = frozenset(["text", "tspan"])
PARTS = frozenset(["svg", "g", "defs", "clipPath", "pattern"]) | SHAPES | WORDS
PLACES = frozenset(
    [
        "d",
        "points",
        "x",
        "y",
        "x1",
        "y1",
        "x2",
        "y2",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "width",
        "height",
        "dx",
        "dy",
        "transform",
        "viewBox",
        "patternUnits",
        "clipPathUnits",
    ]
)
LOOKS = frozenset(
    [
        "fill",
        "fill-opacity",
        "fill-rule",
        "stroke",
        "stroke-width",
        "stroke-opacity",
        "stroke-dasharray",
        "stroke-dashoffset",
        "stroke-linecap",
        "stroke-linejoin",
        "stroke-miterlimit",
        "opacity",
        "font-size",
        "font-weight",
        "font-style",
        "text-anchor",
        "clip-path",
    ]
)
INKS = {INK.lower(): "currentColor", "#000000": "currentColor", "black": "currentColor"}
"""Colours of words and axes, which follow the page's own."""
POINT = 1.44
"""How much of a page a point takes: nine inches fill its column."""
DEEPEST = 100
_LONG = re.compile(r"(\d\.\d{2})\d+")
_OWN = re.compile(r"url\(#([\w.-]+)\)$")
_PLAIN = re.compile(r"[^<>&\"'\\@{};:]*$")
"""What no value needs that is a number, a colour or a path."""


def as_vectors(content: str, label: str, name: str, shown: Callable[[str], str] = str) -> str | None:
    """Return SVG that can stand in a page, or None when the content is none.

    Looks become attributes, as the page's policy admits no styles; words take the page's own font; ids carry
    `name`, so that pictures of one page do not meet.

    Args:
        content: The picture.
        label: What it shows, for those who cannot see it.
        name: A word of the picture's own.
        shown: What becomes of its words.
    """
    start = content.find("<svg")
    try:
        root = fromstring(content[start:], forbid_dtd=True) if start >= 0 else None
    except (ParseError, DefusedXmlException, ValueError):
        return None
    if root is None or _tag(root) != "svg":
        return None
    used = set(re.findall(r"(?:url\(|href=\")#([\w.-]+)", content))
    inner = "".join(_written(child, name, used, shown, 0) for child in root if not _is_paper(child))
    view = _LONG.sub(r"\1", root.get("viewBox", ""))
    width = re.match(r"[\d.]+", root.get("width", ""))
    size = f' width="{round(float(width[0]) * POINT)}"' if width else ""
    box = f' viewBox="{escape(view)}"' if _PLAIN.match(view) else ""
    return f'<svg role="img" aria-label="{escape(label)}"{box}{size} fill="currentColor">{inner}</svg>'


def _written(element: Element, name: str, used: set[str], shown: Callable[[str], str], depth: int) -> str:
    """Return one element and those in it; of an unknown one nothing remains."""
    tag = _tag(element)
    if tag not in PARTS or depth > DEEPEST:
        return ""
    inner = (
        []
        if tag in SHAPES
        else [escape(shown((element.text or "").strip("\n ")))] * (tag in ("text", "tspan"))
    )
    inner += [_written(child, name, used, shown, depth + 1) for child in element if not _is_paper(child)]
    whole = "".join(inner)
    attributes = "".join(f' {key}="{escape(value)}"' for key, value in _attributes(element, name, used))
    if tag == "g" and (not attributes or not whole):
        return whole
    return f"<{tag}{attributes}>{whole}</{tag}>"


def _attributes(element: Element, name: str, used: set[str]) -> Iterator[tuple[str, str]]:
    """Yield what is known to be harmless, looks out of a style among it."""
    given = dict(element.attrib)
    style = dict(part.split(":", 1) for part in given.pop("style", "").split(";") if ":" in part)
    if given.get("id") in used:
        yield "id", f"{name}-{given['id']}"
    link = given.get("{http://www.w3.org/1999/xlink}href", given.get("href", ""))
    if re.fullmatch(r"#[\w.-]+", link):
        yield "href", f"#{name}-{link[1:]}"
    for key, value in {**given, **{key.strip(): value.strip() for key, value in style.items()}}.items():
        own = _OWN.match(value)
        if key in LOOKS and own:
            yield key, f"url(#{name}-{own[1]})"
        elif (key in LOOKS or key in PLACES) and _PLAIN.match(value) and "url" not in value.lower():
            yield key, INKS.get(value.lower(), _LONG.sub(r"\1", " ".join(value.split())))


def _is_paper(element: Element) -> bool:
    """Whether an element is a white ground: one shape, filled and without an edge."""
    parts = list(element)
    if _tag(element) == "g" and len(parts) == 1:
        return _is_paper(parts[0])
    style = element.get("style", "").replace(" ", "").rstrip(";")
    return _tag(element) == "path" and style == f"fill:{PAPER}"


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
