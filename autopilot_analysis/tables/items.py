"""What an app, a script or a policy is called, wherever one is named."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

CALLED = pl.coalesce("name", "item")
"""Of rows with `name` and `item`: its name, and where nobody knows that, its id."""


def called(row: Mapping[str, Any], what: str = "item") -> str:
    """Return what one is called: its name, else its id, else that it has neither.

    Args:
        row: With `name` and `item`.
        what: What it is, as a noun: "app", "script".

    Example:
        >>> called({"name": None, "item": "a7"}), called({"name": None, "item": None}, "app")
        ('a7', 'An app without a name')
    """
    article = "An" if what[0] in "aeiou" else "A"
    return str(row["name"] or row["item"] or f"{article} {what} without a name")
