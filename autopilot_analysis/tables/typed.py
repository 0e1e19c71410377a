"""Frames with just the columns and types of their schema, held to its rules where they are made."""

from __future__ import annotations

from functools import cache
from typing import TypeVar, cast

import dataframely as dy
import polars as pl

_Schema = TypeVar("_Schema", bound=dy.Schema)


def typed(frame: pl.DataFrame, schema: type[dy.Schema]) -> pl.DataFrame:
    """Return a frame with the columns of its schema, as it is when it has just these.

    Args:
        frame: A frame that has at least these columns.
        schema: Its schema.
    """
    wanted = _types(schema)
    if tuple(frame.schema.items()) == wanted:
        return frame
    if not all(name in frame.columns for name, _ in wanted):
        return schema.cast(frame)  # which says what is missing
    return frame.select(pl.col(name).cast(kind) for name, kind in wanted)


def checked(frame: pl.DataFrame, schema: type[_Schema]) -> dy.DataFrame[_Schema]:
    """Return a frame with the columns of its schema, whose every rule its rows keep.

    This is `schema.validate(frame, cast=True)` at a tenth of the work: which rows break which rule is worked
    out only where one does.

    Args:
        frame: A frame that has at least these columns.
        schema: Its schema.

    Raises:
        dataframely.exc.SchemaError: A column is missing.
        dataframely.exc.ValidationError: A row breaks a rule.
        polars.exceptions.InvalidOperationError: A value cannot be cast.
    """
    whole = typed(frame, schema)
    if whole.height and not whole.select(_kept(schema)).item():
        schema.validate(whole)
    return cast("dy.DataFrame[_Schema]", whole)


@cache
def empty(schema: type[dy.Schema]) -> pl.DataFrame:
    """Return a frame of a schema without rows; most tables of most exports are that.

    Args:
        schema: Any schema.
    """
    return pl.DataFrame(schema=dict(_types(schema)))


@cache
def _kept(schema: type[dy.Schema]) -> pl.Expr:
    """Return whether rows keep all rules of a schema: dataframely makes these anew at each question."""
    columns = schema.columns().items()
    rules = [rule for name, column in columns for rule in column.validation_rules(pl.col(name)).values()]
    key = schema.primary_key()
    unique = [pl.struct(key).is_unique()] if key else []
    kept = (rule.fill_null(value=True).all() for rule in rules + unique)
    return pl.all_horizontal(pl.lit(value=True), *kept)


@cache
def _types(schema: type[dy.Schema]) -> tuple[tuple[str, pl.DataType], ...]:
    """Return the columns of a schema and their types: dataframely works them out anew at each question."""
    return tuple((name, column.dtype) for name, column in schema.columns().items())
