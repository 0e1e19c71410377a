"""The grammar both registry texts share: keys in brackets, values under them, strings over several lines."""

from __future__ import annotations

from bisect import bisect_right

import polars as pl

from autopilot_analysis.readers.reading import Reading, Unread, rows_of
from autopilot_analysis.readers.registry_value import DELETED, kind_of, value_of, value_of_bytes

_WHOLE_STRING = r'^(?:[^"\\]|\\.)*"\s*$'
_NO_KEY = "values stand before the first key: the beginning of the text is missing"
_CUT = "strings lack their closing quote: they are cut and left out"
_ILL_FORMED = "values are not written as their kind demands and left out"
_STRANGE = "lines are neither a key nor a value"


def lines_of(text: str) -> pl.DataFrame:
    """Return the lines of a registry text: record (from 1) and line, without line ends.

    Args:
        text: Decoded text with LF or CRLF line ends.
    """
    lines = pl.Series("line", [text]).str.split("\n").explode(empty_as_null=False)
    return lines.str.strip_suffix("\r").to_frame().with_row_index("record", 1)


def read_lines(lines: pl.DataFrame, *, escaped: bool, silent: str | None = None) -> Reading:
    r"""Return the values that stand under the keys of a registry text, and what could not be read.

    Args:
        lines: As `lines_of` returns them.
        escaped: Whether backslashes escape quotes and backslashes.
        silent: Pattern of lines outside values that say nothing, such as comments.

    Returns:
        A reading of registry_values; a key without values leaves no row. A string may span lines: it ends
        with the last quote that ends a line before the next value or key. `[-key]` and `"name"=-` leave a
        row of kind REG_DELETED without a value.
    """
    parts = _parts(lines, escaped=escaped)
    values, others = parts.filter(role="value"), parts.filter(role="other")
    cut: list[int] = []
    strange = others["record"].to_list()
    if others.height or values["open"].any():
        values, strange, cut = _joined(parts, dict(lines.select("record", "line").iter_rows()))
    if silent and strange:
        spoken = lines.filter(pl.col("record").is_in(strange) & ~pl.col("line").str.contains(silent))
        strange = spoken["record"].to_list()
    rows = _valued(values.filter(pl.col("key").is_not_null()), escaped=escaped)
    whole = pl.col("value").is_not_null() | (pl.col("kind") == DELETED)
    return Reading(
        {"registry_values": _rows(rows.filter(whole), parts, escaped=escaped)},
        _gap(values.filter(pl.col("key").is_null())["record"].to_list(), _NO_KEY)
        + _gap(cut, _CUT)
        + _gap(rows.filter(~whole)["record"].to_list(), _ILL_FORMED)
        + _gap(strange, _STRANGE),
    )


def _parts(lines: pl.DataFrame, *, escaped: bool) -> pl.DataFrame:
    """Return every line that is not empty with its role and, for a value, what it says on this line.

    Columns: record; key (as written between brackets); name; word, kind and body of a value; role
    (key, value, other); open (a string that does not end on its line, or several strings).
    """
    start, rest, named, default = pl.col("start"), pl.col("rest"), pl.col("named"), pl.col("default")
    pair, quoted, word, body = pl.col("pair").struct, pl.col("quoted"), pl.col("word"), pl.col("body")
    value = pl.col("kind").is_not_null() & (body.is_not_null() | (word == "-"))
    ended = body.str.contains(_WHOLE_STRING) if escaped else body.str.strip_chars_end().str.ends_with('"')
    return (
        lines.lazy()
        .filter(pl.col("line").str.len_bytes() > 0)
        .with_columns(start=pl.col("line").str.strip_chars_start(" \t"))
        .with_columns(
            pair=start.str.splitn('"=', 2),
            default=start.str.starts_with("@="),
            named=start.str.starts_with('"'),
            is_key=start.str.starts_with("[HKEY_") | start.str.starts_with("[-HKEY_"),
        )
        .with_columns(
            key=pl.when("is_key").then(start).str.strip_prefix("[").str.strip_suffix("]").forward_fill(),
            name=pl.when(default).then(pl.lit("")).when(named).then(pair.field("field_0").str.slice(1)),
            rest=pl.when(default).then(start.str.slice(2)).when(named).then(pair.field("field_1")),
        )
        .with_columns(quoted=rest.str.starts_with('"'))
        .with_columns(pair=pl.when(~pl.col("quoted")).then(rest).str.splitn(":", 2))
        .with_columns(
            word=pl.when(quoted).then(pl.lit('"')).otherwise(pair.field("field_0").str.to_lowercase()),
            body=pl.when(quoted).then(rest.str.slice(1)).otherwise(pair.field("field_1")),
        )
        .with_columns(kind=kind_of(word))
        .select(
            *("record", "key", "name", "word", "body", "kind"),
            role=pl.when("is_key")
            .then(pl.lit("key"))
            .when(value)
            .then(pl.lit("value"))
            .otherwise(pl.lit("other")),
            open=word.is_in(['"', "multi_sz"]) & ~ended,
        )
        .collect()
    )


def _joined(parts: pl.DataFrame, lines: dict[int, str]) -> tuple[pl.DataFrame, list[int], list[int]]:
    """Return values with whole strings, the lines nobody claims, and the lines of strings that never end."""
    heads = parts.filter(pl.col("role") != "other")["record"].to_list()
    unclaimed = set(parts.filter(role="other")["record"].to_list())
    values = parts.filter(role="value")
    open_ends = values.filter(pl.col("open") | (pl.col("word") == "multi_sz")).select("record", "body")
    bodies: dict[int, str] = {}
    cut, after = [], max(lines, default=0) + 1
    for record, body in open_ends.iter_rows():
        following = bisect_right(heads, record)
        end = heads[following] if following < len(heads) else after
        text = [body, *(lines.get(number, "") for number in range(record + 1, end))]
        last = max((i for i, line in enumerate(text) if line.rstrip().endswith('"')), default=None)
        unclaimed.difference_update(range(record, end if last is None else record + last + 1))
        if last is None:
            cut.append(record)
        else:
            bodies[record] = "\n".join(text[: last + 1])
    whole = pl.DataFrame(
        {"record": list(bodies), "whole": list(bodies.values())}, {"record": pl.UInt32, "whole": pl.String}
    )
    joined = values.join(whole, on="record", how="left", maintain_order="left").with_columns(
        body=pl.coalesce("whole", "body")
    )
    return joined.filter(~pl.col("record").is_in(cut)).drop("whole"), sorted(unclaimed), cut


def _valued(rows: pl.DataFrame, *, escaped: bool) -> pl.DataFrame:
    """Return whole values with their text: bytes in hex apart from the rest."""
    word, kind, body = pl.col("word"), pl.col("kind"), pl.col("body")
    in_bytes = rows["word"].str.starts_with("hex")
    parts = (
        rows.filter(in_bytes).lazy().with_columns(value=value_of_bytes(kind, body)),
        rows.filter(~in_bytes).lazy().with_columns(value=value_of(kind, _body(word, body, escaped=escaped))),
    )
    return pl.concat(pl.collect_all(parts)).sort("record")


def _body(word: pl.Expr, body: pl.Expr, *, escaped: bool) -> pl.Expr:
    """Return strings without their quotes and, where the text escapes them, unescaped; others as they are."""
    text = body.str.strip_chars_end().str.strip_suffix('"')
    several = (
        pl.when(word == "multi_sz")
        .then(text)
        .str.strip_chars_start()
        .str.strip_prefix('"')
        .str.replace_all(r'"[,\s]+"', "\n")
    )
    return (
        pl.when(word == '"')
        .then(_unescaped(text) if escaped else text)
        .when(word == "multi_sz")
        .then(several)
        .otherwise(body)
    )


def _unescaped(text: pl.Expr) -> pl.Expr:
    """Return text with escaped quotes and backslashes as themselves."""
    return text.str.replace_all(r'\\(["\\])', "${1}")


def _rows(rows: pl.DataFrame, parts: pl.DataFrame, *, escaped: bool) -> pl.DataFrame:
    """Return rows of registry_values: the values, and one row for each key that is removed."""
    removed = parts.filter((pl.col("role") == "key") & pl.col("key").str.starts_with("-"))
    columns = rows_of("registry_values", {}).schema
    if removed.height:
        gone = removed.with_columns(name=pl.lit(""), kind=pl.lit(DELETED), value=pl.lit(None, pl.String))
        rows = pl.concat([rows, gone.select(rows.columns)]).sort("record")
    named = rows.with_columns(_unescaped(pl.col("name"))) if escaped else rows
    return named.with_columns(pl.col("key").str.strip_prefix("-")).select(
        pl.col(name).cast(kind) for name, kind in columns.items()
    )


def _gap(records: list[int], reason: str) -> tuple[Unread, ...]:
    """Return one gap for the lines in `records`, none when there are none."""
    return (Unread(f"{len(records)} {reason}", min(records), len(records)),) if records else ()
