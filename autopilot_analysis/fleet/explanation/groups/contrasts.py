"""Which groups differ: every value, pair and triple of values against the rest, the simplest first."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from autopilot_analysis.errors import BadInput
from autopilot_analysis.fleet.against_rest import AgainstRest
from autopilot_analysis.fleet.explanation.groups.counting import SUPPORT, Codes, Counts, number_values
from autopilot_analysis.fleet.explanation.groups.reference import Reference, within
from autopilot_analysis.fleet.explanation.groups.searching import (
    FALSE_DISCOVERY,
    Group,
    Search,
    find_explaining,
)
from autopilot_analysis.fleet.explanation.sentences import INSEPARABLE
from autopilot_analysis.fleet.explanation.spellings import spelt_alike
from autopilot_analysis.fleet.explanation.units import with_hits
from autopilot_analysis.fleet.frames import answers_in_kind, columns_of, takes
from autopilot_analysis.fleet.intervals import share_columns
from autopilot_analysis.tables import SCHEMAS, Deployment
from autopilot_analysis.tables.fleet import describing
from autopilot_analysis.tables.personal import kind_of

_NAMED = [name for name in describing() if kind_of(Deployment.columns()[name]) is None]
ATTRIBUTES = tuple(sorted(_NAMED, key=lambda name: name != "model"))
"""Columns of `deployments` that name groups; the model first, since it tells more than who made it."""


@answers_in_kind
@takes("load_deployments")
def measure_contrasts(
    deployments: pl.DataFrame,
    *,
    target: str = "failed",
    attributes: Sequence[str] | None = None,
    depth: int = 2,
    reference: str | Mapping[str, str] | None = None,
    clean: bool = False,
) -> pl.DataFrame:
    """Return the groups that fail (or are slow) more often than the rest, the best explanation first.

    Every value and every combination of up to `depth` values with at least `SUPPORT` attempts and
    `LEAST_HITS` hits is scored: how much likelier its hits are at its own share than at the share of all
    (shrunk towards it by `PSEUDO_COUNTS`), minus a price for each condition. A simpler group that reaches
    `PARENT_REACHES` of the best score is preferred; then its attempts are taken away, and the search goes on
    with what is left unexplained. P is the hypergeometric upper tail (Fisher, one-sided); repeated attempts
    of one device are weighed down by their design effect; q is Benjamini-Hochberg over all groups looked at,
    and only q below `FALSE_DISCOVERY` is returned. A difference is correlated with the group, not caused by
    it.

    Attempts may come counted: a frame without `outcome` but with `n` and `k` holds in each row so many
    attempts and so many hits among them, and gives the same answer as one with each attempt in a row.

    With a reference, the attempts outside it are compared with those in it, like with like: a group with the
    same values in the reference, a value that it lacks left out. So a model that always failed more does not
    stand out against last month, and one that got worse does. Where all got worse, the first answer is all.

    Args:
        deployments: One attempt a row, or counted ones.
        target: failed, abandoned, or slow (among the slowest, `units.SLOWEST`, of those that ended alike
            after the same stages).
        attributes: Columns that name groups, of any name; the known ones and further text columns when left
            out. Where `device` is one of them, attempts of one device are not weighed down.
        depth: Most conditions a group may have, 1 to 3.
        reference: What to compare with in place of all others: a period `2026-01-01..2026-01-31` (both days
            counted in, either left out for an open end), or a group (`profile=Office`, or a mapping).
        clean: Count a success that went on past a timeout or a failed stage as failed.

    Returns:
        `where` (JSON object of column and value), `conditions`, `n`, `k`, `share`, `low`, `high`, `rest_n`,
        `rest_k`, `rest_share` (of the others, or of those alike in the reference), `lift`, `lift_low`,
        `lift_high`, `p`, `q`, `support` (share of all that are compared), `score`, `note` (attributes that go
        with the group so closely that they cannot be told apart).

    Raises:
        UnknownName: No such target or column.
        BadInput: Counts that are none: below zero, unknown, or more hits than attempts; a reference that is
            none, or with fewer than `SUPPORT` attempts on either side of it.
    """
    names = columns_of(deployments, attributes) if attributes is not None else group_columns(deployments)
    alike = spelt_alike(deployments, names)
    own = alike.select(pl.col(name).alias(_OWN + name) for name in names)
    attempts = deployments.hstack(own)
    counted = {"n", "k"} <= set(deployments.columns) and "outcome" not in deployments.columns
    frame = _with_counts(attempts) if counted else with_hits(attempts, target, clean=clean)
    apart = None if reference is None else within(frame, reference)
    search = _coded(frame, names, min(max(depth, 1), 3), counted=counted, reference=apart)
    return _described(search, find_explaining(search))


_OWN = "attribute "
"""Attributes are set aside under this, so that columns which are added for judging cannot cover them."""


def _with_counts(counted: pl.DataFrame) -> pl.DataFrame:
    """Return counted attempts with `hit` and `weight`, after a check that they are counts."""
    n, k = pl.col("n"), pl.col("k")
    sound = counted.select((n.is_not_null() & k.is_not_null() & (k >= 0) & (n >= k)).all()).item()
    if not sound:
        raise BadInput("n and k must be counts, k of n: none below zero or unknown, and no k above its n")
    return counted.filter(n > 0).with_columns(
        n.cast(pl.Float64).alias("weight"), k.cast(pl.Float64).alias("hit")
    )


def group_columns(frame: pl.DataFrame) -> list[str]:
    """Return the columns that name groups: the known ones of `deployments`, and any further text column.

    Args:
        frame: Deployments.
    """
    known = SCHEMAS["deployments"].columns()
    further = [
        name
        for name, kind in frame.schema.items()
        if name not in known
        and (kind == pl.String or isinstance(kind, (pl.Categorical, pl.Enum, pl.Boolean)))
    ]
    return [name for name in ATTRIBUTES if name in frame.columns] + further


def _coded(
    frame: pl.DataFrame,
    names: list[str],
    depth: int,
    *,
    counted: bool,
    reference: NDArray[np.bool_] | None = None,
) -> Search:
    """Number the values of each attribute that divides the attempts, and count their combinations."""
    kept, labels, coded = [], [], []
    weight = frame["weight"].to_numpy() if counted else None
    hits = frame["hit"].to_numpy() if counted else frame["hit"].to_numpy() > 0
    own = frame.select(pl.col(_OWN + name).alias(name) for name in names)
    for name, (values, codes) in zip(names, number_values(own, names, SUPPORT, weight), strict=True):
        if len(values) > 1 or (values and not codes.all()):
            kept.append(name)
            labels.append(values)
            coded.append(codes)
    sizes = [len(values) + 1 for values in labels]
    design = 1.0 if counted or "device" in names else _design_effect(frame, hits)
    if reference is None:
        return Search(kept, labels, Counts(coded, sizes, hits, depth, weight), _days(frame), design)
    compared, alike = (
        Counts(
            [codes[rows] for codes in coded],
            sizes,
            hits[rows],
            depth,
            None if weight is None else weight[rows],
        )
        for rows in (~reference, reference)
    )
    for counts, where in ((alike, "in"), (compared, "outside")):
        if counts.attempts < SUPPORT:
            raise BadInput(
                f"{counts.attempts:,} attempts lie {where} the reference; at least {SUPPORT} are needed"
            )
    return Search(kept, labels, compared, _days(frame)[~reference], design, Reference(alike))


def _days(frame: pl.DataFrame) -> Codes:
    """Return the day of each attempt, counted from the first; all 0 when nobody knows."""
    if "started_at" not in frame.columns or not frame["started_at"].count():
        return np.zeros(frame.height, dtype=np.int64)
    days = pl.col("started_at").dt.date().to_physical().cast(pl.Int64)
    return frame.select((days - days.min()).fill_null(0).alias("day"))["day"].to_numpy()


def _design_effect(frame: pl.DataFrame, hits: NDArray[np.bool_]) -> float:
    """Return by how much repeated attempts of one device make counts vary more than independent ones."""
    if "device" not in frame.columns or not hits.size or not 0 < hits.mean() < 1:
        return 1.0
    residual = hits - hits.mean()
    rows = frame.select("device").with_columns(pl.Series("residual", residual))
    clusters = (
        rows.group_by("device", maintain_order=True).agg(pl.col("residual").sum())["residual"].to_numpy()
    )
    return max(1.0, float((clusters**2).sum() / (residual**2).sum()))


def _described(search: Search, found: list[Group]) -> pl.DataFrame:
    """Return the groups with their counts over all attempts."""
    rows = []
    for group in found:
        inside = search.counts.inside(group.conditions)
        where = {search.names[a]: search.labels[a][v - 1] for a, v in group.conditions}
        n, k = search.counts.of(inside)
        rest_n, rest_k = (
            search.reference.of(group.conditions) if search.reference else search.counts.of(~inside)
        )
        rows.append(
            {
                "where": json.dumps(where, ensure_ascii=False),
                "conditions": len(where),
                "n": n,
                "k": k,
                "rest_n": rest_n,
                "rest_k": rest_k,
                **AgainstRest(k, n, rest_k, rest_n).lift,
                "p": group.p,
                "q": group.q,
                "support": n / search.counts.attempts,
                "score": group.score,
                "note": _confounded(search, group, inside),
            }
        )
    frame = pl.DataFrame(rows, schema=CONTRAST)
    rest = pl.when(pl.col("rest_n") > 0).then(pl.col("rest_k") / pl.col("rest_n")).alias("rest_share")
    frame = frame.with_columns(*share_columns(), rest)
    return frame.select(
        "where",
        "conditions",
        "n",
        "k",
        "share",
        "low",
        "high",
        "rest_n",
        "rest_k",
        "rest_share",
        "lift",
        "lift_low",
        "lift_high",
        "p",
        "q",
        "support",
        "score",
        "note",
    )


CONTRAST: dict[str, pl.DataType | type[pl.DataType]] = {
    "where": pl.String,
    "conditions": pl.Int64,
    "n": pl.Int64,
    "k": pl.Int64,
    "rest_n": pl.Int64,
    "rest_k": pl.Int64,
    "lift": pl.Float64,
    "lift_low": pl.Float64,
    "lift_high": pl.Float64,
    "p": pl.Float64,
    "q": pl.Float64,
    "support": pl.Float64,
    "score": pl.Float64,
    "note": pl.String,
}
"""Columns of a group that differs: its counts, how sure it is, and how much it explains."""


def not_told_apart(beside: Sequence[str]) -> str | None:
    """Return the note on a group that nearly coincides with others, None where it does with none.

    Args:
        beside: Name and value of each of the others.
    """
    return f"{INSEPARABLE} {', '.join(beside)}" if beside else None


def _confounded(search: Search, group: Group, inside: NDArray[np.bool_]) -> str | None:
    """Name the values that nearly all of the group has and few others have: data cannot tell them apart.

    A maker whose other models do well with the same build is told apart from the model. Where there is a
    reference, the others are its attempts.
    """
    apart = []
    for attribute, values in enumerate(search.counts.coded):
        if attribute in dict(group.conditions):
            continue
        size = len(search.labels[attribute]) + 1
        own = search.counts.by(values, inside, size)[0]
        alike = search.reference.by(attribute) if search.reference else None
        others = search.counts.by(values, ~inside, size)[0] if alike is None else alike
        value = int(own.argmax())
        near = value and own[value] >= 0.9 * own.sum() and others[value] < 0.5 * others.sum()
        if near and (search.reference or not _told_apart(search, group, inside, values == value)):
            apart.append(f"{search.names[attribute]} {search.labels[attribute][value - 1]}")
    return not_told_apart(apart)


def _told_apart(search: Search, group: Group, inside: NDArray[np.bool_], alike: NDArray[np.bool_]) -> bool:
    """Tell whether a value, put in place of any condition of a group, holds others that do clearly better."""
    for dropped in group.conditions:
        others = tuple(condition for condition in group.conditions if condition != dropped)
        instead = (alike | inside) & search.counts.inside(others)
        n, k = search.counts.of(instead)
        own, hits = search.counts.of(inside)
        by_all = AgainstRest(hits, own, k - hits, n - own)
        if by_all.rest_n < SUPPORT or by_all.chance >= FALSE_DISCOVERY:
            return False
    return True
