"""Apps and scripts of one report: which of them failed on a larger share of its devices than every other."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.findings.service.devices import (
    BY_DEVICE,
    POLICIES_COUNTED,
    counted_on,
    name_of_count,
)
from autopilot_analysis.findings.service.item_states import kinds_of_items, name_of_item
from autopilot_analysis.fleet.against_rest import AgainstRest
from autopilot_analysis.fleet.explanation.fleet_findings import of_fleet
from autopilot_analysis.fleet.explanation.groups.counting import SUPPORT
from autopilot_analysis.fleet.explanation.groups.few import LEAST_HITS_OF_FEW
from autopilot_analysis.fleet.explanation.groups.searching import FALSE_DISCOVERY
from autopilot_analysis.fleet.explanation.lists.differences import MOST, Difference
from autopilot_analysis.fleet.explanation.lists.left_out import REPORTS
from autopilot_analysis.fleet.explanation.lists.questions import THIS_FIRST, ended_items
from autopilot_analysis.fleet.explanation.sentences import NAMES_NO_DEVICE
from autopilot_analysis.fleet.intervals import share_columns, share_in_words
from autopilot_analysis.readers.service.run_ids import SCRIPT_RUNS
from autopilot_analysis.tables.items import APP

LEAST_OTHERS = 3
"""Beside fewer other apps that are only counted nothing says what is usual."""
LEAST_BESIDE, LEAST_TIMES = 1, 2.0
"""Apps with a row for each device are compared with so many others; beside fewer than `LEAST_OTHERS` one that
is named fails at least so many times as often."""
COMPARED = [
    "DeviceInstallStatusByApp",
    "DeviceRunStatesByScript",
    SCRIPT_RUNS,
    *REPORTS,
]
"""The reports that tell how each app or script ended on each device."""
BEYOND = (
    "It is compared with the other {items} of the same report, on the devices where each of them ended, and "
    "lies beyond all others. That points at it rather than at the devices; its codes tell the reason."
)
THE_APP = f"{THIS_FIRST}: its codes say what failed"
COUNTED_ALONE = (
    f"The report {NAMES_NO_DEVICE}: no day, no code and no group can be read from it. Apps differ "
    "in how often they fail; this one lies beyond all others."
)


@dataclass(frozen=True)
class _Kind:
    """What is compared: what one is called, what a finding is about, and what it says."""

    noun: str
    subject: str
    meaning: str
    remedy: str
    least: int = LEAST_OTHERS


_COUNTED = _Kind(APP, "count", COUNTED_ALONE, BY_DEVICE)


def outstanding_apps(counts: pl.DataFrame) -> Iterator[Difference]:
    """Yield the apps whose share of failures lies above that of every other app, interval above interval.

    Args:
        counts: The table `item_counts`.
    """
    yield from _beyond_all(_shares(counts), _COUNTED)


def outstanding_items(statuses: pl.DataFrame) -> Iterator[Difference]:
    """Yield the same of apps and scripts that have a row for each device; a device counts once.

    Args:
        statuses: The table `item_statuses`.
    """
    for report, rows in _shares_by_report(statuses):
        noun = wording.words(kinds_of_items()[report])
        meaning = BEYOND.format(items=wording.several(noun))
        yield from _beyond_all(rows, _Kind(noun, "item", meaning, THE_APP, LEAST_BESIDE))


def _beyond_all(rows: pl.DataFrame, kind: _Kind) -> Iterator[Difference]:
    """Yield the first rows, where their intervals lie above those of all others and these are enough."""
    for most in range(MOST, 0, -1):
        above, rest = rows.head(most), rows.slice(most)
        if rest.height < kind.least or min(above["k"].to_list()) < LEAST_HITS_OF_FEW:
            continue
        times = LEAST_TIMES if rest.height < LEAST_OTHERS else 1.0
        usual = int(rest["k"].sum()) / int(rest["n"].sum())
        apart = min(above["low"].to_list()) > max(rest["high"].to_list())
        if apart and min(above["share"].to_list()) >= times * usual:
            yield from (_outstanding(row, rest, kind) for row in above.iter_rows(named=True))
            return


def are_counted(counts: pl.DataFrame) -> bool:
    """Tell whether enough apps are counted for one of them to stand out.

    Args:
        counts: The table `item_counts`.
    """
    return _shares(counts).height > LEAST_OTHERS


def are_compared(statuses: pl.DataFrame) -> bool:
    """Tell whether a report tells of enough apps or scripts, on enough devices each, to compare them.

    Args:
        statuses: The table `item_statuses`.
    """
    return any(rows.height > LEAST_BESIDE for _, rows in _shares_by_report(statuses))


def _shares_by_report(statuses: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield each report with its apps or scripts as `_shares` returns them."""
    ended = ended_items(statuses.filter(pl.col("report").is_in(COMPARED))).with_row_index("row")
    once = ended.unique(
        ["report", "item", "name", pl.coalesce("device", pl.col("row").cast(pl.String))],
        keep="first",
        maintain_order=True,
    )
    failed = pl.col("outcome") == "failed"
    counts = once.group_by("report", "item", "name", maintain_order=True).agg(
        failed=failed.sum(), installed=(~failed).sum(), codes=pl.col("code").filter(failed).drop_nulls()
    )
    for (report,), rows in counts.partition_by("report", as_dict=True, maintain_order=True).items():
        yield str(report), _with_shares(rows, pl.sum_horizontal("failed", "installed"))


def _shares(counts: pl.DataFrame) -> pl.DataFrame:
    """Return each app that enough devices have, with its share of failures, the largest first."""
    apps = counts.filter((pl.col("report") != POLICIES_COUNTED).fill_null(value=True))
    return _with_shares(apps, counted_on())


def _with_shares(apps: pl.DataFrame, on: pl.Expr) -> pl.DataFrame:
    known = apps.with_columns(k=pl.col("failed").fill_null(0), n=on)
    known = known.filter(pl.col("n") >= SUPPORT).with_columns(*share_columns())
    return known.sort("share", "k", descending=True, maintain_order=True)


def _outstanding(row: dict[str, Any], rest: pl.DataFrame, kind: _Kind) -> Difference:
    name = name_of_count(row) if kind is _COUNTED else name_of_item(row)
    k, n = int(rest["k"].sum()), int(rest["n"].sum())
    worst = rest.row(0, named=True)
    others = f"the {rest.height} other {wording.several(kind.noun)} on {share_in_words(k, n)}"
    others += f", none of them above {share_in_words(worst['k'], worst['n'])}"
    if rest.height == 1:
        others = f"the other {kind.noun} on {share_in_words(k, n)}"
    title = f"{name} failed on {share_in_words(row['k'], row['n'])} devices, {others}{_own_code(row, rest)}"
    where = json.dumps({"failed": name}, ensure_ascii=False)
    q = _chance(row, k, n, rest.height + 1)
    stated = of_fleet(
        "FLEET-GROUP", title=title, meaning=kind.meaning, remedy=kind.remedy, item=name, confidence=1 - q
    )
    contrast = AgainstRest(row["k"], row["n"], k, n).contrast(where, q)
    return Difference((kind.subject, str(row["item"]), str(row["name"])), stated, contrast=contrast)


def _own_code(row: dict[str, Any], rest: pl.DataFrame) -> str:
    """Return which code is one app's own, in words; empty where its failures have the codes of all."""
    if "codes" not in row or not row["codes"]:
        return ""
    code, k = Counter(row["codes"]).most_common(1)[0]
    others = rest["codes"].explode(empty_as_null=False).to_list()
    rest_k, rest_n = others.count(code), int(rest["k"].sum())
    own = {"k": k, "n": row["k"]}
    if rest_n and _chance(own, rest_k, rest_n, len({*row["codes"], *others})) >= FALSE_DISCOVERY:
        return ""
    theirs = f", of those of the others {rest_k:,} of {rest_n:,}" if rest_n else ""
    return f"; {k:,} of its {wording.count(row['k'], 'failure')} with {code}{theirs}"


def _chance(row: dict[str, Any], rest_k: int, rest_n: int, apps: int) -> float:
    """Return how often chance shows as much in one of so many apps (Fisher's exact test, Bonferroni)."""
    return min(AgainstRest(row["k"], row["n"], rest_k, rest_n).chance * apps, 1.0)
