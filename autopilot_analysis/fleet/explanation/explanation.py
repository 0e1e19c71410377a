"""What an explanation holds, and how it is written: as tables, as JSON, in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.fleet.explanation.days.growth import Growth
from autopilot_analysis.fleet.explanation.days.time_of_day import HOURS_OF_DAY, hours_in_words
from autopilot_analysis.fleet.explanation.failures.all_failed import AllFailed
from autopilot_analysis.fleet.explanation.failures.own_codes import INCIDENT, OWN_CODES, incident_of
from autopilot_analysis.fleet.explanation.sentences import (
    CALM,
    COULD_BE_CHANCE,
    change_in_words,
    group_in_words,
    no_group,
    own_in_words,
)
from autopilot_analysis.fleet.explanation.visibility import NOT_TOLD, CouldSee
from autopilot_analysis.tables.collections import InPandas, frames_in, summarise
from autopilot_analysis.wording import capital


@dataclass(frozen=True, repr=False)
class Explanation(InPandas):
    """Groups that differ and days on which something moved; both empty when nothing stands out."""

    contrasts: pl.DataFrame
    changes: pl.DataFrame
    limits: tuple[str, ...] = ()
    """What the deployments do not show, see `list_limits`."""
    few: str | None = None
    """Why little or nothing could stand out, when few deployments could be compared."""
    could_see: CouldSee | None = None
    """The smallest effect that would have shown, and what no export brought."""
    of_all: int = 0
    """So many of the first changes are of all and explain more than any group does."""
    outcome: str = "failed"
    """What was asked."""
    codes: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=OWN_CODES))
    """Codes that belong to a group or a day, see `own_codes`."""
    hours: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=HOURS_OF_DAY))
    """Hours of the day at which more were hit, of all or within a group, see `find_hours`."""
    growth: tuple[Growth, ...] = ()
    """What grew over months while no day stands out, see `growth_of`."""
    grouped: bool = True
    """Whether an attribute divides the attempts into groups; where none does, none were compared."""
    all_failed: AllFailed | None = None
    """That nearly all failed, where nothing stands out: there is nothing to compare with."""

    def __repr__(self) -> str:
        """Return what is in it, in six lines at most."""
        return summarise(f"Explanation of {wording.words(self.outcome)}", frames_in(self))

    @property
    def stands_out(self) -> bool:
        """Whether a group or an hour of the day differs, or something moved on a day."""
        return bool(self.contrasts.height or self.changes.height or self.hours.height)

    @property
    def groups(self) -> pl.DataFrame:
        """The numbers of `contrasts`, each `group` in words."""
        shown = self.contrasts.select(
            "where", "n", "k", "share", "low", "high", "rest_share", "lift", "q", "at", "at_low", "at_high",
            "devices", "lost", "note",
        )  # fmt: skip
        return _in_words(shown)

    @property
    def days(self) -> pl.DataFrame:
        """The numbers of `changes`, each `group` in words."""
        shown = self.changes.select(
            "at", "at_low", "at_high", "until", "where", "kind", "measure", "before", "after", "n_before",
            "n_after", "before_low", "before_high", "after_low", "after_high", "q", "candidate",
        )  # fmt: skip
        return _in_words(shown)

    @property
    def no_group(self) -> str:
        """That no group stands out, or that none were compared."""
        if self.all_failed:
            return self.all_failed.in_words
        return no_group(self.outcome, grouped=self.grouped)

    @property
    def nothing(self) -> str:
        """What to say when nothing stands out: what was not compared is not called chance."""
        if self.all_failed:
            return self.all_failed.in_words
        could_see = self.could_see is not None and self.could_see.smallest is not None
        if self.few and not could_see:
            return self.few
        sight = f" {self.could_see.in_words}" if self.could_see and could_see and self.grouped else ""
        if self.growth:
            grown = "; ".join(each.in_words for each in self.growth)
            return f"{self.no_group.removesuffix('.')}, but the {grown}."
        if self.few:
            return f"{self.no_group} {self.few}{sight}"
        if not self.grouped:
            return f"{self.no_group} No day stands out as {wording.words(self.outcome)}."
        return f"{capital(CALM)} as {wording.words(self.outcome)}: {COULD_BE_CHANCE}.{sight}"

    def to_dict(self) -> dict[str, Any]:
        """Return plain lists and dictionaries, the best explanation first."""
        instants = pl.col("at", "at_low", "at_high", "complete", "until").dt.to_string("iso:strict")
        contrasts = self.contrasts.with_columns(instants).select(
            "where", "n", "k", "share", "low", "high", "rest_share", "lift", "q", "at", "at_low", "at_high",
            "complete", "until", "devices", "lost", "note",
        )  # fmt: skip
        changes = self.changes.with_columns(instants)
        changes = changes.select(
            "at", "at_low", "at_high", "measure", "where", "before", "after", "n_before", "n_after",
            "before_low", "before_high", "after_low", "after_high", "q", "kind", "until", "complete",
            "candidate",
        )  # fmt: skip
        sight = self.could_see or CouldSee(None, ())
        return {
            "contrasts": _plain(contrasts),
            "changes": _plain(changes),
            "of_all": self.of_all,
            "codes": _plain(self.codes.with_columns(pl.col("at", "until").dt.to_string("iso:strict"))),
            "hours": _plain(self.hours),
            "could_see": sight.to_dict(),
        }

    def in_words(self) -> pl.DataFrame:
        """Return one sentence for each group and each day that stands out."""
        lines = self.answers() or [self.nothing]
        return pl.DataFrame({"verdict": [*lines, *(f"{NOT_TOLD}{each}." for each in self.limits)]})

    def lines(self) -> list[str]:
        """Return the text of `autopilot-analysis explain`: effects first, then what was not in the export."""
        absent = self.could_see.lacking if self.could_see else ""
        beside = [f"not in the export, so not compared: {absent}"] if absent else []
        lines = self.answers()
        lines += [each.in_words for each in self.growth if lines]
        lines += [self.few] if self.few and lines else []
        return [*(lines or [self.nothing]), *(f"{wording.NOT_TOLD}, {each}" for each in self.limits), *beside]

    def answers(self) -> list[str]:
        """Return one line for each group and each day, what explains most first."""
        groups = [
            group_in_words(row) + own_in_words(self.codes_of(row))
            for row in self.contrasts.iter_rows(named=True)
        ]
        days = [change_in_words(row) + self._own_of_day(row) for row in self.changes.iter_rows(named=True)]
        hours = [hours_in_words(row, self.outcome) for row in self.hours.iter_rows(named=True)]
        return [*days[: self.of_all], *groups, *days[self.of_all :], *hours]

    def _own_of_day(self, row: Mapping[str, Any]) -> str:
        """Return the codes of a day in words, where they do not stand with its group."""
        return own_in_words([] if row["where"] in self.contrasts["where"] else self.codes_of(row))

    def codes_of(self, row: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the codes that belong to a group or a day.

        Args:
            row: One of `contrasts` or of `changes`.
        """
        bounds = zip(INCIDENT, incident_of(row), strict=True)
        own = [pl.col(name).eq_missing(pl.lit(bound, OWN_CODES[name])) for name, bound in bounds]
        return self.codes.filter(own).to_dicts()

    def to_json(self) -> str:
        """Return the explanation as JSON on one line; `autopilot-analysis explain --json` prints the same."""
        return json.dumps(self.to_dict(), ensure_ascii=False)


def _in_words(frame: pl.DataFrame) -> pl.DataFrame:
    groups = [wording.group(json.loads(where)) for where in frame["where"]]
    return frame.with_columns(where=pl.Series(groups, dtype=pl.String)).rename({"where": "group"})


def _plain(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return [{**row, "where": json.loads(row["where"])} for row in frame.iter_rows(named=True)]
