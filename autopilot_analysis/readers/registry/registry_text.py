"""The grammar both registry texts share: keys in brackets, values under them, strings over several lines.

Expressions run one after another (`_seq`): each costs less than handing it to another thread.
"""

from __future__ import annotations

from bisect import bisect_right

import numpy as np
import polars as pl

from autopilot_analysis.readers.reading import Reading, Unread
from autopilot_analysis.readers.registry.registry_lines import Lines, find_parts
from autopilot_analysis.readers.registry.registry_value import DELETED, kinds_of, number_of, texts_of_bytes
from autopilot_analysis.tables import schema_of

_WHOLE_STRING = r'^(?:[^"\\]|\\.)*"\s*$'
_NO_KEY = "values stand before the first key: the beginning of the text is missing"
_CUT = "strings lack their closing quote: they are cut and left out"
_ILL_FORMED = "values are not written as their kind demands and left out"
_STRANGE = "lines are neither a key nor a value"


def read_lines(lines: Lines, *, escaped: bool, silent: tuple[bytes, ...] = ()) -> Reading:
    r"""Return the values that stand under the keys of a registry text, and what could not be read.

    Args:
        lines: As `lines_of` returns them.
        escaped: Whether backslashes escape quotes and backslashes.
        silent: Beginnings of lines outside values that say nothing, such as comments.

    Returns:
        A reading of registry_values; a key without values leaves no row. A string may span lines: it ends
        with the last quote that ends a line before the next value or key. `[-key]` and `"name"=-` leave a
        row of kind REG_DELETED without a value.
    """
    parts = find_parts(lines)
    values = _spelt(parts.values)
    known = pl.col("kind").is_not_null() & (pl.col("body").is_not_null() | (pl.col("word") == "-"))
    strange = {*parts.others.tolist(), *values.filter(~known)["line"]}
    values, cut = values.filter(known), list[int]()
    if strange or _open(values, escaped=escaped).height:
        values, cut = _joined(lines, parts.keys["line"], values, strange, escaped=escaped)
    strange = {line for line in strange if not lines.line(line).lstrip().startswith(silent)}
    rows = _texts(values, escaped=escaped).join_asof(parts.keys, on="line")
    under_key = pl.col("key").is_not_null()
    whole = pl.col("value").is_not_null() | (pl.col("kind") == DELETED)
    gaps = {
        _NO_KEY: rows.filter(~under_key)["line"].to_list(),
        _CUT: cut,
        _ILL_FORMED: rows.filter(under_key & ~whole)["line"].to_list(),
        _STRANGE: sorted(strange),
    }
    return Reading(
        {"registry_values": _rows(rows.filter(under_key & whole), parts.keys, lines)},
        tuple(
            Unread(f"{len(where)} {reason}", int(lines.numbers[min(where)]), len(where))
            for reason, where in gaps.items()
            if where
        ),
    )


def _spelt(values: pl.DataFrame) -> pl.DataFrame:
    """Return line, name, word, kind and body of values: `dword:1f` has the word `dword` and the body `1f`.

    The word of a string is its quote. A word that is none has no kind.
    """
    strings = values.filter("quoted").select_seq(
        "line", "name", word=pl.lit('"'), kind=pl.lit("REG_SZ"), body="rest"
    )
    pair = pl.col("pair").struct
    others = (
        values.filter(~pl.col("quoted"))
        .with_columns_seq(pair=pl.col("rest").str.splitn(":", 2))
        .select_seq("line", "name", word=pair.field("field_0").str.to_lowercase(), body=pair.field("field_1"))
    )
    return pl.concat(
        [strings, others.with_columns_seq(kind=kinds_of(others["word"])).select_seq(strings.columns)]
    )


def _open(values: pl.DataFrame, *, escaped: bool) -> pl.DataFrame:
    """Return the strings that do not end on the line they begin on."""
    word, body = pl.col("word"), pl.col("body")
    ends = body.str.contains(_WHOLE_STRING) if escaped else body.str.strip_chars_end().str.ends_with('"')
    return values.filter((word == '"') | (word == "multi_sz")).filter(~ends)


def _joined(
    lines: Lines, keys: pl.Series, values: pl.DataFrame, strange: set[int], *, escaped: bool
) -> tuple[pl.DataFrame, list[int]]:
    """Return values with whole strings, and the lines of strings that never end.

    Lines inside strings are taken out of `strange`.
    """
    heads = pl.concat([keys, values["line"]]).sort().to_list()
    several = values.filter(word="multi_sz")
    open_ends = pl.concat([_open(values, escaped=escaped), several]).unique("line").sort("line")
    bodies: dict[int, str] = {}
    cut = []
    for line, body in open_ends.select_seq("line", "body").iter_rows():
        following = bisect_right(heads, line)
        start = lines.starts[line]
        stop = lines.starts[heads[following]] if following < len(heads) else len(lines.text)
        first, *further = lines.text[start:stop].split(b"\n")
        text = [body, *(part.decode().removesuffix("\r") for part in further)]
        last = max((i for i, part in enumerate(text) if part.rstrip().endswith('"')), default=None)
        if last is None:
            cut.append(line)
        else:
            bodies[line] = "\n".join(text[: last + 1])
            stop = start + len(first) + sum(len(part) + 1 for part in further[:last])
        strange.difference_update(range(line, int(np.searchsorted(lines.starts, stop))))
    whole = pl.DataFrame(
        {"line": list(bodies), "whole": list(bodies.values())}, {"line": pl.Int64, "whole": pl.String}
    )
    joined = values.join(whole, on="line", how="left", maintain_order="left").with_columns_seq(
        body=pl.coalesce("whole", "body")
    )
    return joined.filter(~pl.col("line").is_in(cut)).drop("whole"), cut


def _texts(values: pl.DataFrame, *, escaped: bool) -> pl.DataFrame:
    """Return line, name, kind and text of values, by line; what is not written as its kind demands is null.

    Each way of writing a value is read by itself.
    """
    word, body = pl.col("word"), pl.col("body")
    strings, others = values.filter(word == '"'), values.filter(word != '"')
    text = body.str.strip_chars_end().str.strip_suffix('"')
    several = text.str.strip_chars_start().str.strip_prefix('"').str.replace_all(r'"[,\s]+"', "\n")
    numbers = others.filter((word == "dword") | (word == "qword"))
    in_bytes = others.filter(word.str.starts_with("hex"))
    read = [
        strings.with_columns_seq(value=_unescaped(text) if escaped else text),
        others.filter(word == "multi_sz").with_columns_seq(value=several),
        numbers.with_columns_seq(value=number_of(word, body)),
        in_bytes.with_columns_seq(value=texts_of_bytes(in_bytes["kind"], in_bytes["body"])),
        others.filter(word == "-").with_columns_seq(value=body),
    ]
    rows = pl.concat(read).select_seq("line", "name", "kind", "value").sort("line")
    return rows.with_columns_seq(name=_unescaped(pl.col("name"))) if escaped else rows


def _unescaped(text: pl.Expr) -> pl.Expr:
    """Return text with escaped quotes and backslashes as themselves."""
    return text.str.replace_all(r'\\(["\\])', "${1}")


def _rows(values: pl.DataFrame, keys: pl.DataFrame, lines: Lines) -> pl.DataFrame:
    """Return rows of registry_values: the values, and one row for each key that is removed."""
    gone = keys.filter("removed").select_seq(
        "line", name=pl.lit(""), kind=pl.lit(DELETED), value=pl.lit(None, pl.String), key="key"
    )
    rows = pl.concat([values.drop("removed"), gone]).sort("line") if gone.height else values
    return rows.select_seq(
        "key", "name", "kind", "value", record=pl.Series(lines.numbers[rows["line"].to_numpy()])
    ).select_seq(name for name in schema_of("registry_values") if name not in ("device", "member"))
