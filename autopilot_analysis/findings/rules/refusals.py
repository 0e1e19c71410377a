"""What a service or a component refused during deployment, in its own words, and what that rules out."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.chips import chip_name
from autopilot_analysis.findings.looking import (
    COMMAND_REFUSED,
    events_of,
    in_attempts,
    marks_in,
    properties,
    registry,
    unwell,
    with_quote,
)
from autopilot_analysis.findings.meaning import UNPROVED
from autopilot_analysis.findings.rule import NEVER, all_proofs, no_proof, proof, rule
from autopilot_analysis.readers.texts.reported.quotes import SECTION
from autopilot_analysis.tables import Tables, Trace

HARDWARE = ["device_preparation", "entra_join"]
"""Stages in which a device shows what its TPM is."""
AIK_OUTPUT = r"(?i)certreq[^/]*aik"
"""Name of the member that holds what the enrolment of an attestation key printed."""
BARE_ANSWER = "TPM-ANSWER"
"""The rule of an answer that says no more than no: whose chip it was about belongs to it."""
FROM_THE_SERVER = "server"
"""Begins the section of what a server answered in a text of another name, such as a mail."""
_OF_A_REQUEST = pl.col("member").str.contains(AIK_OUTPUT) | pl.col("section").str.starts_with(FROM_THE_SERVER)
WEB_PAGE = r"(?i)^<(?:!doctype )?html\b"
"""How a page begins that a proxy or a firewall answers with: the service itself answers in JSON."""
NOT_SUPPORTED = "0x80070032"
RESET_ORDER = r"(?i)/RemoteWipe/AutomaticRedeployment/doAutomaticRedeployment"
WIPE_ORDER = r"(?i)/RemoteWipe/(do\w*Wipe\w*)"
ORDERS = r"(?i)/RemoteWipe/(?:AutomaticRedeployment/doAutomaticRedeployment|do\w*Wipe)"
RESET_PAGE = "reset stopped"
"""The kind of the page that says that a reset was stopped, in facts/quotes.csv."""
REAGENTC, OFF, NOT_FOUND = "reagentc", "Disabled", "not found"
"""The command, and what it says against the recovery environment, in facts/command_outputs.csv."""
COMMANDS = ["dm:400", COMMAND_REFUSED]
"""Events by which Windows tells of a command of the management service that it could not carry out."""
FINISHED = r"(?i)/FirstSyncStatus/ServerHasFinishedProvisioning"


def _failed_in(trace: Trace, stages: list[str]) -> pl.DataFrame:
    """Return the attempts that failed or never ended in one of some stages."""
    failed = unwell(trace).filter(pl.col("failed_stage").is_in(stages))
    return failed.select("device", "attempt")


def _answered(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows whose answer facts/attestation_answers.csv knows, under the rule it names."""
    known = read_facts("attestation_answers")
    matched = [
        rows.filter(pl.col("detail").str.contains(pattern)).with_columns(rule=pl.lit(name))
        for pattern, name in known.select("pattern", "rule").iter_rows()
    ]
    once = ["device", "member", "record", "detail"]
    return pl.concat(matched).unique(once, keep="first", maintain_order=True)


def attestation_messages(tables: Tables) -> pl.DataFrame:
    """Return what the attestation service answered, as the enrolment of a key printed it.

    Args:
        tables: What `read_tables` returned.
    """
    return properties(tables, r"^message$", r"\w").filter(_OF_A_REQUEST)


def _pages(tables: Tables) -> pl.DataFrame:
    """Return the web pages that came in place of an answer, by the line in which each begins."""
    return properties(tables, r"^text$", WEB_PAGE).filter(_OF_A_REQUEST)


@rule("ATTESTATION-ANSWERS", needs="attempt=failed,unfinished | property=message,text")
def attestation_answers(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Answers of the attestation and the join service about a TPM: an attempt failed on it or none is."""
    messages = pl.concat([attestation_messages(tables), _pages(tables)]).with_columns(at=NEVER)
    refused = events_of(tables, ["udr:204"])
    if messages.is_empty() and refused.is_empty():
        return no_proof()
    failed = _failed_in(trace, HARDWARE)
    alone = messages.join(trace.attempts, on="device", how="anti").with_columns(
        attempt=pl.lit(None, trace.attempts.schema["attempt"])
    )
    undated = pl.concat([messages.join(failed, on="device"), alone], how="diagonal")
    undated = undated.with_columns(quote=pl.struct(Message="value").struct.json_encode())
    joining = in_attempts(refused, trace).with_columns(quote="detail")
    joining = joining.join(failed, on=["device", "attempt"], how="semi")
    columns = ["device", "attempt", "member", "record", "at", "detail", "quote"]
    answers = pl.concat([undated.select(columns), joining.select(columns)])
    if answers.is_empty():
        return no_proof()
    answered = _answered(answers)
    chips = tables.devices.select("device", chip=chip_name())
    both = [answered, _failed_by(tables, trace, answered)]
    named = pl.concat(both, how="diagonal").join(chips, on="device", how="left", maintain_order="left")
    of_chip = pl.when(pl.col("rule") == BARE_ANSWER).then("chip")
    return proof(named, pl.col("quote"), of_chip)


def _failed_by(tables: Tables, trace: Trace, answered: pl.DataFrame) -> pl.DataFrame:
    """Return the failures of attestation that have the very code beside which an answer was printed.

    They date the answer: without one, that it belongs to the attempt is inferred.
    """
    codes = properties(tables, "^code$", r"\w").select("device", "member", code="value").unique()
    printed = answered.filter(pl.col("at").is_null()).drop("code", strict=False)
    printed = printed.select("device", "attempt", "member", "rule").join(codes, on=["device", "member"])
    key = ["device", "attempt", "code"]
    same = printed.select(*key, "rule").unique(key, keep="first", maintain_order=True)
    return marks_in(trace, UNPROVED).join(same, on=key).with_columns(quote="detail")


def _resets(tables: Tables) -> pl.DataFrame:
    """Return the resets and wipes that Windows refused, as its records or a person tell."""
    orders = events_of(tables, COMMANDS).filter(pl.col("data").str.contains(ORDERS))
    quoted = properties(tables, RESET_PAGE).filter(pl.col("section") == SECTION)
    return pl.concat([orders, quoted], how="diagonal")


def _recovery(tables: Tables) -> pl.DataFrame:
    """Return what reagentc said against the recovery environment, with missing: whether its image is."""
    outputs = tables.properties.filter(pl.col("section") == REAGENTC)
    last = outputs.unique(["device", "member", "name"], keep="last", maintain_order=True)
    against = last.filter(pl.col("value").is_in([OFF, NOT_FOUND]))
    return with_quote(against).with_columns(missing=(pl.col("value") == NOT_FOUND).any().over("device"))


def _without_recovery(tables: Tables, *, missing: bool) -> list[pl.DataFrame]:
    """Return refused resets of devices whose recovery environment is off, and what shows that it is."""
    resets = _resets(tables)
    shown = _recovery(tables).filter(pl.col("missing") == missing)
    shown = shown.join(resets, on="device", how="semi")
    return [proof(resets.join(shown, on="device", how="semi")), proof(shown)]


RESETS = f"event={','.join(COMMANDS)} | property={RESET_PAGE}"
"""What a rule needs that is about resets."""


@rule("RESET-REFUSED", needs=RESETS)
def reset_refused(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Resets refused for want of the recovery environment: as not supported, or reagentc says so."""
    missing = _recovery(tables).filter("missing").select("device")
    orders = events_of(tables, [COMMAND_REFUSED]).filter(pl.col("data").str.contains(RESET_ORDER))
    refused = orders.filter(pl.col("code") == NOT_SUPPORTED).join(missing, on="device", how="anti")
    shown = _without_recovery(tables, missing=False)
    return all_proofs([proof(refused), *shown]).unique(maintain_order=True)


@rule("RESET-NO-IMAGE", needs=RESETS)
def reset_without_image(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Resets that Windows refused, of devices on which reagentc does not find the recovery image."""
    return all_proofs(_without_recovery(tables, missing=True))


@rule("WIPE-REFUSED", needs=f"event={','.join(COMMANDS)}")
def wipe_refused(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Orders of a remote wipe that Windows did not carry out."""
    asked = events_of(tables, COMMANDS).with_columns(item=pl.col("data").str.extract(WIPE_ORDER))
    return proof(asked.drop_nulls("item"))


@rule("PROVISIONING-END-REFUSED", needs=f"attempt=failed,unfinished; event={COMMAND_REFUSED}")
def end_of_provisioning_refused(tables: Tables, trace: Trace) -> pl.DataFrame:
    """The server's message that provisioning is finished, refused in attempts that ran out of time."""
    failed = _failed_in(trace, ["device_setup", "account_setup"])
    refused = events_of(tables, [COMMAND_REFUSED]).filter(pl.col("data").str.contains(FINISHED))
    placed = in_attempts(refused, trace).join(failed, on=["device", "attempt"], how="semi")
    waiting = registry(tables, r"\\firstsync(?:\\|$)", "^serverhasfinishedprovisioning$").filter(
        pl.col("value") == "0"
    )
    attempts = placed.group_by("device").agg(pl.col("attempt").first(), pl.col("code").first())
    return all_proofs([proof(placed), proof(waiting.join(attempts, on="device"))])
