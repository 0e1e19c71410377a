"""Kinds of failure: by stage and code, without a code by the reason that the report gives in words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from autopilot_analysis import quoting
from autopilot_analysis.codes import ELSE, Code, of_script
from autopilot_analysis.codes import explain as explain_code
from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.looking import once
from autopilot_analysis.findings.meaning import ENROLLMENT, PROVES, PROVING
from autopilot_analysis.findings.rules.page_tries import TIMED_OUT
from autopilot_analysis.findings.service.devices import reason_in_words
from autopilot_analysis.findings.service.texts import MOSTLY, says_nothing, statement_of
from autopilot_analysis.fleet.frames import with_columns_of
from autopilot_analysis.fleet.measures.rates import measure_failures
from autopilot_analysis.fleet.measures.signatures import masked

BY_SCRIPT = "by_script"
"""Key of a kind of failure that a script made: its exit code is none of an installer."""
LEAST_ALIKE = 2
"""Words that fewer failures share are no kind of failure, unless they are known as a reason."""
SCENARIO = "scenario"
"""Column of a kind of failure that all its deployments share: what their types of enrolment ask for."""

PROOF_FIRST = "enrolment, or the proof by the TPM before it"
"""The circumstance in facts/codes.csv of a code at an enrolment that a proof precedes, as reports tell it."""

KIND = ("failed_stage", "code", "reason")
"""What tells one kind of failure from another."""


@dataclass(frozen=True)
class Reason:
    """Why something fails and what mends it, by its code or by the service's word for it."""

    meaning: str
    remedy: str
    page: str | None
    symbol: str | None = None


@once
def with_reasons(deployments: pl.DataFrame) -> pl.DataFrame:
    """Return deployments with `reason`: the report's own words, ids masked; null beside a code.

    Words that one failure alone has are a story and no kind, unless they are known as a reason.

    Args:
        deployments: One attempt a row.
    """
    frame = with_columns_of(deployments, ("outcome", "failed_stage", "code", "failure_text"))
    silent = pl.col("code").is_not_null() | says_nothing(pl.col("failure_text"))
    failed = pl.col("outcome").cast(pl.String) == "failed"
    text = masked(pl.col("failure_text").str.strip_chars())
    frame = frame.with_columns(reason=pl.when(failed & ~silent).then(text))
    counted = frame["reason"].drop_nulls().value_counts(name="times")
    kept = [word for word, times in counted.iter_rows() if times >= LEAST_ALIKE or reason_in_words(word)]
    return frame.with_columns(pl.when(pl.col("reason").is_in(kept)).then("reason"))


@once
def kinds_of(deployments: pl.DataFrame) -> pl.DataFrame:
    """Return the answer of `measure_failures` by stage, code and reason in words.

    Args:
        deployments: One attempt a row.
    """
    rows = with_columns_of(with_reasons(deployments), ("outcome", "enrollment_type"))
    kinds = measure_failures(rows, by=KIND)
    failed = rows.filter(pl.col("outcome").cast(pl.String) == "failed")
    types = failed.group_by(KIND).agg(types=pl.col("enrollment_type").cast(pl.String).unique())
    scenarios = [one_scenario(each) for each in types["types"]]
    types = types.select(*KIND, pl.Series(SCENARIO, scenarios, dtype=pl.String))
    return kinds.join(types, on=KIND, how="left", nulls_equal=True, maintain_order="left")


def one_scenario(types: Iterable[str | None]) -> str | None:
    """Return the scenario that asks for a proof by the TPM, where all types of enrolment name the same.

    Args:
        types: As reports write them.
    """
    meant = read_facts("enums").filter(pl.col("enum") == "windowsAutopilotEnrollmentType")
    words = dict(meant.select("name", "meaning").drop_nulls().iter_rows())
    texts = [re.sub(r"[\s-]", "_", words.get(one or "", one or "").lower()) for one in types]
    found = {next((name for name in PROVING if name in text), None) for text in texts}
    return found.pop() if len(found) == 1 else None


def failed_of(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the deployments that failed, the newest first.

    Args:
        rows: Deployments.
    """
    failed = rows.filter(pl.col("outcome").cast(pl.String) == "failed")
    return failed.sort("started_at", descending=True, nulls_last=True, maintain_order=True)


def of_kind(deployments: pl.DataFrame, kind: Mapping[str, Any]) -> pl.DataFrame:
    """Return the deployments that failed so, the newest first.

    Args:
        deployments: One attempt a row.
        kind: A row of `kinds_of`; what it does not say, such as a stage, is not asked.
    """
    alike = [
        pl.col(name).cast(pl.String).eq_missing(pl.lit(kind[name], pl.String))
        for name in KIND
        if name in kind
    ]
    return failed_of(with_reasons(deployments).filter(alike)).drop("reason")


def words_beside(deployments: pl.DataFrame, kind: Mapping[str, Any]) -> tuple[str, int, int]:
    """Return the report's own words beside the code of most failures of a kind, as where it names an app.

    Args:
        deployments: One attempt a row.
        kind: A row of `kinds_of`.

    Returns:
        The words, how many failures have them, and how many there are; empty words where fewer than
        `MOSTLY`, or one alone, have the same.
    """
    if not kind["code"]:
        return "", 0, 0
    texts = [statement_of(text) for text in of_kind(deployments, kind)["failure_text"]]
    counted = Counter(text for text in texts if text and text.casefold() != str(kind["code"]).casefold())
    words, times = next(iter(counted.most_common(1)), ("", 0))
    alike = times >= LEAST_ALIKE and times > MOSTLY * len(texts)
    return (words if alike else ""), times, len(texts)


def named(kind: Mapping[str, Any]) -> str:
    """Return what a failure is called: its code, else its reason in the report's words, else "no code".

    Args:
        kind: With `code` and `reason`.
    """
    return str(kind["code"] or (quoting.in_quotes(kind["reason"]) if kind.get("reason") else "no code"))


def with_meaning(kind: Mapping[str, Any]) -> str:
    """Return what a failure is called and what that means, where it is known: "0x80180014 (…)".

    Args:
        kind: A row of `kinds_of`.
    """
    meaning = meaning_of(kind)
    return named(kind) + (f" ({meaning.rstrip('.')})" if meaning else "")


def meaning_of(kind: Mapping[str, Any]) -> str | None:
    """Return what the code of a failure, or its reason in words, is known to mean.

    Args:
        kind: A row of `kinds_of`.
    """
    if not kind["code"]:
        return reason_in_words(kind["reason"]).get("meaning")
    known = _known(kind)
    return known.meaning if known.certainty != "unknown" else None


def _proof_first(kind: Mapping[str, Any]) -> bool:
    """Tell whether a failure is of an enrolment before which the TPM has to prove the device."""
    return kind["failed_stage"] == ENROLLMENT and kind.get(SCENARIO) in PROVING


def _known(kind: Mapping[str, Any]) -> Code:
    """Return what is known of a failure's code in its stage, as far as a report can decide that.

    The service does not tell what sets the causes of some codes apart, such as the maker of a TPM: what is
    left for every other context is then no cause that was found, unless no other is of this stage. Nor does
    it tell enrolment from the TPM's proof before it, where the scenario asks for one.
    """
    stage, scenario = kind["failed_stage"], kind.get(SCENARIO)
    known = explain_code(kind["code"], stage=stage, scenario=scenario)
    if _proof_first(kind):
        of_both = next((one for one in known.causes if one.when == PROOF_FIRST), None)
        if of_both is not None:
            return replace(known, meaning=of_both.cause, remedy=of_both.remedy, page=of_both.page)
        if any(one.stage == PROVES for one in known.causes):
            return explain_code(kind["code"])
    known = of_script(known) if kind.get(BY_SCRIPT) else known
    stated = (known.meaning, known.remedy)
    left = any(cause.when == ELSE and (cause.cause, cause.remedy) == stated for cause in known.causes)
    others = any(cause.when != ELSE and cause.may_hold_in(stage) for cause in known.causes)
    return explain_code(kind["code"]) if left and others else known


def reason_of(kind: Mapping[str, Any]) -> Reason | None:
    """Return what a failure is known to mean where it arose, if that says why and what to do; else None.

    That time ran out says what happened and not why, but for a step that a proof precedes, which needs much.

    Args:
        kind: With `failed_stage`, `code` and, where the failure has no code, `reason`.
    """
    if not kind["code"]:
        words = reason_in_words(kind.get("reason"))
        return Reason(words["meaning"], words["remedy"], words["page"]) if words.get("remedy") else None
    known = _known(kind) if _proof_first(kind) or kind["code"] not in TIMED_OUT else None
    if known is None or known.certainty == "unknown" or not (known.meaning and known.remedy):
        return None
    return Reason(known.meaning, known.remedy, known.page, known.symbol)
