"""Keys, tokens and passwords, by how they are written and handed over."""

from __future__ import annotations

import re

from autopilot_analysis.privacy.shapes.shape import Found, Shape, whole


def _property(value: str) -> Found:
    """Return a secret handed to an installer; words, numbers and variables are none."""
    secret = re.search(r"\d", value) and re.search(r"[A-Za-z]", value) and value[0] not in "[%$<{"
    return [("key", value)] if secret else []


SHAPES = {
    "key": Shape(
        r"(?i)\b[A-Z0-9]{5}(?:-[A-Z0-9]{5}){4}\b|\b\d{6}(?:-\d{6}){7}\b|\b\d{5}-\d{5}-\d{5}-[A-Z0-9]{5}\b",
        whole("key"),
    ),
    "token": Shape(r"\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]{4,}){1,2}", whole("key")),
    "secret": Shape(
        r"(?i)[?&](?:sig|signature|token|code|access_token|client_secret|assertion|password)=[^&\s\"'<>]{6,}",
        lambda match: [("key", match.split("=", 1)[1])],
    ),
    "credential": Shape(
        r"(?i)\b(?:bearer|basic|negotiate)\s[A-Za-z0-9+/=._~-]{16,}",
        lambda match: [("key", match.split()[-1])] if re.search(r"\d", match) else [],
    ),
    "property": Shape(
        r"\b[A-Z][A-Z0-9_]{0,30}(?:TOKEN|PASSWORD|PASSWD|PWD|SECRET|KEY|LICENSE|LICENCE|CODE)"
        r"=\\{0,2}[\"']?[^\s\"'\\;,]{5,200}",
        lambda match: _property(match.split("=", 1)[1].lstrip("\\\"'")),
    ),
    "secure": Shape(
        r"(?i)\bConvertTo-SecureString(?:\s{1,4}-(?:String|AsPlainText|Force)){0,3}\s{1,4}"
        r"\\{0,2}[\"'][^\"'\\\r\n]{3,120}",
        lambda match: [("key", re.split(r"[\"']", match)[1])],
    ),
}
"""Where a secret is handed over."""
