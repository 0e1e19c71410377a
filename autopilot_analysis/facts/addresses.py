"""Where Microsoft's pages lie that facts name. An address is written down for people, and never asked for."""

from __future__ import annotations

import re
from functools import cache

from autopilot_analysis.facts import read_facts

_ASIDE = re.compile(r"\([^()]*\)\s*\Z")
"""What a fact adds to a page's name, such as the part of the page it stands in."""


def address_of(page: str | None) -> str | None:
    """Return the address of the first page that a fact names; None where none of them is known.

    Args:
        page: A `page` of facts; several stand with semicolons between.

    Example:
        >>> address_of("Microsoft: Windows Autopilot known issues (clock skew)")
        'https://learn.microsoft.com/autopilot/known-issues'
    """
    names = (page or "").split("; ")
    known = _addresses()
    found = (known.get(name) or known.get(_ASIDE.sub("", name).rstrip()) for name in names)
    return next(filter(None, found), None)


@cache
def _addresses() -> dict[str, str]:
    return dict(read_facts("pages").select("page", "address").iter_rows())
