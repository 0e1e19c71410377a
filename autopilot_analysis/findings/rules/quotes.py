"""Errors that a text quotes and of which no record is there: pages of setup, windows of scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

import polars as pl
from msgspec.structs import replace

from autopilot_analysis import wording
from autopilot_analysis.codes import code_of
from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.quote_groups import (
    BARE,
    COMMAND,
    CONNECTOR_ANSWER,
    CONTRADICTED,
    DETAILS,
    DETECTION_DETAILS,
    EITHER_PHASE,
    HARDWARE_DETAILS,
    HASH,
    HASH_UPDATE,
    INSTALLED,
    INSTALLER_BUSY,
    NAMED_APP,
    PACKAGE,
    PACKAGE_LOG,
    PAGE,
    PORTAL,
    PORTAL_DETAILS,
    PORTAL_ITEM,
    PROGRESS,
    PROVIDER,
    PROVIDER_TIME,
    PROXY,
    REPORTED_AS_FAILED,
    REPORTED_DETECTION,
    SAID_TO_WORK,
    SETUP_COMMAND,
    SIGN_IN,
    SIGN_IN_POLICY,
    SIGN_IN_WORDS,
    SUCCEEDED,
    SYMPTOM,
    TOOLKIT,
    WENT_ON,
    WINGET,
)
from autopilot_analysis.facts.quotes import Kind, Quote, kinds, previous_step, reread
from autopilot_analysis.findings.looking import events_of, properties
from autopilot_analysis.findings.meaning import REGISTRATION
from autopilot_analysis.findings.rule import PROOF, SCENARIO_OF, no_proof, rule
from autopilot_analysis.findings.rules.connector import FAILED, NO_ADDRESS, OTHER, number_in_words, rule_of
from autopilot_analysis.findings.rules.network_tests import needing
from autopilot_analysis.findings.rules.page_parts import COUNTED
from autopilot_analysis.readers.texts.reported.quotes import SECTION
from autopilot_analysis.readers.texts.reported.reported_codes import REPORTED
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.story import SELF_DEPLOYING
from autopilot_analysis.tables.verdict import INFO

NEEDS = f"property={','.join(kind.kind for kind in kinds() if kind.rule)}"
SHOWN_AT = "page time"
"""The kind that tells when a page was shown."""
PART_FAILED = "PAGE-SETUP-FAILED"
"""The rule of a part of the status page that did not end well."""
TIMED_OUT = "PAGE-TIMED-OUT"
"""The rule of a page whose time ran out."""
LOOKED_UP = "part that the page still looks up"
"""The kind of a part of which the page does not know yet what it has to do."""
PORTAL_PHASE = "phase in the portal"
SKIPPED = "item skipped in the portal"
PORTAL_TIME = "time of a deployment in the portal"
"""The kinds of what the portal tells of a deployment."""
RETRIES = "attestation retries"
"""The kind that counts the tries to prove the device by its TPM."""
PROVES_BY_TPM = "PAGE-HARDWARE-FAILED"
"""The rule of the step that only devices have which prove themselves by their TPM."""
EITHER = "device setup or account setup"
"""What is said of a page that stops in the one phase or in the other."""
HEADING = 40
"""Characters of a line that is a heading of the page, and of no sentence about it."""
ITEMS = "items of the page"
"""The kind that counts how many items of a part are done."""
BESIDE_IT = {
    HASH: HASH_UPDATE,
    SIGN_IN_WORDS: SIGN_IN_POLICY,
    PROVIDER: PROVIDER_TIME,
    REPORTED_DETECTION: DETECTION_DETAILS,
    SAID_TO_WORK: REPORTED_AS_FAILED,
}
"""Groups whose finding is called after a line beside them, which is a proof of it too."""
BLOCKED = "HOST-BLOCKED-QUOTED"
"""The rule of hosts that are sent nowhere."""
HELLO = "Windows Hello"
"""The family of records by which Windows Hello says that its key was not registered."""
JOIN_FAILED = ["udr:204", "udr:304", "udr:305"]
"""Records of a join that failed; a code that one of them has is the join's."""
PAGE_OF = ["device", "member", "rule", "code"]
"""By what a page and the records around which it stands are one."""
SCENARIO_OF[PROVES_BY_TPM] = SELF_DEPLOYING


@rule("QUOTED-ERRORS", needs=NEEDS)
def quoted_errors(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Errors that a page of setup or the window of a script showed, each under the rule of its kind."""
    rows = properties(tables, r"\w").filter(pl.col("section") == SECTION)
    if rows.is_empty():
        return no_proof()
    rows = _without_reported(rows, tables)
    answers = [kind.kind for kind in kinds() if kind.group == CONNECTOR_ANSWER]
    if rows["name"].is_in(answers).any():
        recorded = events_of(tables, FAILED).select("device").unique()
        quoted = rows.filter(pl.col("name").is_in(answers)).join(recorded, on="device", how="semi")
        rows = rows.join(quoted, on=["device", "member", "record", "name"], how="anti", maintain_order="left")
    proofs = [
        row
        for _, of_text in rows.group_by("device", "member", maintain_order=True)
        for row in _of_text(of_text.to_dicts())
    ]
    return _quiet_beside_success(pl.DataFrame(proofs, schema=PROOF), trace) if proofs else no_proof()


def _quiet_beside_success(proofs: pl.DataFrame, trace: Trace) -> pl.DataFrame:
    """Make a symptom that somebody describes a note where the records show that the deployment went well."""
    symptoms = [kind.rule for kind in kinds() if kind.group == SYMPTOM]
    last = trace.attempts.sort("attempt").group_by("device").last().filter(pl.col("outcome") == "succeeded")
    quiet = pl.col("rule").is_in(symptoms) & pl.col("device").is_in(last["device"].implode())
    return proofs.with_columns(severity=pl.when(quiet).then(pl.lit(INFO)).otherwise("severity"))


def _without_reported(rows: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """Drop bare codes of which the same text says what they belong to."""
    bare = rows.filter(pl.col("name").is_in([kind.kind for kind in kinds() if kind.group == BARE]))
    if bare.is_empty():
        return rows
    reported = properties(tables, r"\w").filter(pl.col("section") == REPORTED)
    known = reported.select("device", "member", code=code_of(pl.col("value")))
    coded = bare.with_columns(code=code_of(pl.col("value")))
    over = coded.join(known, on=["device", "member", "code"], how="semi")
    return rows.join(over, on=["device", "member", "record", "name"], how="anti", maintain_order="left")


def with_code_of_page(tables: Tables, failures: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give records of Windows Hello without a code the one of the page that stands around them in their text.

    Some codes live in the join and in Windows Hello: the record says which of them the page was of.

    Args:
        tables: What `read_tables` returned.
        failures: Rows with device, member, rule, family and code.

    Returns:
        The rows with their codes, and the lines of such pages as rows of the same kind.
    """
    bare = failures.filter(pl.col("family") == HELLO, pl.col("code").is_null())
    if bare.is_empty():
        return failures, failures.clear()
    lines = properties(tables, r"\w").filter(pl.col("section") == SECTION).to_dicts()
    pages = [
        {**row, "page_code": _code(quote)}
        for row in lines
        for quote in [reread(row["name"], row["value"])]
        if quote.kind in _of_pages() and _code(quote) in _of_hello()
    ]
    shown = pl.DataFrame(
        pages,
        schema={
            "device": pl.String,
            "member": pl.String,
            "record": pl.Int64,
            "value": pl.String,
            "page_code": pl.String,
        },
    )
    joins = events_of(tables, JOIN_FAILED).select("device", page_code="code").drop_nulls()
    shown = shown.join(joins, on=["device", "page_code"], how="anti", maintain_order="left")
    one = shown.filter(pl.col("page_code").n_unique().over("device", "member") == 1)
    owned = one.join(bare.select("device", "member", "rule").unique(), on=["device", "member"])
    lenders = owned.select("device", "member", "rule", "page_code").unique()
    lent = pl.when(pl.col("family") == HELLO).then("page_code")
    coded = failures.join(lenders, on=["device", "member", "rule"], how="left", maintain_order="left")
    return (
        coded.with_columns(code=pl.coalesce("code", lent)).drop("page_code"),
        owned.select(*PAGE_OF[:-1], "record", code="page_code", detail="value"),
    )


@cache
def _of_pages() -> frozenset[str]:
    return frozenset(kind.kind for kind in kinds() if kind.group == PAGE)


@cache
def _of_hello() -> frozenset[str]:
    """Return the codes of the registration of a device that Windows Hello knows too."""
    codes = read_facts("codes").filter(pl.col("code").str.starts_with(REGISTRATION))
    return frozenset(codes.filter(pl.col("stage") == "desktop")["code"])


def waiting_parts(tables: Tables, named: str) -> pl.DataFrame:
    """Return the lines by which somebody wrote down that a page is at work on a part and not done with it.

    Args:
        tables: What `read_tables` returned.
        named: Pattern of the part's name.
    """
    of_progress = [kind.kind for kind in kinds() if kind.group == PROGRESS]
    rows = properties(tables, r"\w", named)
    return rows.filter(pl.col("section") == SECTION, pl.col("name").is_in(of_progress)).with_columns(
        detail="value"
    )


def _of_text(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the errors of one text: those of a group are one, called after the first."""
    known = {kind.kind: kind for kind in kinds()}
    read = [
        (row, known[row["name"]], reread(row["name"], row["value"])) for row in rows if row["name"] in known
    ]
    phase = _phase(read)
    shown_at = next((_instant(quote.item) for _, kind, quote in read if kind.kind == SHOWN_AT), None)
    of_group: dict[str, dict[str, Any]] = {}
    for _, kind, quote in read:
        if kind.rule and kind.rule != BLOCKED:
            of_page = kind.group in (PAGE, PROGRESS)
            named = rule_of(quote.item) if kind.rule == OTHER else kind.rule
            called = of_group.setdefault(
                _one_of(kind, quote),
                {
                    "rule": named,
                    "stage": kind.stage,
                    "at": shown_at if of_page or kind.group == SIGN_IN else None,
                },
            )
            called["code"] = called.get("code") or _code(quote)
            called["item"] = called.get("item") or quote.item or None
            if of_page and called["stage"] is None:
                called["stage"] = phase
    if PAGE in of_group and of_group[PAGE]["rule"] in (PART_FAILED, TIMED_OUT):
        part = of_group[PAGE]["item"] or _looked_up(read)
        stage = of_group[PAGE]["stage"]
        shown_in = EITHER if _either(read) else stage and wording.words(stage)
        of_group[PAGE]["item"] = ", ".join(filter(None, (shown_in, part))) or None
    of_hardware = PAGE in of_group and of_group[PAGE]["rule"] == PROVES_BY_TPM
    if of_hardware and (tries := [quote.item for _, kind, quote in read if kind.kind == RETRIES]):
        of_group[PAGE]["item"] = f"{of_group[PAGE]['item']}, at attestation retry {tries[-1]}"
    if WENT_ON in of_group and NAMED_APP in of_group:
        of_group[WENT_ON]["item"] = of_group[NAMED_APP]["item"]
        of_group[NAMED_APP] = of_group[WENT_ON]
    packages = [(row, quote) for row, kind, quote in read if kind.kind == PACKAGE]
    if WINGET in of_group:
        of_group[WINGET]["item"] = next((quote.item for _, quote in packages), None)
    ran = _ran_by_toolkit(read)
    if TOOLKIT in of_group:
        of_group[TOOLKIT]["item"] = ", run as ".join(quote.item for _, quote in ran) or None
    if CONTRADICTED in of_group:
        logged = [quote.item for _, quote in ran if quote.kind == PACKAGE_LOG]
        of_group[CONTRADICTED]["item"] = _all_items(read, CONTRADICTED) or next(iter(logged), None)
    if SIGN_IN in of_group and (app := _app_of(" ".join(row["value"] for row, _, _ in read))):
        of_group[SIGN_IN]["item"] = f"{of_group[SIGN_IN]['item']} ({app})"
    if PORTAL in of_group:
        of_group[PORTAL]["item"] = _of_portal(read)
    if PORTAL_ITEM in of_group:
        of_group[PORTAL_ITEM]["item"] = _all_items(read, PORTAL_ITEM)
    shown = {kind.group: f"{quote.item} {quote.exit}".strip() for _, kind, quote in reversed(read)}
    for group, other in BESIDE_IT.items():
        if group in of_group:
            of_group[group]["item"] = shown.get(other) or of_group[group]["item"]
    proxies = [(row, quote.item) for row, kind, quote in read if kind.group == PROXY]
    answered = of_group.get(CONNECTOR_ANSWER, {})
    if answered.get("rule") == NO_ADDRESS:
        answered["item"] = f"the proxy of its server is {proxies[0][1]}" if proxies else None
    elif answered:
        answered["item"] = number_in_words(answered["item"])
    for row, kind, quote in read:
        if kind.rule == BLOCKED:
            yield from _blocked(row, quote.item.lower())
        elif kind.rule:
            yield _row(row, of_group[_one_of(kind, quote)])
    if answered.get("rule") == NO_ADDRESS:
        yield from (_row(row, answered) for row, _ in proxies)
    for group, beside_it in ((TOOLKIT, ran), (WINGET, packages)):
        if group in of_group:
            yield from (_row(row, of_group[group]) for row, _ in beside_it)
    if CONTRADICTED in of_group:
        yield from (_row(row, of_group[CONTRADICTED]) for row, kind, _ in read if kind.kind == INSTALLED)
    if TOOLKIT in of_group:
        failed_at = max(row["record"] for row, kind, _ in read if kind.group == TOOLKIT)
        waits = [row for row, kind, _ in read if kind.kind == INSTALLER_BUSY and row["record"] < failed_at]
        yield from (_row(row, of_group[TOOLKIT]) for row in waits)
    if of_hardware:
        stated = [row for row, kind, _ in read if kind.group == HARDWARE_DETAILS]
        yield from (_row(row, of_group[PAGE]) for row in stated)
    for group, other in BESIDE_IT.items():
        if group in of_group:
            yield from (_row(row, of_group[group]) for row, kind, _ in read if kind.group == other)
    for group in {PORTAL_ITEM, PORTAL} & set(of_group):
        own = {PORTAL_ITEM: (SKIPPED,), PORTAL: (PORTAL_PHASE, PORTAL_TIME)}[group]
        yield from (_row(row, of_group[group]) for row, kind, _ in read if kind.kind in own)
    if PAGE in of_group:
        beside = [row for row, kind, quote in read if _of_server(kind) and not _all_done(kind, quote.item)]
        yield from (_row(row, of_group[PAGE]) for row in beside)


def _all_items(read: list[tuple[dict[str, Any], Kind, Quote]], group: str) -> str:
    """Return what the errors of a group name, each once."""
    items = (quote.item for _, kind, quote in read if kind.group == group and quote.item)
    return ", ".join(dict.fromkeys(items))


def _ran_by_toolkit(
    read: list[tuple[dict[str, Any], Kind, Quote]],
) -> list[tuple[dict[str, Any], Quote]]:
    """Return the app that the toolkit's log is called after, and the command that failed: the last above."""
    failed_at = min((row["record"] for row, kind, _ in read if kind.group == TOOLKIT), default=0)
    commands = [(row, quote) for row, kind, quote in read if kind.kind == COMMAND]
    above = [one for one in commands if one[0]["record"] < failed_at]
    alone = commands if len({quote.item for _, quote in commands}) == 1 else []
    logs = [(row, quote) for row, kind, quote in read if kind.kind == PACKAGE_LOG]
    shown = [(row, replace(quote, item=_in_short(quote.item))) for row, quote in (above[-1:] or alone[:1])]
    return [(row, replace(quote, item=quote.item.replace("_", " "))) for row, quote in logs[:1]] + shown


def _in_short(command: str) -> str:
    """Return a command line with the name alone of each program and file, which stand in long folders."""
    return re.sub(r'"?\b[A-Za-z]:\\[^"<>|\n]{0,300}\\([^"\\<>|\n]{1,120})"', r"\1", command)


def _one_of(kind: Kind, quote: Quote) -> str:
    """Return under what the errors of a text are one: their group, a symptom, or a thing with its rule."""
    if kind.group == SYMPTOM:
        return kind.rule
    return f"{kind.rule} {quote.item}" if kind.group in (SETUP_COMMAND, SUCCEEDED) else kind.group


def _either(read: list[tuple[dict[str, Any], Kind, Quote]]) -> bool:
    """Tell whether a text says that the page stops in the one phase or in the other, and shows neither."""
    return any(kind.kind == EITHER_PHASE for _, kind, _ in read) and not any(
        kind.phase for _, kind, _ in read
    )


def _phase(read: list[tuple[dict[str, Any], Kind, Quote]]) -> str | None:
    """Return the phase shown as failed, else the only one named, else the last heading above the error."""
    if failed := next((kind.phase for _, kind, _ in read if kind.phase), None):
        return failed
    if _either(read):
        return None
    phases = [
        (row["record"], hit.start(), kind.stage, row["value"])
        for row, kind, _ in read
        if kind.group == DETAILS and kind.stage and not kind.rule
        for hit in kind.pattern.finditer(row["value"])
        if previous_step().match(row["value"], hit.end()) is None
    ]
    if len({stage for _, _, stage, _ in phases}) == 1:
        return phases[0][2]
    errors = (
        (row["record"], hit.start())
        for row, kind, _ in read
        if kind.group == PAGE and (hit := kind.pattern.search(row["value"]))
    )
    error = min(errors, default=(0, 0))
    above = [
        (record, place, stage)
        for record, place, stage, line in phases
        if (record, place) < error and (len(line) <= HEADING or len(re.findall(COUNTED, line)) > 1)
    ]
    return max(above)[2] if above else None


def _of_portal(read: list[tuple[dict[str, Any], Kind, Quote]]) -> str | None:
    """Return in which phase and after which time a deployment ended, as the portal shows it."""
    shown = {kind.kind: quote.item for _, kind, quote in reversed(read) if kind.group == PORTAL_DETAILS}
    phase, time = shown.get(PORTAL_PHASE), shown.get(PORTAL_TIME)
    return ", ".join(filter(None, (phase, time and f"after {time}"))) or None


def _looked_up(read: list[tuple[dict[str, Any], Kind, Quote]]) -> str | None:
    """Return the one part that the page still looked up; None for several, which say nothing."""
    parts = {" ".join(quote.item.split()) for _, kind, quote in read if kind.kind == LOOKED_UP}
    return next(iter(parts)) if len(parts) == 1 else None


def _app_of(written: str) -> str | None:
    """Return the app of an enrolment or a join that a page names, by its name, its id or its address."""
    asked = read_facts("sign_in_apps").select("app", "app_id", "asked_by").iter_rows()
    return next(
        (
            app
            for app, number, asked_by in asked
            if app in written or number in written.lower() or (asked_by and re.search(asked_by, written))
        ),
        None,
    )


def _blocked(row: dict[str, Any], host: str) -> Iterator[dict[str, Any]]:
    """Yield a host that is sent nowhere, where a deployment needs it."""
    group = needing(host)
    if group:
        yield _row(row, {"rule": BLOCKED, "item": f"{host} ({group})"})


def _of_server(kind: Kind) -> bool:
    """Tell whether a line beside a page says what a server answered."""
    return kind.group == DETAILS and not kind.rule and kind.stage is None and kind.kind != SHOWN_AT


def _all_done(kind: Kind, counted: str) -> bool:
    """Tell whether a part of the page is done with all its items."""
    numbers = re.search(COUNTED, counted) if kind.kind == ITEMS else None
    return numbers is not None and int(numbers[1]) == int(numbers[2])


def _row(row: dict[str, Any], alike: dict[str, Any]) -> dict[str, Any]:
    place = {name: row[name] for name in ("device", "member", "record")}
    return dict.fromkeys(PROOF) | place | {"quote": row["value"]} | alike


def _code(quote: Quote) -> str | None:
    """Return the code of an error; an exit code is an installer's."""
    return code_of(quote.code) if quote.code else code_of(quote.exit or None, "exit")


def _instant(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written).astimezone(UTC)
    except ValueError:
        return None
