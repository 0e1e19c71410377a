"""Marks that a mail, a ticket or a chat puts around what people paste, taken off before any text is read.

Signs of a quotation before each line, backticks, bold, line breaks and signs as HTML writes them, blanks that
do not break: none of them is part of a value. Line ends stay where they are, so that a line keeps its number,
except where a break of HTML parts lines that stand in one. Whole JSON has no such marks: there they are
letters of its values.
"""

from __future__ import annotations

import json
import re

from autopilot_analysis.patterns import late

LEAST_QUOTED = 3
"""So many lines in a row begin with the sign of a quotation where a mail put it there."""
_ANY = ("`", "**", "\n>", "<br", "<BR", "&", "\u00a0", "\u202f", "\u200b")
_FOREIGN = late(r"(?i)\s*(?:<|windows registry editor|regedit4|\[hkey_)|.{0,400}<!\[LOG\[", re.DOTALL)
"""What begins markup, a registry file or a log of the agent, in which such signs are values."""
_QUOTED = late(rf"(?m)(?:^(?:> ?){{1,4}}(?!>).*(?:\n|$)){{{LEAST_QUOTED},}}")
_SIGN = late(r"(?m)^(?:> ?){1,4}")
_TICKED = late(r"(?<![\w`])(`{1,3})([^`\n]{1,400})\1(?![\w`])")
_TICK = late(r"(?m)^([ \t]{0,8})`{1,3}(?=[\w@\[{\"])|(?<=[^\s`])`{1,3}([ \t]*)$")
_BOLD = late(r"(?<![*\w])\*\*(?=[^*\s])([^*\n]{1,300})(?<=\S)\*\*(?![*\w])")
_BREAK = late(r"(?i)[ \t]{0,8}<br ?/?>")
_AT_END = late(r"(?im)[ \t]{0,8}<br ?/?>[ \t]{0,8}$")
_MARKUP = late(r"(?i)</[a-z]")
_SIGNS = {"&nbsp;": " ", "&gt;": ">", "&lt;": "<", "&quot;": '"', "&#39;": "'", "&apos;": "'", "&amp;": "&"}
_ENTITY = late("|".join(_SIGNS))
_BLANKS = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u200b": None})


def without_paste_marks(text: str) -> str:
    """Return a text without the marks of a paste; markup, JSON, registry files and agent logs as they are.

    Args:
        text: Of a file, or its beginning.

    Example:
        >>> without_paste_marks("**Error:** `0x80180014`")
        'Error: 0x80180014'
    """
    if not any(mark in text for mark in _ANY) or _FOREIGN.match(text) or _is_json(text):
        return text
    if not _MARKUP.search(text):
        quoted = '"' in text  # whoever writes quotes as they are means the sign of HTML by its letters
        kept = {"&quot;": "&quot;"} if quoted else {}
        text = _ENTITY.sub(lambda sign: kept.get(sign[0], _SIGNS[sign[0]]), text)
        text = _BREAK.sub("\n", _AT_END.sub("", text))
    text = _QUOTED.sub(lambda lines: _SIGN.sub("", lines[0]), text.translate(_BLANKS))
    text = _TICK.sub(r"\1\2", _TICKED.sub(r"\2", text))
    return _BOLD.sub(r"\1", text)


def _is_json(text: str) -> bool:
    """Return whether a text is one whole object or list of JSON."""
    if not text.lstrip().startswith(("{", "[")) or not text.rstrip().endswith(("}", "]")):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
