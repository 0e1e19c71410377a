"""Puts pseudonyms where identifiers stood, in whole columns at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import polars as pl

from autopilot_analysis.privacy.discover import own_word, personal_columns
from autopilot_analysis.privacy.spellings import DOTTED as NUMBERS
from autopilot_analysis.privacy.spellings import encoded, is_word, written
from autopilot_analysis.privacy.unfold import DEPTH, recode

KEPT = frozenset(
    [
        "sha256",
        "source",
        "code",
        "build",
        "rule",
        "page",
        "activity_id",
        "mark",
        "edition",
        "tpm_version",
        "tpm_firmware",
        "time_zone",
        "kind",
        "state",
        "presence",
        "clock",
    ]
)
"""Columns that hold the kit's own words, codes or hashes; nothing is searched in them."""

WINDOWS = {
    "channel": r"(?i)^(?:Microsoft|Windows)[ .-]|^(?:System|Application|Security|Setup|ForwardedEvents)$",
    "provider": r"(?i)^(?:Microsoft|Windows)[ .-]|^(?:EventLog|Service Control Manager|MsiInstaller)$",
}
"""Columns whose value comes from the file, and what Windows itself calls there: that names nobody."""

FENCE = "\ue0f0"
"""A private sign set around words, so that a whole word can be told from a part of one."""

WORD = r"[\p{L}\p{N}\p{M}]+"
ESCAPED_WORD = rf"(\\+[nrtbf]|\\+u[0-9a-fA-F]{{4}}|%[0-9A-Fa-f]{{2}})|({WORD})"
DOTTED = r"\d+(?:\.\d+)+"
BINARY = r"(?i)[0-9a-f]{16,}|(?:[0-9a-f]{2}[ ,:-]{1,2}){7,}|[A-Za-z0-9+/_-]{16,}"
_NO_CELLS = pl.DataFrame(schema={"table": pl.String, "text": pl.String})
BATCH = 4_000
"""How many originals are searched in binary text at a time; it bounds the memory of the search."""
BEGINNING = 8
"""Signs of an encoded form that are looked up before it is searched; no form is shorter."""


def rewrite(frames: Mapping[str, pl.DataFrame], names: Mapping[str, str]) -> dict[str, pl.DataFrame]:
    """Return the frames with pseudonyms in place of every identifier.

    Args:
        frames: Frames under their tables' names, which tell the columns that hold one identifier each.
        names: Original to pseudonym; letter case does not matter.
    """
    cells = pl.concat([_NO_CELLS, *(_cells(frame, table) for table, frame in frames.items())])
    if cells.is_empty() or not names:
        return dict(frames)
    changed = cells.join(_changed(cells["text"].unique(), names), on="text")
    hidden = dict(frames)
    for (table,), rows in changed.partition_by("table", as_dict=True).items():
        whole = set(personal_columns(table))
        hidden[table] = frames[table].with_columns(
            _moved(frames[table][name], rows["text"], rows["named" if name in whole else "changed"])
            for name in text_columns(frames[table])
        )
    return hidden


def _cells(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """Return table and text: what stands in the columns of a table that can name somebody, each once."""
    columns = [open_cells(frame, name).drop_nulls().unique().alias("text") for name in text_columns(frame)]
    texts = pl.concat([_NO_CELLS["text"], *columns]).unique()
    return pl.select(table=pl.lit(table), text=texts)


def _changed(texts: pl.Series, names: Mapping[str, str]) -> pl.DataFrame:
    """Return the texts that change, all at once: a search costs more than the texts it reads.

    Args:
        texts: Texts of any tables, each once.
        names: Original to pseudonym.

    Returns:
        text, changed (as it stands anywhere) and named (where a column holds one identifier a cell).
    """
    anywhere = {o: name for o, name in names.items() if not own_word(name.partition("-")[0], o)}
    exactly = {original.lower(): name for original, name in names.items()}
    text = pl.col("text")
    exact = text.str.strip_chars().str.to_lowercase()
    exact = exact.replace_strict(exactly, default=None, return_dtype=pl.String)
    pairs = pl.DataFrame({"text": texts, "changed": rewrite_texts(texts, anywhere)})
    both = pairs.with_columns(named=pl.coalesce(exact, "changed"))
    return both.filter((pl.col("changed") != text) | (pl.col("named") != text))


def text_columns(frame: pl.DataFrame) -> list[str]:
    """Return the columns of a table in which something can be named.

    Args:
        frame: A table.
    """
    return [name for name in frame.columns if frame.schema[name] == pl.String and name not in KEPT]


def open_cells(frame: pl.DataFrame, column: str) -> pl.Series:
    """Return the cells of a column that can name somebody; what Windows calls its own is null.

    Args:
        frame: A table.
        column: One of its text columns.
    """
    cells = frame[column]
    known = WINDOWS.get(column)
    return cells if known is None else cells.set(cells.str.contains(known).fill_null(value=False), None)


def _moved(column: pl.Series, texts: pl.Series, changed: pl.Series) -> pl.Series:
    moved = texts != changed
    return column.replace(texts.filter(moved), changed.filter(moved)) if moved.any() else column


def rewrite_texts(texts: pl.Series, names: Mapping[str, str], *, depth: int = DEPTH) -> pl.Series:
    """Return the texts with every identifier replaced, longest first, in every spelling and wrapping.

    Args:
        texts: What is rewritten.
        names: Original to pseudonym.
        depth: How many wrappings are undone, one inside another.
    """
    long = {original: name for original, name in names.items() if not is_word(original)}
    short = {original: name for original, name in names.items() if is_word(original)}
    texts = _replace(texts, _spelt(long))
    if short:
        texts = _fenced(texts, DOTTED, FENCE + "${0}" + FENCE, short)
        texts = _fenced(texts, WORD, FENCE + "${0}" + FENCE, short)
        texts = _fenced(texts, ESCAPED_WORD, "${1}" + FENCE + "${2}" + FENCE, short)
        texts = _replace_odd(texts, short)
    if depth:
        texts = recode(texts, lambda inner: rewrite_texts(inner, names, depth=depth - 1))
    return _binary(texts, list(long.items()))


def _spelt(names: Mapping[str, str]) -> dict[str, str]:
    return {form: name for original, name in names.items() for form in written(original) if len(form) > 1}


def _replace(texts: pl.Series, names: Mapping[str, str]) -> pl.Series:
    if not names or texts.is_empty():
        return texts
    forms = sorted(names, key=len, reverse=True)
    hit = texts.str.contains_any(forms, ascii_case_insensitive=True)
    if not hit.any():
        return texts
    changed = texts.filter(hit).str.replace_many(
        forms, [names[form] for form in forms], ascii_case_insensitive=True, leftmost=True
    )
    return texts.clone().scatter(hit.arg_true(), changed)


def _fenced(texts: pl.Series, word: str, fence: str, names: Mapping[str, str]) -> pl.Series:
    """Replace words only where they stand alone: fence every word, replace fenced ones, unfence."""
    forms = _spelt(names)
    if not forms:
        return texts
    hit = texts.str.contains_any(list(forms), ascii_case_insensitive=True)
    if not hit.any():
        return texts
    fenced = texts.filter(hit).str.replace_all(word, fence)
    around = {f"{FENCE}{form}{FENCE}": name for form, name in forms.items()}
    changed = _replace(fenced, around).str.replace_all(FENCE, "", literal=True)
    return texts.clone().scatter(hit.arg_true(), changed)


def _replace_odd(texts: pl.Series, names: Mapping[str, str]) -> pl.Series:
    """Replace short identifiers that hold a sign, such as "a-1", where no letter or digit touches them."""
    odd = {
        original: name
        for original, name in names.items()
        if not (original.isalnum() or NUMBERS.match(original))
    }
    for form, name in _spelt(odd).items():
        pattern = rf"(?i)(^|[^\p{{L}}\p{{N}}]|\\[nrtbf]){re.escape(form)}($|[^\p{{L}}\p{{N}}])"
        for _ in range(2):  # two that share the sign between them
            hit = texts.str.contains(pattern)
            if hit.any():
                changed = texts.filter(hit).str.replace_all(pattern, f"${{1}}{name}${{2}}")
                texts = texts.clone().scatter(hit.arg_true(), changed)
    return texts


def _binary(texts: pl.Series, names: Iterable[tuple[str, str]]) -> pl.Series:
    """Replace what hides in hex or Base64 runs; only texts that hold such a run are searched."""
    rows = texts.str.contains(BINARY).arg_true()
    pairs = list(names)
    if rows.is_empty():
        return texts
    part = texts.gather(rows)
    for start in range(0, len(pairs), BATCH):
        forms = {form: name for original, name in pairs[start : start + BATCH] for form in encoded(original)}
        part = _replace(part, _beginning_in(part, forms))
    return texts.clone().scatter(rows, part)


def _beginning_in(texts: pl.Series, forms: dict[str, str]) -> dict[str, str]:
    """Return those of the encoded forms whose beginning stands in a text, or all where the texts are longer.

    What a search for many forms costs is to prepare it: more than to read a few texts.
    """
    if texts.str.len_bytes().sum() > sum(map(len, forms)):
        return forms
    held = "\n".join(texts).lower()
    begins = {held[place : place + BEGINNING] for place in range(len(held))}
    return {form: name for form, name in forms.items() if form[:BEGINNING].lower() in begins}
