"""The attempts of one group, named by hand or by what an explanation found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from autopilot_analysis.errors import BadInput, UnknownName
from autopilot_analysis.fleet.frames import answers_in_kind, columns_of, takes
from autopilot_analysis.groups import Group, holds


@answers_in_kind
@takes("load_deployments")
def select_group(
    deployments: pl.DataFrame, explained: pl.DataFrame | Mapping[str, Any] | str
) -> pl.DataFrame:
    """Return the attempts of one group; all of them when there is no condition.

    Values match however they are spelt: by case, spaces or dashes alone no two differ.

    Args:
        deployments: One attempt a row.
        explained: The group: `column=value` with commas between; or what `explain` found, contrasts or
            changes (the first row counts) or one row of them, whose `where` names the group.

    Raises:
        BadInput: The text is no group.
        UnknownName: No such column, or no attempt has such a value; what `explain` found may hold none.

    Example:
        >>> select_group(deployments, "model=Slate 12, build=26100.6584")  # doctest: +SKIP
        >>> select_group(deployments, explanation.contrasts.row(2, named=True))  # doctest: +SKIP
    """
    where = _group_of(explained)
    columns_of(deployments, tuple(where))
    if isinstance(explained, str):
        refuse_unknown_values(deployments, where)
    return deployments.filter(where.filter())


def refuse_unknown_values(deployments: pl.DataFrame, where: Mapping[str, str]) -> None:
    """Refuse a group of no attempt, however its values are spelt; columns that are not there are passed over.

    Args:
        deployments: One attempt a row.
        where: Column and value of each condition.

    Raises:
        UnknownName: No attempt has one of the values; the error names those that are near, or all.
        BadInput: Each value is one of some attempt, but none has them together.
    """
    conditions = {name: value for name, value in where.items() if name in deployments.columns}
    if not conditions or deployments.is_empty() or deployments.filter(holds(conditions)).height:
        return
    for name, value in conditions.items():
        if deployments.filter(holds({name: value})).is_empty():
            known = deployments[name].cast(pl.String).drop_nulls().unique()
            raise UnknownName.among(name, value, known)
    raise BadInput(f"no attempt has {' and '.join(f'{name}={value}' for name, value in conditions.items())}")


def _group_of(explained: pl.DataFrame | Mapping[str, Any] | str) -> Group:
    """Return the group that a text, a row of an explanation, or its first row names."""
    found: Mapping[str, Any] | str
    if isinstance(explained, pl.DataFrame):
        columns_of(explained, (), "where")
        found = str(explained["where"][0]) if explained.height else ""
    else:
        found = explained
    if isinstance(found, Mapping):
        found = found.get("where", found)
    try:
        return Group.of(found) if isinstance(found, Mapping) else Group.parse(found)
    except ValueError as error:
        raise BadInput(str(error)) from None
