"""The one door of the fleet room: pandas or polars in, polars inside, the same kind out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar, cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from autopilot_analysis.errors import BadInput, UnknownName, call_first
from autopilot_analysis.tables import SCHEMAS
from autopilot_analysis.tables.completing import with_lacking

P = ParamSpec("P")
R = TypeVar("R")

DEPLOYMENTS = "load_deployments"
"""What to call for deployments."""

MOST_CELLS = 4_000_000
"""Combinations of grouping values up to which each has a place of its own while they are counted."""

FEW_VALUES = 50_000
"""Texts up to which an Enum of them is the fastest way to number a column; beyond it is a join."""


def answers_in_kind(measure: Callable[P, R]) -> Callable[P, R]:
    """Let a function of polars frames take pandas and lazy frames too, and answer pandas with pandas.

    Args:
        measure: A function whose frames are polars frames, inside and out.
    """

    @wraps(measure)
    def answering(*args: P.args, **kwargs: P.kwargs) -> R:
        wants_pandas = any(_is_pandas(value) for value in (*args, *kwargs.values()))
        answer = measure(*map(_inside, args), **{name: _inside(value) for name, value in kwargs.items()})
        return cast("R", answer.to_pandas()) if wants_pandas and isinstance(answer, pl.DataFrame) else answer

    return answering


def takes(source: str, *needed: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a function take the answer of another, pandas and lazy frames too, and refuse any other kind.

    The first argument reaches the function as a polars frame that has the needed columns. An answer of
    several frames, such as a trace, reaches it as it is when it has frames of these names.

    Args:
        source: What to call for such an answer.
        needed: What the function cannot do without.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        first = next(iter(signature(function).parameters))

        @wraps(function)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            if args:
                return function(*cast("Any", (_checked(args[0], source, needed), *args[1:])), **kwargs)
            if first in kwargs:
                kwargs[first] = _checked(kwargs[first], source, needed)
            return function(*args, **kwargs)

        return checked

    return decorate


def _checked(value: Any, source: str, needed: Sequence[str]) -> Any:  # any argument passes this door
    """Return the value, a frame as polars, or say what it lacks and what to call first."""
    if needed and all(isinstance(getattr(value, name, None), pl.DataFrame) for name in needed):
        return value
    frame = _inside(value)
    if not isinstance(frame, pl.DataFrame):
        raise BadInput(f"a {type(value).__name__} was given; {call_first(source)}")
    for name in needed:
        if name not in frame.columns:
            raise UnknownName.lacking(name, frame.columns, source)
    return frame


def polars_of(frame: Any) -> Any:  # a frame of any kind, or none
    """Return a frame of any kind as a polars frame with our own types; anything else as it is.

    Args:
        frame: polars, lazy polars or pandas; None stays None.
    """
    return _inside(frame)


def _is_pandas(value: Any) -> bool:  # any argument passes this door
    kind = type(value)
    return kind.__name__ == "DataFrame" and kind.__module__.partition(".")[0] == "pandas"


def _inside(value: Any) -> Any:  # any argument passes this door
    """Return frames of any kind as polars frames with our own types, everything else untouched.

    A whole fleet stands for its deployments.
    """
    if isinstance(deployments := getattr(value, "deployments", None), pl.DataFrame):
        value = deployments
    if isinstance(value, pl.LazyFrame):
        value = value.collect()
    elif _is_pandas(value):
        value = pl.from_pandas(value)
    return _own_types(value) if isinstance(value, pl.DataFrame) else value


@cache
def _known_types() -> pl.Schema:
    return SCHEMAS["deployments"].create_empty().schema


def _own_types(frame: pl.DataFrame) -> pl.DataFrame:
    """Bring instants and spans to microseconds in UTC, and columns of nothing to the type they stand for."""
    known = _known_types()
    casts = []
    for name, kind in frame.schema.items():
        wanted = known.get(name)
        if isinstance(kind, pl.Datetime):
            aware = pl.col(name) if kind.time_zone else pl.col(name).dt.replace_time_zone("UTC")
            if kind != pl.Datetime("us", "UTC"):
                casts.append(aware.dt.convert_time_zone("UTC").cast(pl.Datetime("us", "UTC")))
        elif isinstance(kind, pl.Duration) and kind != pl.Duration("us"):
            casts.append(pl.col(name).cast(pl.Duration("us")))
        elif kind == pl.Null:
            casts.append(pl.col(name).cast(wanted or pl.String))
        elif wanted == pl.Enum and isinstance(kind, pl.Categorical):
            casts.append(pl.col(name).cast(pl.String))
    return frame.with_columns(casts) if casts else frame


def columns_of(frame: pl.DataFrame, by: str | Sequence[str], *needed: str) -> list[str]:
    """Return the grouping columns as a list, after checking that they and the needed columns exist.

    Args:
        frame: The frame that is asked for them.
        by: One column, several (a list, or commas between them), or none.
        needed: Columns the measure cannot do without.

    Raises:
        UnknownName: A column is not in the frame.
    """
    names = [each for name in by.split(",") if (each := name.strip())] if isinstance(by, str) else list(by)
    for name in (*names, *needed):
        if name not in frame.columns:
            raise UnknownName.among("column", name, frame.columns)
    return names


def with_columns_of(frame: pl.DataFrame, names: Iterable[str]) -> pl.DataFrame:
    """Add the named columns of `deployments` that a sparse frame lacks, all null.

    Args:
        frame: Deployments, perhaps without every column.
        names: Columns of the table.

    Raises:
        UnknownName: The frame has none of them: it holds no deployments.
        BadInput: It is no frame.
    """
    known, wanted = _known_types(), list(names)
    if wanted and not any(name in _checked(frame, DEPLOYMENTS, ()).columns for name in wanted):
        raise UnknownName.lacking(wanted[0], frame.columns, DEPLOYMENTS)
    return with_lacking(frame, {name: known[name] for name in wanted})


def group_numbers(frame: pl.DataFrame, by: list[str]) -> tuple[pl.DataFrame, NDArray[np.int64]]:
    """Return the groups in order, one a row, and the number of the group each row of the frame is in.

    Each column is numbered by itself, then the numbers are joined: no row is ever compared as a whole.

    Args:
        frame: The rows.
        by: Grouping columns; without any, all rows are one group.
    """
    numbers = np.zeros(frame.height, dtype=np.int64)
    groups = pl.DataFrame({"group": [0]}, schema={"group": pl.Int64})
    for name in by:
        values, places = _numbered(frame[name])
        numbers *= values.len()
        numbers += places
        cells, numbers = _present(numbers, groups.height * values.len())
        before, own = np.divmod(cells, max(values.len(), 1))
        groups = groups[before].with_columns(values[own].alias(name))
    return groups.with_columns(group=pl.int_range(pl.len(), dtype=pl.Int64)).select("group", *by), numbers


def _numbered(column: pl.Series) -> tuple[pl.Series, NDArray[np.int64]]:
    """Return the values of a column in order, null last, and the place of each row's value among them."""
    values = column.unique().sort(nulls_last=True)
    if values.len() <= 1:
        return values, np.zeros(column.len(), dtype=np.int64)
    if column.dtype == pl.String and values.len() <= FEW_VALUES:
        kind = pl.Enum(values.drop_nulls())
        places = column.cast(kind).to_physical().fill_null(values.len() - 1)
    else:
        rows, known = column.to_frame("value"), values.to_frame("value").with_row_index("place")
        joined = rows.join(known, on="value", how="left", nulls_equal=True, maintain_order="left")
        places = joined["place"]
    return values, places.to_numpy()


def _present(cells: NDArray[np.int64], count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return which of so many cells hold a row, in order, and each row's place among those."""
    if count > max(MOST_CELLS, cells.size):
        return np.unique(cells, return_inverse=True)
    present = np.bincount(cells, minlength=count) > 0
    if present.all():
        return np.arange(count), cells
    return np.flatnonzero(present), (np.cumsum(present) - 1)[cells]


def positive(name: str, value: float) -> None:
    """Check that a parameter is above zero.

    Args:
        name: The parameter.
        value: Its value.

    Raises:
        BadInput: It is zero, negative or no number.
    """
    if not value > 0:
        raise BadInput.not_positive(name, value)


def on_most_devices_first(causes: pl.DataFrame, devices: str = "devices") -> pl.DataFrame:
    """Return causes as every answer on several devices orders them: on most devices first, then the gravest.

    Args:
        causes: With the columns severity (of `SEVERITIES`, the gravest first) and device, the first with it.
        devices: The column that says on how many devices each is.
    """
    order = [devices, "severity", "device"]
    return causes.sort(order, descending=[True, False, False], nulls_last=True, maintain_order=True)
