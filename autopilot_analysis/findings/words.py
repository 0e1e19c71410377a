"""The words of every rule: facts/rules.csv, the tables of facts that are families of rules, and own rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import cache

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.codes import names_in_words
from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.rule import LIMITS, OWN_WORDS
from autopilot_analysis.tables.completing import with_lacking
from autopilot_analysis.tables.verdict import CONTEXT, INFO, WARNING

COLUMNS = [
    "rule",
    "stage",
    "severity",
    "confidence",
    "role",
    "title",
    "meaning",
    "remedy",
    "page",
    "needs",
    "generic",
]
TEXTS = ("title", "meaning", "remedy")
NOT_STATED = {"severity": WARNING, "confidence": "0.5", "role": CONTEXT}
"""What a rule of one's own gets where it names none."""
MONTH = r"^\d{4}-\d{2}$"
"""When a service was mended, of which nobody installs a version."""
AREA_STAGES = {
    "tpm": "device_preparation",
    "self-deploying": "device_preparation",
    "pre-provisioning": "device_preparation",
    "device preparation": "device_preparation",
    "enrolment": "mdm_enrollment",
    "hybrid": "entra_join",
    "join": "entra_join",
    "esp": "device_setup",
    "apps": "device_setup",
    "sign-in": "user_authentication",
    "network": "network",
    "registration": "profile_download",
    "existing devices": "profile_download",
}
"""The stage in which an area of known issues strikes; areas beside these strike anywhere."""


def _family(frame: pl.DataFrame) -> pl.DataFrame:
    """Return rows of a family as words; a family is context until its conditions meet a failed attempt."""
    rows = with_lacking(frame, dict.fromkeys(COLUMNS, pl.String())).select(COLUMNS)
    return rows.with_columns(pl.col(TEXTS).str.replace_many(names_in_words()))


def known_issue_words() -> pl.DataFrame:
    """Return the words of every known issue, rule "KNOWN-" and its id, and what mends it."""
    named = pl.col("remedy").str.contains("KB", literal=True)
    fixed = pl.col("fixed_by")
    mended = (
        pl.when(fixed.str.starts_with("KB"))
        .then(pl.format("by {}", fixed))
        .when(fixed.str.contains(MONTH))
        .then(pl.format("in {}", fixed))
        .otherwise(pl.format("in version {}", fixed))
    )
    remedy = (
        pl.when(named | fixed.is_null())
        .then("remedy")
        .otherwise(pl.format("{} (mended {})", "remedy", mended))
    )
    return _family(
        _limited(read_facts("known_issues"), "told_by", ("title", "remedy")).select(
            rule=pl.concat_str(pl.lit("KNOWN-"), "id"),
            stage=pl.col("area").replace_strict(AREA_STAGES, default=None, return_dtype=pl.String),
            severity=pl.lit(INFO),
            confidence=pl.lit("0.6"),
            role=pl.lit(CONTEXT),
            title=pl.concat_str(pl.lit("Known issue that fits: "), pl.col("title")),
            meaning="symptom",
            remedy=remedy,
            page="page",
        )
    )


def conflict_words() -> pl.DataFrame:
    """Return the words of every policy conflict, rule "CONFLICT-" and its id."""
    return _family(
        read_facts("policy_conflicts").select(
            rule=pl.concat_str(pl.lit("CONFLICT-"), "id"),
            stage="phase",
            severity=pl.lit(INFO),
            confidence=pl.lit("0.6"),
            role=pl.lit(CONTEXT),
            title=pl.concat_str(pl.lit("A setting that can disturb deployment: "), "policy"),
            meaning="effect",
            remedy="remedy",
            page="page",
        )
    )


def network_words() -> pl.DataFrame:
    """Return the words of every sign of a blocked endpoint, rule "NETWORK-" and its id."""
    return _family(
        read_facts("network_signs").select(
            rule=pl.concat_str(pl.lit("NETWORK-"), "id"),
            stage="stage",
            severity=pl.lit(INFO),
            confidence=pl.lit("0.7"),
            role=pl.lit(CONTEXT),
            title="sign",
            meaning=pl.concat_str(pl.lit("Likely blocked: "), "likely_block"),
            remedy="first_test",
            page="page",
        )
    )


def configuration_words() -> pl.DataFrame:
    """Return the words of every configuration check that exports can answer, rule "CHECK-" and its id."""
    return _family(
        read_facts("configuration_checks").select(
            rule=pl.concat_str(pl.lit("CHECK-"), "id"),
            severity=pl.lit(INFO),
            confidence=pl.lit("0.8"),
            role=pl.lit(CONTEXT),
            title=pl.concat_str(pl.lit("Requirement to check: "), "requirement"),
            meaning="failing_looks_like",
            remedy="test",
            page="page",
            stage="stage",
        )
    )


def switched_off_words() -> pl.DataFrame:
    """Return the words of every value that switches off what a deployment needs, under its rule's id."""
    return _family(
        read_facts("switched_off")
        .drop("place", "failure", "explains", "implies")
        .with_columns(needs=pl.lit("registry_dump registry_export"))
    )


def _limited(frame: pl.DataFrame, by: str = "rule", texts: Sequence[str] = TEXTS) -> pl.DataFrame:
    """Return words with the limits that they name, of the rule that a column names."""
    return frame.with_columns(
        pl.Series(name, [_filled(text, rule) for text, rule in frame.select(name, by).iter_rows()], pl.String)
        for name in texts
    )


def _filled(text: str | None, rule: str | None) -> str | None:
    """Return a text of a rule with its limits in the place of their names."""
    for limit, value in LIMITS.get(rule or "", {}).items():
        written = wording.whole_span(value) if isinstance(value, timedelta) else str(value)
        text = text and text.replace(f"{{{limit}}}", written)
    return text


@cache
def _shipped() -> pl.DataFrame:
    """Return the words of every rule that ships with the package."""
    parts = [
        _limited(_family(read_facts("rules"))),
        known_issue_words(),
        conflict_words(),
        network_words(),
        configuration_words(),
        switched_off_words(),
    ]
    return pl.concat(parts).unique("rule", keep="last", maintain_order=True)


def words() -> pl.DataFrame:
    """Return the words of every rule: the columns of COLUMNS, all text."""
    if not OWN_WORDS:
        return _shipped()
    own = [NOT_STATED | {"meaning": ""} | given | {"rule": name} for name, given in OWN_WORDS.items()]
    mine = _family(pl.DataFrame(own, infer_schema_length=None)).with_columns(pl.all().cast(pl.String))
    return pl.concat([_shipped(), mine]).unique("rule", keep="last", maintain_order=True)
