"""Which lines of a registry text are keys and which are values, told by their bytes, all lines at once."""

from __future__ import annotations

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from autopilot_analysis.readers.pieces import Text

_Places = NDArray[np.int64]
_LINE_FEED, _RETURN, _BLANK, _TAB, _QUOTE, _EQUALS, _AT, _OPEN, _CLOSE, _MINUS = b'\n\r \t"=@[]-'
_HIVE = b"HKEY_"
_NEVER = np.iinfo(np.int64).max
_USUAL_INDENT = 8


class Lines(msgspec.Struct, frozen=True):
    """Lines of a text that are not empty: line i is `text[starts[i]:ends[i]]`, its number `numbers[i]`."""

    text: bytes
    starts: _Places
    ends: _Places
    numbers: _Places

    def line(self, place: int) -> bytes:
        """Return one of the lines."""
        return self.text[self.starts[place] : self.ends[place]]

    def letter(self, places: _Places) -> NDArray[np.uint8]:
        """Return the byte at one place of each line; for a place behind the line, the line's last byte."""
        return np.frombuffer(self.text, np.uint8)[np.minimum(places, self.ends - 1)]

    def pick(self, which: NDArray[np.bool_] | _Places) -> Lines:
        """Return some of the lines."""
        return Lines(self.text, self.starts[which], self.ends[which], self.numbers[which])


class Parts(msgspec.Struct, frozen=True):
    """What the lines of a registry text are; `line` is a line's position among `Lines`.

    `keys` has line, key and removed (`[-key]`). `values` has line, name, quoted (whether a string begins)
    and rest: what stands behind the equals sign, or behind the quote after it. `others` are neither.
    """

    keys: pl.DataFrame
    values: pl.DataFrame
    others: _Places


def lines_of(text: bytes) -> Lines:
    """Return the lines of a text that are not empty, numbered from 1 over all lines.

    Args:
        text: UTF-8 with LF or CRLF line ends.
    """
    letters = np.frombuffer(text, np.uint8)
    ends = np.append(np.flatnonzero(letters == _LINE_FEED), len(text))
    starts = np.append(0, ends[:-1] + 1)
    lines = Lines(text, starts, ends, np.arange(1, len(ends) + 1)).pick(starts < ends)
    ends = lines.ends - (lines.letter(lines.ends) == _RETURN)
    return Lines(text, lines.starts, ends, lines.numbers).pick(lines.starts < ends)


def find_parts(lines: Lines) -> Parts:
    """Return the keys and the values that begin on the lines of a registry text.

    Args:
        lines: As `lines_of` returns them.
    """
    text = Text(lines.text)
    starts = _behind_blanks(lines)
    first = lines.letter(starts)
    keys = _keys(text, lines, starts, np.flatnonzero(first == _OPEN))
    named, default = first == _QUOTE, (first == _AT) & (lines.letter(starts + 1) == _EQUALS)
    equals = np.full(len(starts), _NEVER)
    equals[named] = _quoted_equals(lines.text, starts[named] + 1)
    equals[default] = starts[default] + 1
    is_value = equals < lines.ends
    values = _values(text, lines, starts, equals, np.flatnonzero(is_value))
    other = ~is_value
    other[keys["line"].to_numpy()] = False
    return Parts(keys, values, np.flatnonzero(other))


def _behind_blanks(lines: Lines) -> _Places:
    """Return where lines begin behind the blanks that indent them."""
    at = lines.starts.copy()
    for _ in range(_USUAL_INDENT):
        letter = lines.letter(at)
        blank = ((letter == _BLANK) | (letter == _TAB)) & (at < lines.ends)
        if not blank.any():
            return at
        at += blank
    for line in np.flatnonzero(blank):
        indented = lines.text[lines.starts[line] : lines.ends[line]]
        at[line] = lines.ends[line] - len(indented.lstrip(b" \t"))
    return at


def _quoted_equals(text: bytes, places: _Places) -> _Places:
    """Return the first `=` at or behind each place that has a quote before it, wherever in the text."""
    letters = np.frombuffer(text, np.uint8)
    signs = np.flatnonzero(letters == _EQUALS)
    signs = np.append(signs[letters[signs - 1] == _QUOTE], _NEVER)
    return signs[np.searchsorted(signs, places)]


def _keys(text: Text, lines: Lines, starts: _Places, line: _Places) -> pl.DataFrame:
    """Return the keys among those lines that begin with a bracket."""
    picked, at = lines.pick(line), starts[line] + 1
    removed = picked.letter(at) == _MINUS
    at += removed
    fits = np.flatnonzero(at + len(_HIVE) <= picked.ends)
    heads = np.ndarray(
        (max(0, len(lines.text) - len(_HIVE) + 1),), f"S{len(_HIVE)}", lines.text, strides=(1,)
    )
    keys = fits[heads[at[fits]] == _HIVE]
    ends = picked.ends - (picked.letter(picked.ends) == _CLOSE)
    (key,) = text.between(at[keys], ends[keys], columns=[0])
    return pl.DataFrame({"line": line[keys], "key": key, "removed": removed[keys]})


def _values(text: Text, lines: Lines, starts: _Places, equals: _Places, line: _Places) -> pl.DataFrame:
    """Return name and rest of the values on some lines, by where their equals signs stand."""
    picked, name, behind = lines.pick(line), starts[line] + 1, equals[line] + 1
    quoted = picked.letter(behind) == _QUOTE
    bounds = name, np.maximum(behind - 2, name), behind + quoted, picked.ends
    names, rests = text.between(*bounds, columns=[0, 2])
    return pl.DataFrame({"line": line, "name": names, "quoted": quoted, "rest": rests})
