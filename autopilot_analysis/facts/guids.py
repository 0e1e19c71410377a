"""How an id of 128 bits is written, wherever one stands in a name, a path or a message."""

from __future__ import annotations

GUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
"""A pattern of its 36 signs, in either letter case; braces around them are no part of it."""
BRACED = rf"\{{?{GUID}\}}?"
"""The same with the braces that Windows mostly puts around an id."""
EMPTY_ID = "00000000-0000-0000-0000-000000000000"
"""What stands for a user, a device or an item that is not known."""
