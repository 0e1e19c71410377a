"""What a terminal or a pipe gets: lines and JSON that cannot steer it."""

from __future__ import annotations

import json
import sys

from autopilot_analysis.quoting import cut

INDENT = 2
"""Blanks by which `--json` sets in each level."""


def shortened(text: str, length: int) -> str:
    """Return a text without its line ends, cut where it is too long.

    Args:
        text: Any text.
        length: Signs that remain.
    """
    return cut(" ".join(text.split()), length)


def json_text(value: object) -> str:
    """Return JSON that cannot steer a terminal: signs it does not print or have are spelt by number.

    Args:
        value: What JSON can hold.
    """
    text = json.dumps(value, ensure_ascii=False, indent=INDENT)
    lacking = _not_in(getattr(sys.stdout, "encoding", None) or "utf-8", text)
    plain = (c in lacking or not (c.isprintable() or c == "\n") for c in text)
    return "".join(json.dumps(c)[1:-1] if spelt else c for c, spelt in zip(text, plain, strict=True))


def _not_in(encoding: str, text: str) -> frozenset[str]:
    """Return the signs of a text that an encoding, such as that of a console, does not have."""
    signs = set(text)
    return frozenset(c for c in signs if c.encode(encoding, "ignore") == b"")
