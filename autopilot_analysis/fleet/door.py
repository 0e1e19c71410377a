"""The one door of the fleet room: pandas or polars in, polars inside, the same kind out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

import numpy as np
import polars as pl

from autopilot_analysis.errors import BadInput, UnknownName
from autopilot_analysis.tables import SCHEMAS

P = ParamSpec("P")
R = TypeVar("R")


def answers_in_kind(measure: Callable[P, R]) -> Callable[P, R]:
    """Let a function of polars frames take pandas and lazy frames too, and answer pandas with pandas.

    Args:
        measure: A function whose frames are polars frames, inside and out.
    """

    @wraps(measure)
    def door(*args: P.args, **kwargs: P.kwargs) -> R:
        wants_pandas = any(_is_pandas(value) for value in (*args, *kwargs.values()))
        answer = measure(*map(_inside, args), **{name: _inside(value) for name, value in kwargs.items()})
        return cast("R", answer.to_pandas()) if wants_pandas and isinstance(answer, pl.DataFrame) else answer

    return door


def polars_of(frame: Any) -> Any:  # noqa: ANN401 - a frame of any kind, or none
    """Return a frame of any kind as a polars frame with our own types; anything else as it is.

    Args:
        frame: polars, lazy polars or pandas; None stays None.
    """
    return _inside(frame)


def _is_pandas(value: Any) -> bool:  # noqa: ANN401 - any argument passes this door
    kind = type(value)
    return kind.__name__ == "DataFrame" and kind.__module__.partition(".")[0] == "pandas"


def _inside(value: Any) -> Any:  # noqa: ANN401 - any argument passes this door
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


def _own_types(frame: pl.DataFrame) -> pl.DataFrame:
    """Bring instants and spans to microseconds in UTC, and columns of nothing to the type they stand for."""
    known = SCHEMAS["deployments"].create_empty().schema
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
    """
    known = SCHEMAS["deployments"].create_empty().schema
    missing = [pl.lit(None, dtype=known[name]).alias(name) for name in names if name not in frame.columns]
    return frame.with_columns(missing) if missing else frame


def group_numbers(frame: pl.DataFrame, by: list[str]) -> tuple[pl.DataFrame, pl.Series]:
    """Return the groups in order, one a row, and the number of the group each row of the frame is in.

    Args:
        frame: The rows.
        by: Grouping columns; without any, all rows are one group.
    """
    if not by:
        zeros = pl.Series("group", [0], dtype=pl.Int64).new_from_index(0, frame.height)
        return pl.DataFrame({"group": [0]}, schema={"group": pl.Int64}), zeros
    gathered = frame.select(by).with_row_index("row").group_by(by).agg("row").sort(by, nulls_last=True)
    groups = gathered.select(pl.int_range(pl.len()).alias("group"), *by)
    order = np.repeat(np.arange(groups.height), gathered["row"].list.len().to_numpy())
    numbers = np.empty(frame.height, dtype=np.int64)
    numbers[gathered["row"].explode().to_numpy()] = order
    return groups, pl.Series("group", numbers)


def positive(name: str, value: float) -> None:
    """Check that a parameter is above zero.

    Args:
        name: The parameter.
        value: Its value.

    Raises:
        BadInput: It is zero, negative or no number.
    """
    if not value > 0:
        raise BadInput(f"{name} is {value}; it must be above zero")
