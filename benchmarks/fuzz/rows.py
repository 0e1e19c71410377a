"""Tables of a sound export with absurd values in random cells: what a reader never meant to let through."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from random import Random

import polars as pl

from autopilot_analysis.tables import SCHEMAS, Tables

EVIL_TEXT = (
    "", " ", "\0", "\u202e\u2066x", "<script>alert(1)</script>", "$x^2$ $", "=cmd|' /C calc'!A0", "\x1b]8;;http://a\x07",
    "{}", "[]", "[1]", "null", '"x"', "17", '{"a":', "{" * 200, '{"": null}', '{"a":{"b":[1,{"c":2}]}}',
    '{"HRESULT":"x"}',
    '{"Data":[]}', '{"Data":["", null]}', "-1", "0", "9" * 40, "1e400", "NaN", "0x", "0x80180014", "0XFFFFFFFFFF",
    "-2147483648",
    "1601-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "12/31/9999", "0001-01-01", "\U0001f600" * 50,
    "A" * 20_000,
    "..\\..\\x", "CON", "\n\r\n", "\ufffd", "PT1H", "%s%n{0}", "(?:a+)+$", "C:\\", "Europe/Nowhere",
    "True", "1,2;3",
)  # fmt: skip
EVIL_NUMBERS = (0, 1, -1, 2**31, -(2**31), 2**53, 2**63 - 1, -(2**63))
EVIL_INSTANTS = (
    datetime(1601, 1, 1, tzinfo=UTC),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC),
)


def disturb(tables: Tables, random: Random) -> Tables:
    """Return tables of which some cells, columns and rows are not as any device writes them."""
    frames = tables.frames()
    for name, frame in frames.items():
        if frame.height and random.random() < 0.6:
            frames[name] = _disturbed(name, frame, random)
    return Tables.of(frames)


def _disturbed(name: str, frame: pl.DataFrame, random: Random) -> pl.DataFrame:
    schema = SCHEMAS[name]
    keys = set(schema.primary_key())
    for column in random.sample(frame.columns, random.randint(1, min(4, frame.width))):
        if column not in keys:
            nullable = schema.columns()[column].nullable
            frame = frame.with_columns(_bad(frame[column], random, nullable=nullable))
    if not keys and random.random() < 0.3:
        rows = [random.randrange(frame.height) for _ in range(random.choice((1, 5, frame.height)))]
        frame = pl.concat([frame, frame[rows]]) if random.random() < 0.6 else frame[rows]
    return frame


def _bad(column: pl.Series, random: Random, *, nullable: bool) -> pl.Series:
    """Replace some values, or all of them."""
    share = random.choice((0.02, 0.2, 1.0))
    kind = random.random()
    values = [
        _evil(value, column.dtype, random, nullable=nullable, constant=kind)
        if random.random() < share
        else value
        for value in column.to_list()
    ]
    return pl.Series(column.name, values, dtype=column.dtype, strict=False)


def _evil(value: object, dtype: pl.DataType, random: Random, *, nullable: bool, constant: float) -> object:
    if nullable and (constant < 0.25 or random.random() < 0.2):
        return None
    if isinstance(dtype, pl.Enum):
        return random.choice(dtype.categories.to_list())
    if dtype == pl.String:
        return _in_object(value, random) if random.random() < 0.5 else random.choice(EVIL_TEXT)
    if isinstance(dtype, pl.Datetime):
        moment = random.choice(EVIL_INSTANTS)
        return moment if dtype.time_zone else moment.replace(tzinfo=None)
    if dtype.is_integer():
        return random.choice(EVIL_NUMBERS)
    if dtype == pl.Boolean:
        return random.random() < 0.5
    return value


def _in_object(value: object, random: Random) -> str:
    """Put an evil text in place of one field of a JSON object, or of the whole."""
    try:
        fields = json.loads(str(value))
    except ValueError:
        fields = None
    evil: object = random.choice((*EVIL_TEXT, None, 17, [], {}, [{}], True))
    if not isinstance(fields, dict) or not fields:
        return str(evil)
    fields[random.choice(list(fields))] = evil
    return json.dumps(fields)
