"""Frames with just the columns and types of their schema, held to its rules where they are made."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import ParamSpec, TypeVar, cast

import dataframely as dy
import polars as pl

_Schema = TypeVar("_Schema", bound=dy.Schema)
_Asked = ParamSpec("_Asked")
_Answer = TypeVar("_Answer")


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


def once_where_empty(work: Callable[_Asked, _Answer]) -> Callable[_Asked, _Answer]:
    """Remember what a function makes of frames without rows: most tables of most exports have none.

    Args:
        work: Takes frames and nothing else.
    """
    answers: dict[object, _Answer] = {}

    @wraps(work)
    def ask(*given: _Asked.args, **named: _Asked.kwargs) -> _Answer:
        frames = cast("tuple[pl.DataFrame | None, ...]", (*given, *named.values()))
        if any(frame is not None and frame.height for frame in frames):
            return work(*given, **named)
        kinds = tuple(None if frame is None else tuple(frame.schema.items()) for frame in frames)
        if kinds not in answers:
            answers[kinds] = work(*given, **named)
        return answers[kinds]

    return ask


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
