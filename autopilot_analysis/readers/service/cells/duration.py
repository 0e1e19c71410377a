"""Texts that tell how long -> spans: ISO 8601, h:mm:ss, seconds; what cannot be a span stays null."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts import SEVERAL, read_facts

SECOND = 1_000_000
"""Microseconds."""


def read_durations(texts: pl.Series) -> pl.Series:
    """Return spans in microseconds; null where the text is empty, negative or no span at all.

    Read are ISO 8601 with weeks, days, hours, minutes and seconds (`PT3M21.5549443S`, `P1DT2H`), clock style
    with optional days before a dot (`1.02:03:04.5`, `52:10:01`), plain seconds (`3821`, `3821.5`), and what
    people write (`38 min`, `1:05 h`, `1 h 05`, `1 Std. 5 Min.`).
    Months and years have no fixed length, and `52:10` does not say of what: both stay null. Microsoft's own
    samples hold negative spans, which mean that start or end was missing: see `negative_durations`.

    Args:
        texts: A text column.
    """
    clean = texts.str.strip_chars()
    spans = _spans(*_time(clean.str.strip_prefix("PT")))
    rare = (~(clean.str.starts_with("PT") & (clean != "PT"))).arg_true()
    if rare.len():
        spans = spans.scatter(rare, _any(clean.gather(rare)))
    return (
        spans.set(clean.is_null() | negative_durations(clean), None)
        .cast(pl.Duration("us"))
        .rename(texts.name)
    )


def negative_durations(texts: pl.Series) -> pl.Series:
    """Tell which texts carry a minus sign, as the service writes spans whose start or end was missing.

    A dash without a number says that there is none.

    Args:
        texts: A text column.
    """
    return texts.str.contains(r"-.*\d").fill_null(value=False)


def says_none(texts: pl.Series) -> pl.Series:
    """Tell which texts say that there is no span: signs alone, or a word for that.

    Args:
        texts: A text column.
    """
    return texts.str.contains(r"(?i)^[^\p{L}\p{N}]*(?:n/a|none|null)?[^\p{L}\p{N}]*$").fill_null(value=False)


def _any(clean: pl.Series) -> pl.Series:
    """Read spans of every spelling; those of hours, minutes and seconds alone are read faster."""
    iso = clean.str.starts_with("P")
    clock = clean.str.contains(":", literal=True)
    spans = _iso(clean).zip_with(iso, _clock(clean).zip_with(clock, _microseconds(_number(clean))))
    worded = clean.str.contains(r"^\d[\d.,: ]*\p{L}").fill_null(value=False)
    return spans if not worded.any() else _in_words(clean).zip_with(worded, spans)


_UNITS = read_facts("time_units").group_by("unit").agg(pl.col("words").str.join(SEVERAL))
_WORDS = {unit: f"(?:{words.replace(SEVERAL, '|')})" for unit, words in _UNITS.iter_rows()}
_HOURS, _MINUTES, _SECONDS = _WORDS["h"], _WORDS["min"], _WORDS["s"]
_IN_WORDS = (
    rf"^(?:(\d{{1,4}}(?:[.,]\d{{1,3}})?) ?{_HOURS}\.? ?(?:(\d{{1,2}})$)?)?"
    rf"(?:(\d{{1,5}}(?:[.,]\d{{1,3}})?) ?{_MINUTES}\.? ?)?(?:(\d{{1,6}}) ?{_SECONDS}\.?)?$"
)
"""Hours, minutes and seconds as people write them: "38 min", "1 Std. 5 Min.", "1 h 05"."""
_CLOCK_OF_HOURS = rf"^(\d{{1,3}}):([0-5]\d) ?{_HOURS}\.?$"


def _in_words(clean: pl.Series) -> pl.Series:
    """Read spans that people write, "38 min" and "1:05 h"; a number without a unit is none."""
    text = clean.str.to_lowercase()
    named = text.str.contains(rf"\d ?(?:{_HOURS}|{_MINUTES}|{_SECONDS})(?:[^\p{{L}}]|$)").fill_null(
        value=False
    )
    frame = pl.DataFrame({"text": text.set(~named, None)})
    parts = frame.select(
        clock=pl.col("text").str.extract_groups(_CLOCK_OF_HOURS),
        words=pl.col("text").str.extract_groups(_IN_WORDS),
    )
    clock, words = parts["clock"].struct, parts["words"].struct
    total = _nothing(clean)
    for group, seconds in (("1", 3_600), ("2", 60), ("3", 60), ("4", 1)):
        total += _number(words.field(group).str.replace(",", ".")).fill_null(0.0) * seconds
    spans = _microseconds(
        total.set(words.field("1").is_null() & words.field("3").is_null() & words.field("4").is_null(), None)
    )
    hours = _microseconds(_number(clock.field("1")) * 3_600 + _number(clock.field("2")) * 60)
    return hours.zip_with(hours.is_not_null(), spans)


def _iso(clean: pl.Series) -> pl.Series:
    """Peel `P…DT…H…M…S` from the left: an absent part counts zero, a part that is no number voids all."""
    date, time = _halves(clean.str.strip_prefix("P"), "T")
    total, units = _nothing(clean), clean.str.contains_any(["W", "D", "H", "M", "S"])
    for unit, seconds in (("W", 604_800), ("D", 86_400)):
        number, date = _peel(date, unit)
        total += _number(number) * seconds
    whole, rest = _time(time)
    return _spans(total + whole, rest.set((date != "") | ~units, "?"))


def _time(time: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return the seconds of `…H…M…S`, and what is left of the text.

    Each literal is split off in its own step over the whole column: one nested expression would split the
    same text again for every part behind it.
    """
    total = _nothing(time)
    for unit, seconds in (("H", 3_600), ("M", 60)):
        number, time = _peel(time, unit)
        total += _number(number) * seconds
    number, rest = _peel(time, "S")
    return total + _number(number), rest


def _spans(seconds: pl.Series, rest: pl.Series) -> pl.Series:
    return _microseconds(seconds.set((rest != "").fill_null(value=False), None))


def _nothing(text: pl.Series) -> pl.Series:
    return pl.Series("text", [0.0]).new_from_index(0, text.len())


def _halves(text: pl.Series, mark: str) -> tuple[pl.Series, pl.Series]:
    parts = text.str.splitn(mark, 2).struct
    return parts.field("field_0"), parts.field("field_1").fill_null("")


def _peel(text: pl.Series, unit: str) -> tuple[pl.Series, pl.Series]:
    """Split at the first `unit`: the number before it ("0" when there is none) and what is left."""
    parts = text.str.splitn(unit, 2).struct
    before, after = parts.field("field_0"), parts.field("field_1")
    found = after.is_not_null()
    if found.all():
        return before, after
    return before.set(~found, "0"), after.zip_with(found, before)


def _number(text: pl.Series) -> pl.Series:
    return text.cast(pl.Float64, strict=False)


def _microseconds(seconds: pl.Series) -> pl.Series:
    """Round to whole microseconds; what no 64-bit span can hold becomes null."""
    return (seconds * SECOND).round().cast(pl.Int64, strict=False)


def _clock(clean: pl.Series) -> pl.Series:
    """Read `[d.]h:mm:ss[.f]`."""
    parts = clean.str.splitn(":", 3).struct
    days, hours = _peel(parts.field("field_0"), ".")
    whole = pl.Series("text", [0.0]).new_from_index(0, clean.len())
    for number, seconds in ((days, 86_400), (hours, 3_600), (parts.field("field_1"), 60)):
        whole += _number(number) * seconds
    return _microseconds(whole + _number(parts.field("field_2")))
