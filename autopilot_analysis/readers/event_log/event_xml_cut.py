"""The XML of a record that breaks off -> its whole elements, closed where the break was."""

from __future__ import annotations

import re

_TAG = re.compile(r"<(/?)([A-Za-z][\w.:-]*)((?:[\s/][^<>]*)?)>")
_NUMBER = "</EventID>"


def until_cut(text: str) -> tuple[str | None, int]:
    """Return what is whole of a record that breaks off, as well-formed XML, and where that ends in the text.

    An element that the break lies in is left out with what it held, but for the record itself and its parts;
    a record whose number is not whole is None.

    Args:
        text: From `<Event` on; what stands behind the break may be anything.
    """
    opened: list[str] = []
    kept, left_open = 0, list[str]()
    for tag in _TAG.finditer(text):
        closing, name, rest = tag.groups()
        if closing and (not opened or opened.pop() != name):
            break
        if not closing and not rest.endswith("/"):
            opened.append(name)
            continue
        kept, left_open = tag.end(), list(opened)
        if not opened:
            break
    whole = text[:kept] + "".join(f"</{name}>" for name in reversed(left_open))
    return whole if _NUMBER in whole else None, kept
