"""What the service's lists of devices, enrolments and apps say went wrong or wants attention."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.codes import explain as explain_code
from autopilot_analysis.facts import one_each, read_facts
from autopilot_analysis.facts.own_words import plain
from autopilot_analysis.findings.answers.history import MADE_GOOD
from autopilot_analysis.findings.service.directory import with_directory_state
from autopilot_analysis.findings.service.failed_enrollments import (
    OF_ALL_ENROLMENTS,
    enrollments_told_whole,
    failed_enrollments,
)
from autopilot_analysis.findings.service.texts import commonest_statement, means
from autopilot_analysis.readers.service.import_screen import REPORT
from autopilot_analysis.tables.fleet import KEYS
from autopilot_analysis.tables.items import APP, called
from autopilot_analysis.tables.verdict import CAUSE, CONSEQUENCE, CONTEXT, HIGH, INFO, WARNING

REGISTERED = ("windowsAutopilotDeviceIdentities", "portal: Autopilot devices")
"""Lists of what is registered for Autopilot, each device with its state."""
IMPORTED = REPORT
"""The list of what was imported, each device with how that ended."""
NAMED = {
    "profile_state_detail": "profile state failed,",
    "encrypted": "encrypted:",
    "retire_at": "due to be retired after",
    "directory_state": "in Entra ID",
}
"""What a proof calls a column that is no plain state."""
POLICIES_COUNTED = "ConfigurationPolicyAggregate"
"""The reports that count policies, settings and updates; any other counts apps."""
BY_DEVICE = "Export the install status of this app by device: it holds the code of each"
OF_POLICY = "Export the device status of this policy: it names the devices"
DEVICES_NAMED = 5
"""Devices that a title names."""
ENROLMENT_FAILED = "FLEET-ENROLLMENT-FAILED"


def registered_in_need(identities: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield one finding for each state in which a registered device cannot be deployed as it is.

    Args:
        identities: The table `identities`; of a device that several lists hold the newest row counts.
    """
    yield from in_need(registered(identities), read_facts("registration_states"), "registered devices")


def registered(identities: pl.DataFrame) -> pl.DataFrame:
    """Return the newest row of each device that a list of what is registered holds.

    Args:
        identities: The table `identities`.
    """
    listed = identities.filter(pl.col("report").is_in(REGISTERED)).with_columns(
        profile_state_detail=pl.when(_plain("profile_state") == "failed").then("profile_state_detail")
    )
    newest = listed.sort("at", nulls_last=False, maintain_order=True).unique(
        "device", keep="last", maintain_order=True
    )
    return with_directory_state(newest, identities)


def in_need(newest: pl.DataFrame, facts: pl.DataFrame, devices: str) -> Iterator[dict[str, Any]]:
    """Yield one finding for each state of facts that devices are in; a rule names a device once.

    Args:
        newest: One row of `identities` a device.
        facts: Rows of column, value (null: whatever stands there), rule and what to say.
        devices: What the devices are called.
    """
    known: set[tuple[str, str]] = set()
    for rule in facts["rule"].unique(maintain_order=True):
        for fact in facts.filter(pl.col("rule") == rule).iter_rows(named=True):
            state = _plain(fact["column"])
            fits = state.is_not_null() if fact["value"] is None else state == fact["value"]
            new = newest.filter(fits, ~pl.col("device").is_in([device for r, device in known if r == rule]))
            known |= {(rule, device) for device in new["device"]}
            if new.height:
                yield _in_need(fact, new, f"{newest.height:,} {devices}")


def _in_need(fact: Mapping[str, str], those: pl.DataFrame, of: str) -> dict[str, Any]:
    called = pl.coalesce("serial", "device") if those["serial"].count() else pl.coalesce("name", "device")
    serials = those.select(called).to_series().to_list()
    states = those.select(_shown(fact["column"])).to_series().to_list()
    single = len(serials) == 1
    return {
        "subject": (fact["rule"], fact["column"], str(fact["value"])),
        "state": fact["many"],
        "device": those["device"][0] if single else "fleet",
        "rule": fact["rule"],
        "severity": fact["severity"],
        "role": CAUSE,
        "confidence": 1.0,
        "title": f"{serials[0]} {fact['one']}"
        if single
        else f"{len(serials):,} of {of} {fact['many']}: {names_of(serials)}",
        "meaning": f"{fact['meaning']}.",
        "remedy": fact["remedy"],
        "page": fact["page"],
        "item": serials[0] if single else None,
        "quotes": [
            f"{serial}: {_words(fact['column'])} {state}"
            for serial, state in zip(serials, states, strict=True)
        ],
        "devices": those["device"].to_list(),
    }


def _shown(column: str) -> pl.Expr:
    """Return the values of a column as a proof shows them: of a time the seconds."""
    text = pl.col(column).cast(pl.String)
    return text.str.slice(0, 19) + wording.IN_ZONE if column.endswith("_at") else text


def _words(column: str) -> str:
    if column in NAMED:
        return NAMED[column]
    return column.removesuffix("_state").replace("userless", "enrolment without a user") + " state"


def names_of(serials: list[str]) -> str:
    """Return the first devices by name, and how many more there are.

    Args:
        serials: What the devices are called.
    """
    return wording.listed(serials, DEVICES_NAMED)


def enrollments_that_failed(failures: pl.DataFrame, identities: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield one finding for each reason for which enrolments failed, the most frequent first.

    Those of devices that enrolled later, as another list says, are told apart: they are history.

    Args:
        failures: The table `enrollment_failures`.
        identities: The table `identities`.
    """
    of_all = enrollments_told_whole(failures).height
    kinds = (
        _with_later(failed_enrollments(failures), identities)
        .group_by("reason", "category", "code", "later", maintain_order=True)
        .agg(
            pl.col("at").min(),
            pl.col("remedy").drop_nulls().first(),
            texts=pl.col("detail"),
            number=pl.len(),
            who=pl.coalesce("device", "user").drop_nulls().unique(maintain_order=True),
            whole=pl.col("report").is_in(OF_ALL_ENROLMENTS).all(),
        )
    )
    for kind in kinds.sort("later", "number", descending=[False, True], maintain_order=True).to_dicts():
        found = _failed(kind, of_all if kind["whole"] else 0)
        yield {**found, **(_history(kind, found["title"]) if kind["later"] else {})}


def _with_later(failures: pl.DataFrame, identities: pl.DataFrame) -> pl.DataFrame:
    """Return failures with `later`: whether a list says that the very device enrolled after it."""
    known = identities.select("enrolled_at", device=pl.concat_list(KEYS)).explode("device").drop_nulls()
    last = known.group_by("device").agg(pl.col("enrolled_at").max())
    placed = failures.join(last, on="device", how="left", maintain_order="left")
    later = (pl.col("enrolled_at") > pl.col("at")).fill_null(value=False)
    return placed.with_columns(later=later).drop("enrolled_at")


def _history(kind: Mapping[str, Any], title: str) -> dict[str, Any]:
    number = len(kind["who"])
    devices = "the device" if number == 1 else f"each of the {number:,} devices"
    return {
        "severity": INFO,
        "role": CONTEXT,
        "title": f"{title}; {devices} enrolled after that",
        "remedy": MADE_GOOD,
        "page": None,
    }


def _failed(kind: Mapping[str, Any], of_all: int) -> dict[str, Any]:
    known = _known(kind)
    what = kind["reason"] or wording.NO_REASON
    stated = str(kind["code"]).casefold() in what.casefold()
    code = f" ({kind['code']})" if kind["code"] and not stated else ""
    text = commonest_statement(kind["texts"])
    remedy = kind["remedy"] if known.get("of_category") else None
    page = None if remedy else known.get("page")
    remedy = remedy or known.get("remedy") or kind["remedy"]
    where = kind["who"]
    among = f" of {of_all:,}" if of_all else ""
    return {
        "subject": ("enrolment", str(kind["reason"])),
        "device": where[0] if len(where) == 1 else "fleet",
        "rule": ENROLMENT_FAILED,
        "severity": HIGH,
        "role": CAUSE if remedy else CONSEQUENCE,
        "confidence": 0.7 if remedy else 1.0,
        "at": kind["at"],
        "code": kind["code"],
        "title": f"Enrolment failed {wording.count(kind['number'], 'time')}{among}: {what}{code}",
        "meaning": means(known.get("meaning") or ("" if text else what), text),
        "remedy": remedy,
        "page": page,
        "item": None,
        "quotes": [f"{who}: {what}{code}" for who in where[:DEVICES_NAMED]] or [f"{what}{code}"],
    }


def _known(kind: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return meaning, remedy and page of a failed enrolment: by its code, its reason, else its category."""
    own = reason_in_words(kind["reason"])
    by_words = own or {**reason_in_words(kind["category"]), "of_category": True}
    known = explain_code(kind["code"] or kind["reason"])
    if known.certainty == "unknown":
        return by_words
    if known.remedy:
        return {"meaning": known.meaning, "remedy": known.remedy, "page": known.page}
    return {**by_words, "meaning": known.meaning or by_words.get("meaning")}


def reason_in_words(*words: str | None) -> Mapping[str, Any]:
    """Return meaning, remedy and page of the first word that is known as a reason or a category of failures.

    A word may stand before a colon, or behind it, with more beside it.

    Args:
        words: Words of the service; nothing is known of None.
    """
    known = [plain(part) for one in words for part in (one or "", *(one or "").split(":", 1))]
    return next((_reasons()[word] for word in known if word in _reasons()), {})


@cache
def _reasons() -> Mapping[str, Mapping[str, Any]]:
    """Return what is known of each reason and of each category, by its words without case and signs."""
    reasons = one_each(read_facts("enrollment_reasons"), "word")
    categories = read_facts("enrollment_categories").rename({"category": "word"})
    rows = pl.concat([categories, reasons.select(categories.columns)])
    return {plain(row["word"]): row for row in rows.iter_rows(named=True)}


def counts_that_failed(counts: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield one finding for each app that a count of installs shows as failed, the most devices first.

    Args:
        counts: The table `item_counts`.
    """
    whole = counts.with_columns(whole=counted_on())
    failed = whole.filter(pl.col("failed") > 0).sort("failed", descending=True, maintain_order=True)
    for row in failed.iter_rows(named=True):
        of_policy = row["report"] == POLICIES_COUNTED
        yield {**_counted(row, "failed", "failed on"), "remedy": OF_POLICY if of_policy else BY_DEVICE}


def policies_in_conflict(counts: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield one finding for each policy that a count of devices shows in conflict, the most devices first.

    Args:
        counts: The table `item_counts`.
    """
    whole = counts.with_columns(whole=counted_on())
    conflicts = whole.filter(pl.col("conflict") > 0).sort("conflict", descending=True, maintain_order=True)
    fact = read_facts("item_outcomes").filter(pl.col("outcome") == "conflict").row(0, named=True)
    for row in conflicts.iter_rows(named=True):
        words = {name: fact[name] for name in ("rule", "severity", "role", "remedy", "page")}
        yield {**_counted(row, "conflict", fact["verb"]), **words, "meaning": f"{fact['meaning']}."}


def _counted(row: Mapping[str, Any], state: str, verb: str) -> dict[str, Any]:
    name = name_of_count(row)
    title = f"{name} {verb} {row[state]:,} of {wording.count(row['whole'], 'device')}"
    return {
        "subject": subject_of_count(row),
        "device": "fleet",
        "rule": "FLEET-ITEM-FAILED",
        "severity": WARNING,
        "role": CONSEQUENCE,
        "confidence": 1.0,
        "title": title,
        "meaning": "The report counts devices and holds no code.",
        "item": name,
        "quotes": [title],
    }


def counted_on() -> pl.Expr:
    """Return on how many devices an app is counted: where it does not apply is none of them."""
    states = ("installed", "failed", "conflict", "pending", "not_installed")
    return pl.sum_horizontal(pl.col(state).fill_null(0) for state in states)


def name_of_count(row: Mapping[str, Any]) -> str:
    """Return what an app that is counted is called.

    Args:
        row: Of the table `item_counts`.
    """
    return called(row, APP)


def subject_of_count(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a finding on an app that is counted is about.

    Args:
        row: Of the table `item_counts`.
    """
    return ("count", str(row["item"]), str(row["name"]))


def _plain(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.String).str.to_lowercase().str.replace_all(r"[^a-z0-9]", "")
