"""What changed with an app when devices began to fail at it: its revision, its rule, the agent, Windows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.findings import Line
from autopilot_analysis.fleet.against_rest import AgainstRest
from autopilot_analysis.fleet.deployments.own_columns import with_own_columns
from autopilot_analysis.fleet.deployments.windows_builds import WINDOWS_BUILD, with_windows_builds
from autopilot_analysis.fleet.explanation.answers import ALIKE
from autopilot_analysis.fleet.explanation.fleet_findings import place_of
from autopilot_analysis.fleet.explanation.groups.few import LEAST_HITS_OF_FEW, LEAST_OF_FEW
from autopilot_analysis.fleet.explanation.groups.searching import FALSE_DISCOVERY
from autopilot_analysis.fleet.explanation.sentences import FAILED_UNTIL_THEN
from autopilot_analysis.fleet.explanation.units import first_tries
from autopilot_analysis.fleet.intervals import share_in_words
from autopilot_analysis.tables.fleet import CAPTURE
from autopilot_analysis.tables.items import CALLED
from autopilot_analysis.tables.outcomes import FAILED_TRIES
from autopilot_analysis.tables.story import APPS

REVISION, RULE, AGENT, BUILD = "revision", "detection_rule", "intune_agent", "build"
CHANGED = (REVISION, RULE, AGENT, BUILD, WINDOWS_BUILD)
"""What may change with an app, or under it; of several that changed for the same devices the first leads."""
SPREAD = 0.25
"""Where the others fail more than this part as often, failures are spread over all and nothing is told."""
MOST = 2
"""Apps that are told of."""
CALLED_HERE = {
    REVISION: "revision {}",
    RULE: "a changed detection rule",
    AGENT: "Intune agent {}",
    BUILD: "Windows build {}",
    WINDOWS_BUILD: "Windows build {}",
}
OTHER_RULE = "another detection rule"
GO_BACK = "go back to the one that works until it is mended"
BUILD_LACKS = "this build of Windows lacks"
NAMES_WINDOWS = "at rules that name a version of Windows"
"""What to do about a version that brought a failure, and where to look when it came with one of Windows."""
REMEDIES = {
    REVISION: "Compare this revision with the one before it (content, command, detection rule) on one "
    f"device, and {GO_BACK}",
    RULE: f"Compare the detection rule with the one before it, and {GO_BACK}",
    AGENT: "Compare the log of a device with this agent and that of one with another agent: the service "
    "updates the agent by itself, so where nothing else differs ask Microsoft's support",
    BUILD: f"Look at what the app needs that {BUILD_LACKS}, and {NAMES_WINDOWS}",
}
OVER = f"Nothing is left to mend in it; {FAILED_UNTIL_THEN} are left"


@dataclass(frozen=True)
class AppChange:
    """An app that fails with one revision, rule, agent or build and hardly with the others.

    Attributes:
        app: What it is called.
        column: What changed, one of `CHANGED`.
        value: With which value of it the app fails.
        others: The other values, in order.
        counts: Devices on which it failed with the value and with the others.
        inside: First tries of the app with the value, in order of time.
        outside: Those with the others.
        q: How often chance shows as much, with every comparison that was made.
        beside: What else changed for the same devices: column and value.
    """

    app: str
    column: str
    value: str
    others: tuple[str, ...]
    counts: AgainstRest
    inside: pl.DataFrame
    outside: pl.DataFrame
    q: float
    beside: tuple[tuple[str, str], ...] = ()

    @property
    def at(self) -> datetime | None:
        """When the value was first met, where enough devices were deployed with others before; else None."""
        first = self.inside["started_at"].min()
        if not isinstance(first, datetime):
            return None
        before = self.outside.filter(pl.col("started_at") < first).height
        return first if before >= LEAST_OF_FEW else None

    @property
    def over_at(self) -> datetime | None:
        """When the others were first met, where that was after the last device with the value."""
        last, first = self.inside["started_at"].max(), self.outside["started_at"].min()
        over = isinstance(last, datetime) and isinstance(first, datetime) and last < first
        return first if over and isinstance(first, datetime) else None

    @property
    def failed(self) -> pl.DataFrame:
        """The tries that failed with the value, the first first."""
        return self.inside.filter("failed")

    @property
    def in_words(self) -> str:
        """Since when and with what the app failed on how many devices, and on how many with the others."""
        k, n, rest_k, rest_n = self.counts
        here, there = share_in_words(k, n), share_in_words(rest_k, rest_n)
        return (
            f"{self._when} {self.app} failed on {here} devices{self._with_code}; "
            f"{self._with_others} on {there}{self._beside}"
        )

    @property
    def in_short(self) -> str:
        """The same for the first line: "since 2026-11-16, with revision 3, Map failed on 13 of 13 …"."""
        k, n, rest_k, rest_n = self.counts
        with_it = f"with {self._named}"
        when = f"since {self.at:{wording.TO_THE_DAY}}, {with_it}," if self.at else with_it
        return (
            f"{when} {self.app} failed on {k:,} of {n:,} devices, with the others on {rest_k:,} of {rest_n:,}"
        )

    @property
    def remedy(self) -> str:
        """What to do about it."""
        if self.over_at:
            return f"{self.app}: {OVER}"
        return f"{self.app}, {self._named}: {REMEDIES.get(self.column, REMEDIES[BUILD])}"

    @property
    def _named(self) -> str:
        if self.column == RULE and not self.at:
            return "one detection rule"
        return CALLED_HERE[self.column].format(self.value)

    @property
    def _when(self) -> str:
        if self.at:
            return f"Since {wording.day(self.at)} ({self._named})"
        if self.over_at:
            return f"Until {wording.day(self.over_at)} ({self._named})"
        return f"With {self._named}"

    @property
    def _with_others(self) -> str:
        if self.column == RULE:
            return "with the rule before it" if self.at else f"with {OTHER_RULE}"
        one = len(self.others) == 1
        return f"with {CALLED_HERE[self.column].format(self.others[0])}" if one else "with the others"

    @property
    def _with_code(self) -> str:
        """With which code it failed, where most of them have it."""
        kinds = self.failed.group_by("code", "exit_code", maintain_order=True).agg(times=pl.len())
        code, number, times = kinds.sort("times", descending=True, maintain_order=True).row(0)
        if code is None and number is None:
            return ""
        ended = None if number is None else wording.exit_code(number)
        words = f"{code} ({ended})" if code and ended else code or ended
        often = "" if times == self.counts.k else f" {times:,} times"
        return f"{often} with {words}"

    @property
    def _beside(self) -> str:
        if not self.beside:
            return ""
        named = ", ".join(CALLED_HERE[column].format(value) for column, value in self.beside)
        return f". The same devices have {named} as well, so which of these it is, the numbers do not tell"

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values, as `explain --json` lists it."""
        k, n, rest_k, rest_n = self.counts
        at = self.at.isoformat() if self.at else None
        named = {"app": self.app, "where": {self.column: self.value, **dict(self.beside)}, "at": at}
        return {**named, "k": k, "n": n, "rest_k": rest_k, "rest_n": rest_n, "q": self.q}


def app_changes(installs: pl.DataFrame, deployments: pl.DataFrame) -> list[AppChange]:
    """Return the apps that fail since their revision, their rule, the agent or Windows changed, surest first.

    Counted is the first try of an app in the first attempt of each journey of a device. A value whose others
    fail as well, if less, shows nothing, see `SPREAD`.

    Args:
        installs: The table `installs`.
        deployments: Attempts as deployments; those of captures count.
    """
    bad = pl.col("outcome").is_in(FAILED_TRIES)
    if installs.filter(bad, pl.col("kind").cast(pl.String).is_in(APPS)).height < LEAST_HITS_OF_FEW:
        return []
    units = _units(installs, deployments)
    found: list[list[AppChange]] = []
    asked = 0
    for own in units.partition_by("item", maintain_order=True):
        if int(own["failed"].sum()) >= LEAST_HITS_OF_FEW:
            compared = list(_compared(own))
            asked += len(compared)
            found.append([one for one in compared if _stands_out(one.counts)])
    leading = [_leading(alike, asked) for alike in found if alike]
    return sorted((one for one in leading if one.q < FALSE_DISCOVERY), key=lambda one: one.q)[:MOST]


def _units(installs: pl.DataFrame, deployments: pl.DataFrame) -> pl.DataFrame:
    """Return the first try of each app in each first attempt, with what may have changed."""
    captured = deployments.filter(pl.col("origin").cast(pl.String) == CAPTURE)
    attempts = first_tries(with_windows_builds(with_own_columns(captured)))
    kept = [name for name in (AGENT, BUILD, WINDOWS_BUILD) if name in attempts.columns]
    ended = installs.filter(
        pl.col("kind").cast(pl.String).is_in(APPS), pl.col("outcome").is_in([*FAILED_TRIES, "succeeded"])
    )
    tries = ended.select(
        "item",
        "code",
        "exit_code",
        "member",
        "record",
        RULE,
        app=CALLED,
        revision="version",
        failed=pl.col("outcome").is_in(FAILED_TRIES),
        deployment=pl.format("{}/{}", "device", "attempt"),
    )
    first = tries.unique(["deployment", "item"], keep="first", maintain_order=True)
    known = attempts.select("device", "deployment", "started_at", *kept)
    return first.join(known, on="deployment", how="inner", maintain_order="left").sort(
        "started_at", nulls_last=True, maintain_order=True
    )


def _compared(own: pl.DataFrame) -> Iterator[AppChange]:
    """Yield each value of what may have changed against the others, for one app."""
    app = str(own["app"].drop_nulls().mode(maintain_order=True)[0])
    for column in (name for name in CHANGED if name in own.columns):
        known = own.drop_nulls(column)
        values = known[column].unique(maintain_order=True).to_list()
        for value in values if len(values) > 1 else []:
            has = pl.col(column) == value
            inside, outside = known.filter(has), known.filter(~has)
            k, rest_k = int(inside["failed"].sum()), int(outside["failed"].sum())
            counts = AgainstRest(k, inside.height, rest_k, outside.height)
            others = tuple(each for each in values if each != value)
            yield AppChange(app, column, value, others, counts, inside, outside, counts.chance)


def _stands_out(counts: AgainstRest) -> bool:
    """Tell whether enough failed with a value, and hardly any with the others."""
    k, n, rest_k, rest_n = counts
    return k >= LEAST_HITS_OF_FEW and rest_n >= LEAST_OF_FEW and rest_k * n <= SPREAD * k * rest_n


def _leading(alike: Sequence[AppChange], asked: int) -> AppChange:
    """Return the surest of one app, with what else changed for the same devices."""
    first = min(alike, key=lambda one: one.q)
    beside = [
        (one.column, one.value)
        for one in alike
        if one.column != first.column and _are_same(one.inside["deployment"], first.inside["deployment"])
    ]
    once = dict(reversed(beside))
    if WINDOWS_BUILD in once and BUILD in (first.column, *once):
        del once[WINDOWS_BUILD]
    ordered = tuple((column, once[column]) for column in CHANGED if column in once)
    return AppChange(**{**vars(first), "q": first.q * asked, "beside": ordered})


def _are_same(one: pl.Series, other: pl.Series) -> bool:
    """Tell whether two groups are nearly the same devices."""
    both = int(one.is_in(other.implode()).sum())
    return both >= ALIKE * max(one.len(), other.len())


def tell_app_changes(changes: Sequence[AppChange]) -> Iterator[Line]:
    """Return since when and with what an app fails.

    Args:
        changes: What `app_changes` returned.
    """
    yield from (Line(wording.sentence(one.in_words)) for one in changes)


def tell_app_changes_to_do(changes: Sequence[AppChange]) -> Iterator[Line]:
    """Return what to do about an app that fails since something changed.

    Args:
        changes: What `app_changes` returned.
    """
    yield from (Line(wording.sentence(one.remedy), "remedy") for one in changes)


def prove_app_changes(changes: Sequence[AppChange]) -> Iterator[Line]:
    """Return the first failure of each app with what changed, with its file and record.

    Args:
        changes: What `app_changes` returned.
    """
    for one in changes:
        yield _proof(one, one.failed.row(0, named=True))


def _proof(one: AppChange, row: Mapping[str, Any]) -> Line:
    day = f", {row['started_at']:{wording.TO_THE_DAY}}" if row["started_at"] else ""
    code = f" with {row['code']}" if row["code"] else ""
    place = place_of({**row, "origin": CAPTURE})
    text = f"{one.app} failed{code}{day}; {one.counts.n:,} devices against {one.counts.rest_n:,}"
    return Line(f"{text}, {wording.by_chance(one.q)}", "proof", place, device=row["device"])
