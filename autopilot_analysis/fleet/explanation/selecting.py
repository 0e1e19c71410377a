"""The attempts of one group, named by hand or by what an explanation found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from autopilot_analysis.errors import BadInput
from autopilot_analysis.fleet.frames import answers_in_kind, columns_of, takes
from autopilot_analysis.groups import Group


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
        UnknownName: No such column.

    Example:
        >>> select_group(deployments, "model=Slate 12, build=26100.6584")  # doctest: +SKIP
        >>> select_group(deployments, explanation.contrasts.row(2, named=True))  # doctest: +SKIP
    """
    where = _group_of(explained)
    columns_of(deployments, tuple(where))
    return deployments.filter(where.filter())


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
