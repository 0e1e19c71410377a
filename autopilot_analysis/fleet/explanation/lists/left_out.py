"""What a deployment called a success left out: apps and scripts of device preparation, skipped or failed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.state_words import FAILED, SUCCEEDED
from autopilot_analysis.findings import Line
from autopilot_analysis.findings.service.item_states import CAME_TO, kinds_of_items, with_outcomes
from autopilot_analysis.findings.service.lists import newest_statuses
from autopilot_analysis.findings.words import words
from autopilot_analysis.fleet.explanation.lists.questions import KEYS
from autopilot_analysis.tables.items import APP, CALLED, SCRIPT
from autopilot_analysis.wording import COLLECT_FROM, NO_WHY

REPORTS = [
    "AutopilotV2DeploymentStatusDetailedAppInfo",
    "AutopilotV2DeploymentStatusDetailedScriptInfo",
]
"""The reports that name the items of device preparation."""
SKIPPED = "none"
"""What the state Skipped comes to; an app that waits for another is still open and not counted."""
ENDED = [FAILED, SKIPPED, SUCCEEDED]
AS_A_RULE = (
    "Device preparation counts as a success once its page is over, whatever it brought. Where everything was "
    "skipped, the device was as a rule not in the policy's device group when it enrolled, so that no app and "
    "no script was for it. The report itself does not say so."
)
NAMED = 5
"""Items named in a sentence."""


@dataclass(frozen=True)
class LeftOut:
    """What successful deployments did not bring.

    Attributes:
        devices: How many devices whose last deployment succeeded are told of item by item.
        failed: One row an item that failed: device, called, noun.
        skipped: The same of items that were skipped, on devices to which nothing else came.
        ended: All items of the devices, by which those are counted.
    """

    devices: int
    failed: pl.DataFrame
    skipped: pl.DataFrame
    ended: pl.DataFrame

    @cached_property
    def parts(self) -> list[tuple[str, pl.DataFrame]]:
        """The kinds of what was left out, in words, with their rows."""
        kinds = (("skipped", self.skipped), ("failed", self.failed))
        return [(verb, rows) for verb, rows in kinds if rows.height]


def left_out(deployments: pl.DataFrame, statuses: pl.DataFrame) -> LeftOut | None:
    """Return what successful deployments did not bring; None where no report says so.

    A skipped item counts where the device got nothing at all: one that is skipped among others that came is
    as a rule one that does not apply. What the administrator did not select is not missed.

    Args:
        deployments: One attempt a row.
        statuses: The table `item_statuses`.
    """
    own = statuses.filter(pl.col("report").is_in(REPORTS), pl.col("tracked").ne_missing(other=False))
    if own.is_empty():
        return None
    newest = deployments.sort("started_at", nulls_last=False, maintain_order=True)
    last = newest.unique("device", keep="last", maintain_order=True)
    well = last.filter(pl.col("outcome").cast(pl.String) == "succeeded")
    keys = [well.select("profile", unit="device", key=name) for name in KEYS if name in well.columns]
    units = pl.concat(keys).drop_nulls("key").unique("key", maintain_order=True)
    placed = newest_statuses(own).join(units, left_on="device", right_on="key", maintain_order="left")
    nouns = {report: wording.words(kinds_of_items()[report]) for report in REPORTS}
    noun = pl.col("report").replace_strict(nouns, return_dtype=pl.String)
    ended = with_outcomes(placed).filter(pl.col(CAME_TO).is_in(ENDED))
    ended = ended.select("unit", "profile", CAME_TO, noun=noun, called=CALLED)
    bare = (pl.col(CAME_TO) == SKIPPED).all().over("unit")
    found = LeftOut(
        ended["unit"].n_unique(),
        ended.filter(pl.col(CAME_TO) == FAILED),
        ended.filter(bare),
        ended,
    )
    return found if found.parts else None


def in_verdict(found: LeftOut) -> str:
    """Return what was left out, to stand behind a verdict.

    Args:
        found: What `left_out` returned.
    """
    if found.devices == 1:
        parts = (f"{_counted(found, rows)} {_was(rows)}{verb}" for verb, rows in found.parts)
        return f", but {' and '.join(parts)}"
    parts = (_on_devices(found, verb, rows) for verb, rows in found.parts)
    return f"; of {found.devices:,} devices on which it succeeded, {' and '.join(parts)}"


def tell_reasons_of_left_out(found: LeftOut) -> Iterator[Line]:
    """Yield why nothing came, as far as a report lets one say.

    Args:
        found: What `left_out` returned.
    """
    if found.skipped.height:
        yield Line(AS_A_RULE)


def tell_left_out(found: LeftOut) -> Iterator[Line]:
    """Yield what was left out, with the names of the items.

    Args:
        found: What `left_out` returned.
    """
    for verb, rows in found.parts:
        if found.devices == 1:
            yield Line(f"{wording.heading(verb)} in it, {_counted(found, rows)}: {_names(rows)}.")
            continue
        where = f"Of {found.devices:,} devices whose deployment succeeded"
        yield Line(f"{where}, {_on_devices(found, verb, rows)}: {_names(rows)}.")


def tell_remedies_of_left_out(found: LeftOut) -> Iterator[Line]:
    """Yield what to do about it.

    Args:
        found: What `left_out` returned.
    """
    if found.skipped.height:
        rule = words().row(by_predicate=pl.col("rule") == "PREPARATION-SKIPPED", named=True)
        yield Line(f"{rule['remedy'].rstrip('.')}. ({rule['page']})")
        issues = read_facts("known_issues")
        issue = issues.row(by_predicate=pl.col("id") == "V2-08", named=True)
        yield Line(f"Where that is so: {wording.clause(issue['remedy'])}. ({issue['page']})")
    if found.failed.height:
        which = _names(found.failed)
        yield Line(f"{COLLECT_FROM} a device on which it failed ({which}): the report {NO_WHY}.")


def _was(rows: pl.DataFrame) -> str:
    return "" if "failed" in rows[CAME_TO] else "were " if rows.height > 1 else "was "


def _counted(found: LeftOut, rows: pl.DataFrame) -> str:
    """Return how many of the apps and of the scripts of one device."""
    every = {noun: int((found.ended["noun"] == noun).sum()) for noun in (APP, SCRIPT)}
    own = {noun: int((rows["noun"] == noun).sum()) for noun in every}
    return " and ".join(f"{own[noun]:,} of {wording.count(every[noun], noun)}" for noun in own if own[noun])


def _on_devices(found: LeftOut, verb: str, rows: pl.DataFrame) -> str:
    """Return on how many devices something failed, or nothing came at all; of which policy, where of one."""
    all_of_it = f"all {wording.several(APP)} and {wording.several(SCRIPT)} were skipped"
    what = f"{wording.one_of(APP)} or {SCRIPT} failed" if verb == "failed" else all_of_it
    text = f"{what} on {(number := rows['unit'].n_unique()):,}"
    policies = rows["profile"].drop_nulls().unique()
    if rows["profile"].null_count() or policies.len() != 1 or found.ended["profile"].n_unique() == 1:
        return text
    own = found.ended.filter(pl.col("profile") == policies[0])["unit"].n_unique()
    return f"{text}, all of {policies[0]} ({number:,} of its {own:,})"


def _names(rows: pl.DataFrame) -> str:
    """Return the items by name, those on the most devices first."""
    counts = rows.group_by("called", maintain_order=True).agg(n=pl.col("unit").n_unique())
    names = counts.sort("n", descending=True, maintain_order=True)["called"].drop_nulls().to_list()
    return wording.listed(names, NAMED)
