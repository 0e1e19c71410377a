"""Which columns name a person, a device or an organisation: said in the column's own field."""

from __future__ import annotations

from typing import Literal, get_args

import dataframely as dy

Kind = Literal["device", "serial", "host", "user", "sid", "tenant", "id", "text"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""What a personal column holds: one identifier, or text with some in it; the earlier of two kinds counts."""


def personal(kind: Kind) -> dict[str, str]:
    """Return the metadata of a column that names somebody; privacy hides it by this alone.

    Args:
        kind: What its whole value is; `text` where identifiers only stand in it.
    """
    return {"personal": kind}


def kind_of(column: dy.Column) -> Kind | None:
    """Return what a column says of whom it names, None where it names nobody.

    Args:
        column: A column of a schema.
    """
    kind: Kind | None = (column.metadata or {}).get("personal")
    return kind
