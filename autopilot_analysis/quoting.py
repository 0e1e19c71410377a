"""What a record or a file wrote, as people read it: on one line, in sentences, steering no screen."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from autopilot_analysis.patterns import late

CUT = "…"
"""Stands where something was left out of a text, or of a list."""
_PAIR = re.compile(r'"([^"\\]{1,80})":\s*(?:"((?:[^"\\]|\\.)*)("|$)|([^,{}\[\]"]+))')
_ANSWER = re.compile(r"(?s)^([^{\[]*)([{\[].*)$")
"""A text that ends in JSON, as the message of an event does that quotes a server."""
_ESCAPE = re.compile(r"\\(.)")
"""A sign as JSON spells it; the ends of lines are blanks to a reader."""
_SENTENCE = re.compile(r"[^\W\d_]{2,}(?:\W+[\w'-]+){3,}")
"""Four words or more: what a service wrote for people, and no key, path or number."""
_PHRASE = re.compile(r"[^\W\d_]{2,}(?: [^\W\d_][\w'-]*)+[.!]?")
_MESSAGE = re.compile(r"(?i)(?:message|description|reason|text)$")
"""Names of fields whose value is meant for people, however short."""
_HIDDEN = (*range(9), *range(0x0B, 0x20), 0x7F)
_DIRECTIONS = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_UNPRINTABLE = (*range(0x80, 0xA0), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)
_VISIBLE = {
    **{code: f"\\x{code:02x}" for code in _HIDDEN},
    **{code: f"\\u{code:04x}" for code in _DIRECTIONS},
    **dict.fromkeys(_UNPRINTABLE, "�"),
}

_NOISE = (
    late(r"</?[A-Za-z][\w.-]{0,40}(?::[\w.-]{1,40})?(?: [^<>]{0,400})?/?>"),
    late(r"[-=_*~#]{4,}"),
    late(r"\bRequest: .{80,2000}?(?=\b(?:Error|Response|Message|Description)\b[^:]{0,20}:|$)"),
    late(r"\bLogged at [\w.\\/-]{1,120}, line: ?\d{1,6}(?:, method: ?[\w:~<>]{1,120})?"),
    late(
        r"(?i)\b(?:correlation|request|trace|client|activity|operation|session)[ -]?id(?: \(\w{1,20}\))?: ?"
        r"\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\}?"
    ),
)
"""What a program writes around its own words."""
_LOOSE = late(r"([.!?])(?: +[.,;]){1,5}(?=\s|$)")
"""Marks that nothing stands between any more."""


def in_quotes(text: str) -> str:
    """Return what somebody else wrote, within a sentence of ours: “the device cap is reached”.

    Args:
        text: As it was written, without the stop at its end.
    """
    return f"“{text}”"


def visible(text: str) -> str:
    r"""Return text that cannot steer a screen: controls, escapes, directions are spelt out, such as \x1b."""
    return text.replace("\r\n", "\n").translate(_VISIBLE)


def one_line(text: object) -> str:
    """Return text on one line that cannot steer a terminal: what does not print becomes a stand-in."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in str(text))


def cut(text: str, most: int) -> str:
    """Return a text whose end is cut where it is too long, with the sign that says so.

    Args:
        text: One line.
        most: So many signs it may have, that one among them.
    """
    return text if len(text) <= most else f"{text[: most - 1]}{CUT}"


def first_of(names: Sequence[str], most: int) -> str:
    """Return the first of several names that others gave, and that there are others: "Reader, Editor, …".

    Args:
        names: All of them.
        most: So many are named.
    """
    return ", ".join([*names[:most], *([CUT] if len(names) > most else [])])


def shortened(text: str, most: int) -> str:
    """Return a text that is too long without its middle: a message ends with its result.

    Args:
        text: One line.
        most: So many of its characters are kept.
    """
    if len(text) <= most:
        return text
    end = most // 3
    return f"{text[: most - end].rstrip()} {CUT} {text[-end:].lstrip()}"


def in_plain_words(text: str) -> str:
    """Return what a server or a program wrote without what is none of its words, fit for a mail.

    Tags, rules of dashes, the request that it answers, its source file and the ids of its own records go.

    Args:
        text: One statement.

    Example:
        >>> in_plain_words("<s:Text>The token is not valid.</s:Text> -------- Logged at a.cpp, line: 9.")
        'The token is not valid.'
    """
    text = " ".join(text.split())
    for noise in _NOISE:
        text = noise.sub(" ", text)
    return _LOOSE.sub(r"\1", " ".join(text.split())).strip(" ,;")


def fields(text: str) -> str:
    """Return a record's quote as people read it: JSON of named fields as "Name: value; Name: value".

    Args:
        text: As evidence carries it; JSON that was cut short gives the fields it still holds.

    Example:
        >>> fields('{"HRESULT":"0x80180014","User":null}')
        'HRESULT: 0x80180014'
    """
    flat = " ".join(text.split())
    pairs = _pairs(flat)
    return "; ".join(f"{name}: {value}" if name else value for name, value in pairs) or flat


def statements(text: str) -> list[str]:
    """Return the sentences in a record's named fields: the words of a service or of Windows themselves.

    Args:
        text: A quote as evidence carries it.

    A field that is named a message may be two words short; elsewhere it takes four to be a sentence. Around
    the statement of a server stands what the program wrote that asked it: that is left out.

    Example:
        >>> statements('{"HRESULT":"0x80180014","Message2":"The device may not enroll in this way."}')
        ['The device may not enroll in this way.']
        >>> statements('{"code":"bad_request","message":"Invalid token"}')
        ['Invalid token']
    """
    pairs = _pairs(" ".join(text.split()), around=False)
    return [value for name, value in pairs if _is_statement(name, value)]


def _is_statement(name: str, value: str) -> bool:
    return bool(_SENTENCE.match(value) or (_MESSAGE.search(name) and _PHRASE.fullmatch(value)))


def _pairs(text: str, *, around: bool = True) -> list[tuple[str, str]]:
    """Return names and values of JSON, nested ones too; of cut JSON what is whole in it; else nothing."""
    if not text.startswith(("{", "[")):
        return []
    try:
        return list(_leaves("", json.loads(text), around=around))
    except ValueError:
        text = _ESCAPE.sub(lambda found: " " if found[1] in "nrt" else found[0], text)
        found = _PAIR.findall(text.replace('\\"', '"').replace('"{', "{") if '{\\"' in text else text)
        return [(name, (string or bare).strip()) for name, string, _, bare in found if string or bare.strip()]


def _leaves(name: str, value: object, *, around: bool) -> Iterator[tuple[str, str]]:
    """Yield names and values; what a program wrote around the statement of a server only where asked for."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(str(key), inner, around=around)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(name, inner, around=around)
    elif isinstance(value, str) and (answer := _ANSWER.search(value)) and (inside := _pairs(answer[2])):
        if around or not any(_is_statement(*pair) for pair in inside):
            yield from _leaves(name, " ".join(answer[1].split()).rstrip(": "), around=around)
        yield from inside
    elif value not in (None, ""):
        yield name, str(value)
