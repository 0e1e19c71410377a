"""Whether the service knows a device, and what became of its profile."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.marks import (
    PROFILE_AVAILABLE,
    PROFILE_DOWNLOAD_FAILED,
    PROFILE_DOWNLOAD_RETRIED,
    PROFILE_EMPTY,
    PROFILE_NOT_PROVISIONED,
    PROFILE_SAVED,
    PROFILE_SERVICE_ANSWERED,
)
from autopilot_analysis.readers.device.enrollment import stands_enrolled
from autopilot_analysis.tables.capture import CAME, IN_USE, LOST, NO_PROFILE

SERVICE_ANSWERED = [PROFILE_SERVICE_ANSWERED, PROFILE_DOWNLOAD_RETRIED, PROFILE_DOWNLOAD_FAILED]
"""Marks of facts/stages.csv that quote what the registration service answered."""
PROFILE_CAME = {PROFILE_AVAILABLE: "end", PROFILE_SAVED: "downloaded"}
"""Marks, with the edge they are then, of an answer that brought a profile,"""
PROFILE_CAME_NOT = [PROFILE_NOT_PROVISIONED, PROFILE_EMPTY]
"""and those of an answer without one; that a search ended comes with either."""


ACTED = ["joined", "enrolled"]
"""Marks of what a device does with its profile."""
MARKS = (*SERVICE_ANSWERED, *PROFILE_CAME, *PROFILE_CAME_NOT, *ACTED)
"""All marks that these questions are answered by."""


def _profile_answers(marks: pl.DataFrame) -> pl.Series:
    """Return, in order of time, whether each answer of the service brought a profile."""
    answers = marks.filter(pl.col("mark").is_in([*PROFILE_CAME, *PROFILE_CAME_NOT]))
    came = pl.col("mark").replace_strict(PROFILE_CAME, default=None, return_dtype=pl.String) == pl.col("edge")
    without = pl.col("mark").is_in(PROFILE_CAME_NOT)
    brought = pl.when(came).then(True).when(without).then(False)
    return answers.select(brought=brought)["brought"].drop_nulls()


def profile_state(
    frames: Mapping[str, pl.DataFrame], marks: pl.DataFrame, facts: Mapping[str, str], scenario: str | None
) -> str | None:
    """Tell apart that no profile came, that one came, that it is in use, and that it was there and is gone.

    The last answer counts; where no event is left, the registry's values, which may be older than the loss.
    A file for existing devices is a profile as well.

    Args:
        frames: The capture's rows, by table.
        marks: Its events that are one of `MARKS`.
        facts: What is known of the device.
        scenario: Which it went through, as its signs show.
    """
    answers = _profile_answers(marks)
    held = "profile_name" in facts or "tenant_domain" in facts
    if answers.is_empty():
        came: bool | None = held or None
    elif scenario == "existing_device":
        came = True
    elif answers.any() and not answers[-1]:
        return LOST
    else:
        came = bool(answers[-1])
    if came:
        return IN_USE if _joined_or_enrolled(frames, marks) else CAME
    return NO_PROFILE if came is False or _says_none(frames["registry_values"]) else None


def _joined_or_enrolled(frames: Mapping[str, pl.DataFrame], marks: pl.DataFrame) -> bool:
    return bool(marks["mark"].is_in(ACTED).any()) or bool(stands_enrolled(frames["registry_values"]))


def _says_none(values: pl.DataFrame) -> bool:
    """Whether the policy cache says that no profile is available."""
    named = pl.col("name").str.to_lowercase() == "profileavailable"
    return not values.filter(named, pl.col("value").str.contains(r"^(?:0x)?0+$")).is_empty()


def is_registered(
    frames: Mapping[str, pl.DataFrame], marks: pl.DataFrame, scenario: str | None
) -> bool | None:
    """Whether the service knows the device: by its own answer or by a profile it sent, never by a scenario.

    Code 807 alone says no. An answer without a profile does not: a registered device without an assignment
    gets the same one. A file for existing devices says nothing, nor does a profile that is gone.

    Args:
        frames: The capture's rows, by table.
        marks: Its events that are one of `MARKS`.
        scenario: Which the device went through, as its signs show.
    """
    stored = frames["properties"].filter(
        pl.col("name").str.to_lowercase() == "errorcode",
        pl.col("member").str.to_lowercase().str.contains("ddsztd", literal=True),
    )["value"]
    quoted = marks.filter(pl.col("mark").is_in(SERVICE_ANSWERED))["data"]
    answers = _profile_answers(marks)
    sent = scenario != "existing_device" and not answers.is_empty() and bool(answers[-1])
    once = answers.is_empty() and _registered_once(frames["registry_values"])
    evidence = (_answer(stored), True if sent or once else None, _answer(quoted))
    return next((known for known in evidence if known is not None), None)


def _registered_once(values: pl.DataFrame) -> bool:
    """Whether the registration's id stands in the registry: it came with a profile."""
    named = pl.col("name").str.to_lowercase() == "ztdregistrationid"
    return not values.filter(named, pl.col("value").str.strip_chars() != "").is_empty()


def _answer(texts: pl.Series) -> bool | None:
    """Return what the service's code or its name, anywhere in the texts, says of a registration."""
    if texts.null_count() == len(texts):
        return None
    codes = read_facts("service_codes").filter(pl.col("registered").is_not_null())
    for word in ("yes", "no"):
        known = codes.filter(pl.col("registered") == word)
        words = "|".join({*known["code"].drop_nulls(), *known["name"].drop_nulls()})
        if texts.drop_nulls().str.contains(rf"(?:^|[^.\w])(?:{words})\b").any():
            return word == "yes"
    return None
