"""Whether a device is enrolled: by its registry, else by what its management client wrote last."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts.marks import ENROLLMENT_FAILED, SYNC_ENDED
from autopilot_analysis.readers.reading import NO_KIND
from autopilot_analysis.tables.completing import where_distinct

ENROLLING = ["enrolled", "unenrolled", ENROLLMENT_FAILED, "sync_began", SYNC_ENDED]
"""Marks that tell whether a device is enrolled."""
ALREADY_ENROLLED = "0x8018000A"
"""An enrolment that failed with it says nothing: the server knows one already."""
OWNED_BY = ["upn", "discoveryservicefullurl", "dmpcertthumbprint"]
"""Values of a real enrolment, one of which stands beside the name of its server."""
ENROLMENT = r"(?i)\\software\\microsoft\\enrollments\\[^\\]+$"
IN_ENROLMENT = r"(?i)\\software\\microsoft\\enrollments\\[{0-9a-f][-0-9a-f]*\}?(?:\\|$)"
"""The key of an enrolment; a key that is one or lies in one."""
LEAST_ENROLMENTS = 3
"""A whole registry shows so many enrolments at least, placeholders most of them."""


def stands_enrolled(values: pl.DataFrame) -> bool | None:
    """Whether an enrolment of an MDM server stands, of whichever maker; EnrollmentState alone proves nothing.

    Windows keeps dozens of placeholder enrolments with EnrollmentState 1, some of an authority of its own:
    only one that names a provider and a user, a discovery address or its certificate is real. Notes of a few
    values, and cuttings, say nothing by what they leave out.

    Args:
        values: Rows of `registry_values`.
    """
    keys = where_distinct(values, "key", pl.col("key").str.contains(ENROLMENT)).with_columns(
        low=pl.col("key").str.to_lowercase()
    )
    if keys.is_empty():
        return None
    named = pl.col("name").str.to_lowercase()
    own = pl.col("value").str.contains(r"(?i)^\s*$|\bauthority$")
    providers = keys.filter(named == "providerid")
    owner = keys.filter(named.is_in(OWNED_BY) & (pl.col("value") != ""))
    if not providers.filter(~own).join(owner, on="low", how="semi").is_empty():
        return True
    nameless = not owner.join(providers, on="low", how="anti").is_empty()
    return None if nameless or not _shows_all(values, keys) else False


def _shows_all(values: pl.DataFrame, keys: pl.DataFrame) -> bool:
    """Whether a text of the registry shows all enrolments: several of them, and what lies behind them."""
    kinds = keys.filter(pl.col("kind").ne_missing(NO_KIND))
    several = kinds.group_by("member").agg(pl.col("low").n_unique()).filter(pl.col("low") >= LEAST_ENROLMENTS)
    last = values.join(several, on="member", how="semi", nulls_equal=True, maintain_order="left")
    ends = last.group_by("member").agg(pl.col("key").last())["key"]
    return not ends.str.contains(IN_ENROLMENT).all()


def is_enrolled(values: pl.DataFrame, marks: pl.DataFrame) -> bool | None:
    """Whether the device is enrolled: by its registry, else by what its event logs say last.

    Args:
        values: Rows of `registry_values`.
        marks: Events that are one of `ENROLLING`, with `mark`, in order of time; others may be among them.
    """
    stands = stands_enrolled(values)
    return _enrolled_by_events(marks) if stands is None else stands


def _enrolled_by_events(found: pl.DataFrame) -> bool | None:
    """Whether the management client's log ends with the device enrolled: by the last enrolment or leaving.

    Where neither is left, a session that went well needs an enrolment. Failures alone say that the device is
    not enrolled, unless a session was begun or the server knows an enrolment already.
    """
    last = found.filter(pl.col("mark").is_in(["enrolled", "unenrolled"]))["mark"]
    if len(last):
        return bool(last[-1] == "enrolled")
    if found.filter(pl.col("mark") == SYNC_ENDED, pl.col("code").is_null()).height:
        return True
    codes = found.filter(pl.col("mark") == ENROLLMENT_FAILED)["code"]
    begun = found.filter(pl.col("mark") == "sync_began").height
    return False if len(codes) and not begun and ALREADY_ENROLLED not in codes else None
