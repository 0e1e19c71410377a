"""What a fleet's exports do not tell, so that silence about it is no answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts.report_columns import report_columns
from autopilot_analysis.findings.service.empty_spans import empty_spans
from autopilot_analysis.fleet.deployments.history import HISTORY
from autopilot_analysis.fleet.deployments.passed import PASSED
from autopilot_analysis.fleet.explanation.groups.contrasts import ATTRIBUTES, group_columns
from autopilot_analysis.fleet.explanation.groups.counting import SUPPORT
from autopilot_analysis.fleet.explanation.groups.few import LEAST_FLEET, least_rise
from autopilot_analysis.fleet.explanation.sentences import SEVERAL_VALUES
from autopilot_analysis.fleet.frames import columns_of, polars_of, with_columns_of
from autopilot_analysis.tables.outcomes import FINISHED

NOT_TOLD = f"{wording.capital(wording.NOT_TOLD)}, "
"""Begins a line on what the exports do not tell."""
WHICH_GROUP = "which group"
"""Begins the sentence on the question which group is hit."""
OF_MOST = "the stage of most failures"


def list_limits(deployments: pl.DataFrame, *, outcome: str = "failed") -> list[str]:
    """Return one sentence for each question of `explain` that these deployments answer in part or not at all.

    Args:
        deployments: One attempt a row; polars or pandas.
        outcome: What was asked: failed, abandoned or slow.

    Raises:
        UnknownName: The frame has no outcomes.
    """
    frame = _asked(deployments, "started_at", "total", "flags")
    if frame.is_empty():
        return []
    sentences = []
    dated, many = frame["started_at"].count(), wording.count(frame.height, "deployment")
    if dated < frame.height:
        sentences.append(f"since when: {_share(frame.height - dated, many)} not say when it began")
    unknown = empty_spans(frame["started_at"])
    sentences += [f"what happened {one.in_words}: no attempt that was read began then" for one in unknown]
    ended = frame.filter(_ended())
    if outcome == "slow" and (long := ended["total"].count()) < ended.height:
        several = f"{ended.height:,} that ended"
        sentences.append(f"how long: {_share(ended.height - long, several)} not say how long it took")
    if not is_grouped(frame):
        sentences.append(f"{WHICH_GROUP}: no model, build, profile or other {SEVERAL_VALUES}")
    only = frame["flags"].str.contains("enrollment_only").fill_null(value=False).sum()
    if only:
        sentences.append(f"success: {only:,} of {many} tell of MDM enrolment only, not of what came after it")
    passed = frame["flags"].str.contains(PASSED).fill_null(value=False)
    past = frame.filter(passed & _ended()).height
    if past:
        beyond = f"passed {OF_MOST} and were not seen to end"
        sentences.append(f"success: {past:,} of {many} {beyond}")
    return sentences


def is_grouped(deployments: pl.DataFrame) -> bool:
    """Tell whether an attribute divides deployments into groups; where none does, no groups are compared.

    Args:
        deployments: One attempt a row.
    """
    named = group_columns(deployments)
    return HISTORY in named or any(deployments[name].drop_nulls().n_unique() > 1 for name in named)


def too_few(deployments: pl.DataFrame, *, outcome: str = "failed") -> str | None:
    """Return why only few deployments, or none, can be compared; None when they do for the whole search.

    Args:
        deployments: One attempt a row; polars or pandas.
        outcome: What was asked: failed, abandoned or slow.

    Raises:
        UnknownName: The frame has no outcomes.
    """
    frame = _asked(deployments, "total", "flags")
    ended = frame.filter(_ended() | (pl.col("outcome").cast(pl.String) == outcome))
    count = ended.height
    past = ended["flags"].str.contains(PASSED).fill_null(value=False).any()
    beyond = f" or passed {OF_MOST}" if past else ""
    what = f"{wording.count(count, 'deployment')} ended{beyond}"
    if outcome == "slow":
        count = ended["total"].count()
        says = wording.SAYS_LENGTH if count == 1 else "say how long they took"
        what = f"{wording.count(count, 'deployment')} that ended {says}"
    if count >= 2 * SUPPORT:
        return None
    if count >= LEAST_FLEET:
        times = "and no days" if outcome == "slow" else "and times hour by hour"
        return f"Few to compare: {what}; only single values were compared, {times}."
    return f"Too few to compare: {what}; at least {LEAST_FLEET} are needed."


def _asked(deployments: pl.DataFrame, *names: str) -> pl.DataFrame:
    """Return deployments with these columns, null where they are missing; outcomes there must be."""
    given: pl.DataFrame = polars_of(deployments)
    columns_of(given, (), "outcome")
    return with_columns_of(given, ("outcome", *names))


def _ended() -> pl.Expr:
    return pl.col("outcome").cast(pl.String).is_in(FINISHED)


def _share(count: int, many: str) -> str:
    return f"{count:,} of {many} {'does' if count == 1 else 'do'}"


NAMED_AS = {"build": "os_version"}
"""Columns that reports bring under another name."""


@cache
def brought_by(name: str) -> tuple[str, ...]:
    """Return the exports of Graph or the Export API that bring a column, the portal's lists left out.

    Args:
        name: A column of `deployments`.
    """
    known = report_columns().filter(
        pl.col("column") == NAMED_AS.get(name, name), ~pl.col("report").str.starts_with("portal")
    )
    return tuple(known["report"].unique(maintain_order=True))


GROUP_OF = 1 / 6
"""The smallest effect is that of a group of a sixth of all."""

BEYOND = 4.85
"""Standard errors by which such a group must differ to be found in four of five fleets."""


@dataclass(frozen=True)
class CouldSee:
    """What would have shown.

    Attributes:
        smallest: The least difference in share that a group of a sixth would have shown; None: no number can.
        not_in_export: Columns that name groups and that no export brought.
    """

    smallest: float | None
    not_in_export: tuple[str, ...]

    @property
    def in_words(self) -> str:
        """The smallest effect in a sentence."""
        if self.smallest is None:
            return "No difference would have shown."
        least = wording.percent(self.smallest)
        return f"Of a group of a sixth {wording.least_seen(least)}."

    @property
    def lacking(self) -> str:
        """What was not in the export, by the fewest exports that bring it: "model (in managedDevices)"."""
        left = {name: brought_by(name) for name in self.not_in_export}
        parts = []
        while counted := Counter(export for exports in left.values() for export in exports):
            export, _ = counted.most_common(1)[0]
            held = [wording.words(name) for name, exports in left.items() if export in exports]
            parts.append(f"{', '.join(held)} (in {export})")
            left = {name: exports for name, exports in left.items() if export not in exports}
        return "; ".join([*parts, *map(wording.words, left)])

    def to_dict(self) -> dict[str, float | list[str] | None]:
        """Return the shape of `explain --json`."""
        return {"smallest": self.smallest, "not_in_export": list(self.not_in_export)}


def could_see(units: pl.DataFrame, deployments: pl.DataFrame) -> CouldSee:
    """Return the smallest effect these units could have shown, and the attributes they lack.

    Args:
        units: What was compared, with `hit`.
        deployments: What was exported.
    """
    known = {name for name in deployments.columns if deployments[name].count()}
    lacking = tuple(name for name in (*ATTRIBUTES, "started_at") if name not in known)
    n = units.height
    if n * GROUP_OF < SUPPORT:
        return CouldSee(_least_of_few(units, group_columns(deployments)), lacking)
    rest = (int(units["hit"].sum()) + 0.5) / (n + 1)
    low, high = 0.0, 1.0 - rest
    for _ in range(50):
        rise = (low + high) / 2
        spread = (
            (rest + rise) * (1 - rest - rise) / (n * GROUP_OF) + rest * (1 - rest) / (n * (1 - GROUP_OF))
        ) ** 0.5
        low, high = (rise, high) if rise < BEYOND * spread else (low, rise)
    return CouldSee(round(high, 4) if high < 1.0 - rest else None, lacking)


def _least_of_few(units: pl.DataFrame, names: list[str]) -> float | None:
    """Return the smallest effect of a group of a sixth that the exact test of few units would have shown."""
    values = sum(units[name].n_unique() for name in names if name != "hit")
    if units.height < LEAST_FLEET or not values:
        return None
    least = least_rise(units.height, int(units["hit"].sum()) / units.height, values)
    return None if least is None else round(least, 4)
