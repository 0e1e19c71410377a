"""What parts of the text of `dsregcmd` say: a check that reached nobody, AD FS, Hello, a join by hand."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.codes import code_of
from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.join_fields import (
    ALREADY_JOINED,
    CONTROLLER,
    CREDENTIAL,
    DEVICE_READY,
    DEVICE_TEST,
    ENDPOINT,
    ENTERPRISE_TOKEN,
    FAILED_LEAVE,
    FAILED_REFRESH,
    FAILED_STEP,
    HELLO_CHECK,
    HELLO_POLICY,
    HELLO_SET,
    HTTP_ERROR,
    HTTP_METHOD,
    JOIN_MESSAGE,
    JOIN_STATUS,
    KEYS_HEALTHY,
    PLACE,
    PRE_CHECK,
    REFUSED_JOIN,
    USER_READY,
    fields,
    in_entra,
    outputs,
)
from autopilot_analysis.findings.looking import NO_CONNECTION, events_of, properties
from autopilot_analysis.findings.rule import all_proofs, proof, rule
from autopilot_analysis.findings.rules.join import AUTOMATIC, DEBUG, unsaved_keys
from autopilot_analysis.findings.rules.join_state import JOINED, TOKEN_TRY, begun_code
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.verdict import INFO, WARNING

FAILED_WITH = r"(?i)^failed\.? *error:? *(0x[0-9a-f]{8})"
UNREACHABLE = "^0x[CD]000023[C-F]$"
"""NTSTATUS of a network, host, protocol or port that cannot be reached, bare or as an HRESULT."""
LINE_CODE = r"(0x[0-9A-Fa-f]{4,8})\b\.?$"
BARE_WININET = "(?i)^0x(2[ef][0-9a-f]{2})$"
"""An error of WinINet or WinHTTP as the token library writes it, without its family."""
TURNED = r"(?i)\bTry synchroni[sz]ed join\b"
"""How the command says that its federated try failed, and that the synchronised one follows."""
TURNED_WITH = rf"\b(0x[0-9A-Fa-f]{{4,8}})\. {TURNED}"
"""The code of that line, which wraps the one of the request for a token above it."""
ENTERPRISE = "(?i)enterprise DRS"
"""How the command calls the registration service of AD FS, which is not that of Entra."""
ATTEMPT = [CREDENTIAL, ENDPOINT, HTTP_METHOD, *TOKEN_TRY]
"""All that the command says of the last try at a token."""
REFUSED = r"^(?:4\d\d|invalid_\w+|unauthorized_\w+|access_denied)$"
FAILURES = ["join_failed", AUTOMATIC]
"""Marks of a join that failed in a record which says so to everybody."""
NO_CONTROLLER = r"(?i)\bDsGetDcName\b|\bdomain controller could not be\b"
"""How the check before a join says that it found no domain controller, in its lines or its sentence."""
BECAUSE = r"(?i)\bbecause\s+(.{1,200}?)\.?\s*$"
OF_AD_FS = r"(?i)/adfs(?:/|$)"


@rule("DEVICE-CHECK-UNREACHED", needs=f"property={DEVICE_TEST}")
def device_check_unreached(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices of which Entra could not be asked, as nobody was reached: that says nothing of their object."""
    tests = fields(tables, DEVICE_TEST, FAILED_WITH).with_columns(
        own=code_of(pl.col("value").str.extract(FAILED_WITH))
    )
    errors = fields(tables, HTTP_ERROR, r"\w").with_columns(code=begun_code())
    unreached = errors.filter(pl.col("code").str.contains(NO_CONNECTION))
    answers = unreached.group_by(PLACE).agg(beside=pl.col("code").first())
    met = tests.join(answers, on=PLACE, how="left", maintain_order="left").with_columns(
        code=pl.coalesce("beside", "own")
    )
    met = met.filter(pl.col("code").str.contains(f"{NO_CONNECTION}|{UNREACHABLE}"))
    return all_proofs([proof(met), proof(unreached.join(met, on=PLACE, how="semi"))])


def _phases(line: pl.Expr) -> pl.Expr:
    """Return the phase of the join that a line belongs to, the first in rank."""
    facts = read_facts("join_debug").sort(pl.col("rank").cast(pl.Int64)).select("pattern", "phase")
    named = [pl.when(line.str.contains(pattern)).then(pl.lit(phase)) for pattern, phase in facts.iter_rows()]
    return pl.coalesce(named)


def bare_code(written: pl.Expr) -> pl.Expr:
    """Return a code as the token library writes it; one of WinINet is given its family.

    Args:
        written: Such as 0x2ee7 or 0xcaa20003.
    """
    return code_of(written.str.replace(BARE_WININET, "0x8007$1"))


def failed_steps(tables: Tables) -> pl.DataFrame:
    """Return the lines of joins by hand that failed, with the phases of their tries and the last one's code.

    A try failed in the phase of its first line, with the code of its last. `enterprise` tells whether the
    command says that it asks the registration service of AD FS.
    """
    lines = fields(tables, FAILED_STEP, "0x").join(in_entra(tables), on=PLACE, how="anti")
    lines = lines.join(_not_begun(tables), on=PLACE, how="anti", maintain_order="left")
    value = pl.col("value")
    failed = (
        lines.with_columns(
            phase=_phases(value),
            code=bare_code(value.str.extract(LINE_CODE)),
            wrapped=bare_code(value.str.extract(TURNED_WITH)),
            turns=value.str.contains(TURNED).cast(pl.Int64),
        )
        .drop_nulls("phase")
        .sort(*PLACE, "record")
        .with_columns(run=pl.col("turns").cum_sum().over(PLACE) - pl.col("turns"))
    )
    runs = failed.group_by(*PLACE, "run", maintain_order=True).agg(
        phase=pl.col("phase").first(),
        code=pl.coalesce(pl.col("code").drop_nulls().last(), pl.col("wrapped").drop_nulls().last()),
        enterprise=value.str.contains(ENTERPRISE).any(),
    )
    phase, code = pl.col("phase"), pl.col("code")
    both = _federated(phase.first(), code.first(), phase.last())
    ended = runs.group_by(PLACE, maintain_order=True).agg(
        item=pl.when(pl.len() > 1).then(both).otherwise(phase.last()),
        code=code.last(),
        enterprise=pl.col("enterprise").any(),
    )
    steps = failed.drop("code").join(ended, on=PLACE, maintain_order="left")
    return steps.join(_joined_after_all(tables, failed), on=PLACE, how="anti", maintain_order="left")


def _federated(phase: pl.Expr, code: pl.Expr, then: pl.Expr) -> pl.Expr:
    """Return in words in which phase the federated try failed, and in which the synchronised one after it."""
    return pl.format("{} (federated try{}), then {}", phase, pl.format(", {}", code).fill_null(""), then)


def _joined_after_all(tables: Tables, failed: pl.DataFrame) -> pl.DataFrame:
    """Return the outputs whose synchronised try, behind a federated one, was answered well."""
    last = failed.group_by(PLACE).agg(pl.col("record").last(), turned=pl.col("turns").last() == 1)
    answers = fields(tables, JOIN_STATUS, r"^2\d\d\b").select(*PLACE, answered="record")
    well = answers.join(last.filter("turned"), on=PLACE).filter(pl.col("answered") > pl.col("record"))
    return well.select(PLACE).unique()


@rule("JOIN-DEBUG-FAILED", needs=f"property={FAILED_STEP} | event={','.join(DEBUG)}")
def join_debug_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Joins that failed, in the phase whose line failed first, with the code and the answer of the last try.

    The lines are those of the command, or records of the debug log where nothing else tells of the join.
    """
    steps = failed_steps(tables).filter(~pl.col("enterprise"))
    last = steps.select(*PLACE, "item", "code").unique(PLACE)
    answers = fields(tables, JOIN_MESSAGE, r"\w").join(last, on=PLACE, maintain_order="left")
    records = _debug_records(tables, trace)
    parts = [steps, answers, records, unsaved_keys(tables, records)]
    return all_proofs([proof(rows) for rows in parts])


def _debug_records(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the last failure in the debug log of each device of which no other record tells a join."""
    phase = _phases(pl.col("detail"))
    notes = events_of(tables, DEBUG).drop_nulls("code").with_columns(item=phase).drop_nulls("item")
    ended = trace.marks.filter(pl.col("mark").is_in([*JOINED, *FAILURES]))
    known = [frame.select("device") for frame in (trace.attempts, ended, in_entra(tables))]
    alone = notes.join(pl.concat(known), on="device", how="anti", maintain_order="left")
    return alone.sort("at", maintain_order=True).unique("device", keep="last", maintain_order=True)


def _not_begun(tables: Tables) -> pl.DataFrame:
    """Return the outputs in which the check before a join refused it, those of joined devices apart."""
    refused = outputs(tables, PRE_CHECK, "(?i)^do ?not ?join"), outputs(tables, REFUSED_JOIN, r"\w")
    joined = outputs(tables, ALREADY_JOINED, "(?i)^yes"), in_entra(tables)
    return pl.concat(refused).unique().join(pl.concat(joined), on=PLACE, how="anti")


def _without_controller(tables: Tables) -> pl.DataFrame:
    """Return such outputs in which no domain controller was found."""
    signs = (
        outputs(tables, CONTROLLER, "(?i)^no"),
        outputs(tables, [FAILED_STEP, REFUSED_JOIN], NO_CONTROLLER),
    )
    return _not_begun(tables).join(pl.concat(signs), on=PLACE, how="semi")


@rule("JOIN-NO-CONTROLLER", needs=f"property={PRE_CHECK},{REFUSED_JOIN}")
def join_without_controller(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Hybrid joins that did not begin, since the check before them found no domain controller."""
    steps = fields(tables, FAILED_STEP, NO_CONTROLLER).with_columns(
        code=bare_code(pl.col("value").str.extract(LINE_CODE))
    )
    codes = steps.group_by(PLACE, maintain_order=True).agg(pl.col("code").drop_nulls().last())
    parts = [
        fields(tables, REFUSED_JOIN, r"\w"),
        fields(tables, CONTROLLER, "(?i)^no"),
        fields(tables, PRE_CHECK, r"\w"),
        steps.drop("code"),
    ]
    met = (part.join(_without_controller(tables), on=PLACE, how="semi") for part in parts)
    return all_proofs([proof(part.join(codes, on=PLACE, how="left", maintain_order="left")) for part in met])


@rule("JOIN-NOT-BEGUN", needs=f"property={PRE_CHECK},{REFUSED_JOIN}")
def join_not_begun(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Hybrid joins that did not begin for another reason, with the reason that the check gives."""
    whose = _not_begun(tables).join(_without_controller(tables), on=PLACE, how="anti")
    sentences = fields(tables, REFUSED_JOIN, r"\w").with_columns(item=pl.col("value").str.extract(BECAUSE))
    keys = fields(tables, KEYS_HEALTHY, "(?i)^no").with_columns(
        item=pl.lit("the device's keys are not healthy")
    )
    reasons = pl.concat([rows.select(*PLACE, "item") for rows in (sentences, keys)])
    first = reasons.group_by(PLACE, maintain_order=True).agg(pl.col("item").drop_nulls().first())
    parts = [fields(tables, PRE_CHECK, r"\w"), sentences.drop("item"), keys.drop("item")]
    met = (part.join(whose, on=PLACE, how="semi", maintain_order="left") for part in parts)
    return all_proofs([proof(part.join(first, on=PLACE, how="left", maintain_order="left")) for part in met])


def _of_command(tables: Tables, name: str) -> pl.DataFrame:
    """Return the lines by which a command says that it failed, with the code of the last."""
    lines = fields(tables, name, "0x").with_columns(code=bare_code(pl.col("value").str.extract(LINE_CODE)))
    last = lines.group_by(PLACE, maintain_order=True).agg(pl.col("code").drop_nulls().last())
    return proof(lines.drop("code").join(last, on=PLACE, maintain_order="left"))


@rule("LEAVE-FAILED", needs=f"property={FAILED_LEAVE}")
def leave_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices that `dsregcmd /leave` did not take out of Entra ID."""
    return _of_command(tables, FAILED_LEAVE)


@rule("TOKEN-REFRESH-FAILED", needs=f"property={FAILED_REFRESH}")
def token_refresh_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Users for whom `dsregcmd /refreshprt` got no new token."""
    return _of_command(tables, FAILED_REFRESH)


def _adfs_attempt(tables: Tables) -> pl.DataFrame:
    """Return what the command says of the last try at a token of AD FS, in whose part it stands."""
    without = fields(tables, ENTERPRISE_TOKEN, "(?i)^no").select(*PLACE, from_record="record")
    tries = fields(tables, ATTEMPT, r"\w").join(without, on=PLACE, maintain_order="left")
    asked = tries.filter(pl.col("value").str.contains(OF_AD_FS)).select(PLACE).unique()
    behind = pl.col("record") > pl.col("from_record")
    return tries.filter(behind).join(asked, on=PLACE, how="semi", maintain_order="left")


@rule("ENTERPRISE-TOKEN-REFUSED", needs=f"property={ENTERPRISE_TOKEN}")
def enterprise_token_refused(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Users whom AD FS refused an enterprise token, in its own words."""
    tries = _adfs_attempt(tables)
    refused = tries.filter(pl.col("value").str.contains(REFUSED)).select(PLACE).unique()
    return proof(tries.join(refused, on=PLACE, how="semi", maintain_order="left"))


@rule("HELLO-WILL-NOT-PROVISION", needs=f"property={HELLO_CHECK}")
def hello_will_not_provision(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Users of joined devices whom policy gives Windows Hello, with each prerequisite that is not met."""
    refused = fields(tables, HELLO_CHECK, "(?i)^willnotprovision")
    for name in (HELLO_POLICY, DEVICE_READY, USER_READY):
        refused = refused.join(outputs(tables, name, "(?i)^yes"), on=PLACE, how="semi")
    refused = refused.join(outputs(tables, HELLO_SET, "(?i)^yes"), on=PLACE, how="anti")
    facts = read_facts("hello_prerequisites").select(
        "words", harms=pl.col("harms") == "yes", key=pl.col("field").str.to_lowercase()
    )
    unmet = properties(tables, r"\w", "(?i)^no").with_columns(key=pl.col("name").str.to_lowercase())
    reasons = unmet.join(facts, on="key", maintain_order="left").join(refused, on=PLACE, how="semi")
    unmet_of = reasons.group_by(PLACE, maintain_order=True).agg(
        item=pl.col("words").str.join("; "), harms=pl.col("harms").any()
    )
    severity = pl.when("harms").then(pl.lit(WARNING)).otherwise(pl.lit(INFO))
    both = pl.concat([refused.select(*PLACE, "record", "detail"), reasons.select(*PLACE, "record", "detail")])
    return proof(both.join(unmet_of, on=PLACE, maintain_order="left").with_columns(severity=severity))
