"""Keys, tokens and passwords, by how they are written and handed over."""

from __future__ import annotations

import re

from autopilot_analysis.privacy.shapes.shape import Found


def _secret(value: str) -> Found:
    """Return a secret handed to an installer; words, numbers and variables are none."""
    secret = re.search(r"\d", value) and re.search(r"[A-Za-z]", value) and value[0] not in "[%$<{"
    return [("key", value)] if secret else []


def _credential(match: str) -> Found:
    """Return what stands behind the way to sign in; a word without a digit is none."""
    return [("key", match.rsplit(maxsplit=1)[-1])] if re.search(r"\d", match) else []


READERS = {"credential": _credential, "secret": _secret}
"""What takes a closer look at a match."""
