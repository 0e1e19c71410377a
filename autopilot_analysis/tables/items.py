"""What an app, a script or a policy is called, wherever one is named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from autopilot_analysis.tables.story import APPS
from autopilot_analysis.wording import capital, one_of, several, words

APP, SCRIPT, POLICY, REMEDIATION = words("app"), words("script"), words("policy"), words("remediation")
"""What people call an item; another word for one stands in `NAMES` of wording.py."""
ITEMS, ANY_ITEMS = (f"{several(APP)}, {several(SCRIPT)} {word} {several(POLICY)}" for word in ("and", "or"))
ANY_ITEM = f"{APP}, {SCRIPT} or {POLICY}"
"""All that management brings, and one of it, whichever."""
NOUNS = {**dict.fromkeys(APPS, APP), "script": SCRIPT}
"""What an app or a script is called, by the kind of its install."""
CALLED = pl.coalesce("name", "item")
"""Of rows with `name` and `item`: its name, and where nobody knows that, its id."""

SO_THAT = ", so that "
"""Behind the app that a finding is about, ahead of what followed from it for others."""


def itself(column: str = "item") -> pl.Expr:
    """Return what a finding is about without what followed from it for others.

    Args:
        column: With what its title names.
    """
    return pl.col(column).str.split(SO_THAT).list.first()


def called(row: Mapping[str, Any], what: str = "item") -> str:
    """Return what one is called: its name, else its id, else that it has neither.

    Args:
        row: With `name` and `item`.
        what: What it is, as a noun: "app", "script".

    Example:
        >>> called({"name": None, "item": "a7"}), called({"name": None, "item": None}, "app")
        ('a7', 'An app without a name')
    """
    return str(row["name"] or row["item"] or capital(nameless(what)))


def nameless(what: str) -> str:
    """Return what stands within a sentence for one that has neither: "an app without a name".

    Args:
        what: What it is, as a noun.
    """
    return f"{one_of(what)} without a name"
