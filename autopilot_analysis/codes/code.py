"""What is known of one result code."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cause:
    """One known reason for a code, from one source."""

    cause: str
    remedy: str | None
    when: str | None
    page: str
    certainty: str
    stage: str | None = None
    """The stage that it is of; null where any may show it."""

    def may_hold_in(self, stage: str | None) -> bool:
        """Tell whether a stage may show this cause; of an unknown stage nothing is ruled out."""
        return stage is None or self.stage in (None, stage)


@dataclass(frozen=True)
class Code:
    """What is known of one code.

    `causes` are ranked by how well they fit the stage and scenario asked for. `certainty` is documented,
    header (a name in Windows' own headers), third_party, conflicting (public sources disagree), computed
    (from a family's rule) or unknown. `undecided` are the causes of the stage asked for between which nothing
    decides, none where it is decided.
    """

    code: str
    spelt: str
    family: str
    facility: int | None
    symbol: str | None
    meaning: str
    causes: tuple[Cause, ...]
    remedy: str | None
    page: str | None
    certainty: str
    stage: str | None = None
    undecided: tuple[Cause, ...] = ()
