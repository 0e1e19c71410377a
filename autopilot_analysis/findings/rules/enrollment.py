"""MDM enrolment: what the server refused, and what broke on the way."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.codes import code_of, explain
from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.marks import ENROLLMENT_FAILED
from autopilot_analysis.findings.join_fields import IN_DOMAIN, MANAGED_AT, PLACE, fields, in_entra, outputs
from autopilot_analysis.findings.looking import (
    NO_CONNECTION,
    RECORD,
    SESSION_ENDED,
    SESSION_UNREACHED,
    SESSIONS_IN_VAIN,
    events_of,
    failed_runs,
    in_attempts,
    marks_in,
    once,
    properties,
    undated_failures,
    unwell,
)
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.findings.rules.agent import counted_proofs
from autopilot_analysis.findings.rules.page_waits import ATTEMPT
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.verdict import ERROR

NEEDS_SESSIONS = ["device_preparation", "device_setup", "account_setup"]
"""Stages in which everything comes by sessions with the management service."""
PROXY = "proxy"
"""What a remedy names that sends one to the proxy."""
FORBIDDEN = "forbidden by its access permissions"
"""How Windows Sockets says that the device itself refused a connection."""
AGENT_UNREACHED = (
    r"(?i)unable to connect to the remote server|remote name could not be resolved|"
    f"{FORBIDDEN}"
)
"""How .NET, in which the Intune agent is written, says that a server was not reached."""
SERVER_FAULT = "dm:52"
"""The event that holds what the management service answered as a fault."""
DOCUMENT_UNREAD = "dm:56"
"""The event that names the part of the service's settings that the device could not take at enrolment."""
SUBCODE = r"(?:Message1\"\s*:\s*\"|Subcode/Value=\()(?:\w+:)?(\w+)"
"""Where such an event holds by which name the service calls its fault."""
OF_ENROLLMENT = "0x8018"
"""How the codes begin that stand for answers of the management service to an enrolment."""
REFUSED = "refused"
EMPTY = f"{MANAGED_AT}: (empty)"
"""How the line of the join state is quoted that names no MDM service."""
FAILURES_APART = timedelta(minutes=1)
"""Records of one failure lie closer together; the task that enrols by itself waits longer than that."""


def _failures(trace: Trace, answer: str | None) -> pl.DataFrame:
    """Return enrolments that failed with a code of one answer; None: with any code that is no answer.

    Where the service itself answered with a fault just before, that is the code (`code`), unless Windows' own
    (`written_code`) is a refusal already.
    """
    return _answered(trace).filter(pl.col("answer").eq_missing(answer)).drop("answer", "fault_code")


@once
def _answered(trace: Trace) -> pl.DataFrame:
    """Return the enrolments that failed, each with the code that counts and the answer it stands for."""
    answers = read_facts("enrollment_answers").select("code", "answer")
    runs = failed_runs(trace, ["mdm_enrollment"]).with_columns(written_code="code")
    refused = answers.filter(pl.col("answer") == REFUSED)["code"]
    by_fault = pl.when(pl.col("code").is_in(refused.implode()).fill_null(value=False)).then("code")
    coded = runs.join(_fault_before(trace, runs), on=RECORD, how="left", maintain_order="left")
    coded = coded.with_columns(code=pl.coalesce(by_fault, "fault_code", "code"))
    judged = coded.join(answers, on="code", how="left", maintain_order="left")
    says_no = read_facts("fault_subcodes").filter(pl.col("answer") == REFUSED)["code"]
    by_service = (pl.col("code") == pl.col("fault_code")) & pl.col("code").is_in(says_no.implode())
    return judged.with_columns(pl.when(by_service).then(pl.lit(REFUSED)).otherwise("answer").alias("answer"))


def _fault_before(trace: Trace, runs: pl.DataFrame) -> pl.DataFrame:
    """Return for failed enrolments the code of the service's fault right before each, as fault_code."""
    faults = with_fault_code(marks_in(trace, ["enrollment_server_fault"])).drop_nulls("fault_code")
    ends = runs.select(*ATTEMPT, "member", "record", failed_at="at")
    of_attempt = faults.select(*ATTEMPT, "at", "fault_code").join(ends, on=ATTEMPT, maintain_order="left")
    before = (pl.col("failed_at") - pl.col("at")).is_between(timedelta(), FAILURES_APART)
    near = of_attempt.filter(before.fill_null(value=True), pl.col("record").is_not_null())
    unnamed = _undated_pairs(trace).filter(pl.col("written_code").is_null()).drop("record")
    undated = unnamed.rename({"ended_record": "record"}).drop_nulls("fault_code")
    columns = [*RECORD, "fault_code"]
    both = pl.concat([near.select(columns), undated.select(columns)])
    return both.group_by(RECORD, maintain_order=True).agg(pl.col("fault_code").last())


def _undated_pairs(trace: Trace) -> pl.DataFrame:
    """Return the service's faults without a time, each with the failure without one that it belongs to.

    `ended_record` and `written_code` are of the failure. A fault belongs to that of its own code in the same
    text, or, where one of the two names no code, to failures that are all alike; two reasons for one code
    decide nothing.
    """
    text = ["device", "member"]
    undated = marks_in(trace, ["enrollment_server_fault"]).filter(pl.col("at").is_null())
    faults = with_fault_code(undated).filter(pl.col("detail").n_unique().over(*text, "fault_code") == 1)
    ends = (
        undated_failures(trace)
        .filter(pl.col("stage") == "mdm_enrollment")
        .select(
            *text, ended_record="record", written_code="code", alone=pl.col("code").n_unique().over(text) == 1
        )
    )
    unnamed = pl.col("written_code").is_null() | pl.col("fault_code").is_null()
    same = (pl.col("written_code") == pl.col("fault_code")).fill_null(value=False)
    return faults.join(ends, on=text, maintain_order="left").filter(same | (pl.col("alone") & unnamed))


def with_fault_code(faults: pl.DataFrame) -> pl.DataFrame:
    """Return faults of the management service with the code that each stands for (`fault_code`), or null.

    The subcode says it; where that is none that is known, the words of the service do.
    """
    subcode = pl.col("detail").str.extract(SUBCODE)
    facts = read_facts("fault_subcodes")
    named = subcode.replace_strict(facts["subcode"], facts["code"], default=None, return_dtype=pl.String)
    words = read_facts("answer_words").filter(pl.col("code").str.starts_with(OF_ENROLLMENT))
    by_words = [
        pl.when(pl.col("detail").str.contains(pattern)).then(pl.lit(code))
        for code, pattern in words.select("code", "pattern").iter_rows()
    ]
    return faults.with_columns(fault_code=pl.coalesce(named, *by_words))


def _server_words(trace: Trace, runs: pl.DataFrame) -> pl.DataFrame:
    """What the server itself said in those attempts, under the code of the refusal."""
    codes = runs.select("device", "attempt", refusal="code").unique(["device", "attempt"], keep="first")
    faults = marks_in(trace, ["enrollment_server_fault"]).join(codes, on=["device", "attempt"])
    ends = runs.select("device", "member", ended_record="record", refusal="code")
    pairs = _undated_pairs(trace).join(ends, on=["device", "member", "ended_record"], maintain_order="left")
    undated = pairs.unique(RECORD, keep="first", maintain_order=True).select(faults.columns)
    return pl.concat([faults, undated]).with_columns(code="refusal")


def _repeated(trace: Trace, runs: pl.DataFrame) -> pl.DataFrame:
    """Return the failures of the same code that came after those of attempts, up to the next enrolment.

    The task that enrols a joined device by itself tries for days and begins no attempt.
    """
    known = runs.filter(pl.col("at").is_not_null(), pl.col("written_code").is_not_null())
    since = known.select("device", "attempt", "code", "written_code", since="at")
    own = trace.marks.filter(pl.col("mark") == ENROLLMENT_FAILED).join(
        runs, on=["device", "member", "record"], how="anti"
    )
    same = own.rename({"code": "written_code"}).join(since, on=["device", "written_code"])
    later = same.filter(pl.col("at") > pl.col("since"))
    nearest = later.sort("since").unique(["device", "member", "record"], keep="last", maintain_order=True)
    enrolled = trace.marks.filter(pl.col("mark") == "enrolled").select("device", enrolled_at="at")
    between = nearest.join(enrolled, on="device").filter(
        pl.col("enrolled_at").is_between(pl.col("since"), pl.col("at"))
    )
    return nearest.join(between, on=["device", "member", "record"], how="anti").sort("at")


def _document(tables: Tables, runs: pl.DataFrame) -> pl.DataFrame:
    """Return the records of settings that a device could not take, under the code of a failure."""
    unread = events_of(tables, [DOCUMENT_UNREAD])
    unread = unread.with_columns(code=pl.coalesce("code", code_of(pl.col("detail"))))
    codes = runs.select("device", "attempt", "code").drop_nulls("code").unique(["device", "code"])
    return unread.join(codes, on=["device", "code"], maintain_order="left")


def _proxies(tables: Tables, runs: pl.DataFrame) -> pl.DataFrame:
    """Return the proxy of the system account, under each code whose remedy is to look at it."""
    codes = runs.select("device", "code").drop_nulls().unique(maintain_order=True)
    of_proxies = [code for code in codes["code"].unique() if PROXY in (explain(code).remedy or "").lower()]
    way = properties(tables, "^proxy server$", r"\w")
    return way.join(codes.filter(pl.col("code").is_in(of_proxies)), on="device", maintain_order="left")


def _proofs(tables: Tables, trace: Trace, runs: pl.DataFrame) -> pl.DataFrame:
    """Return failed enrolments, what the server said, and how often one came that was tried on and on."""
    if runs.is_empty():
        return no_proof()
    again = _repeated(trace, runs)
    parts = [runs, again, _server_words(trace, runs), _document(tables, runs), _proxies(tables, runs)]
    proofs = all_proofs([proof(rows) for rows in parts])
    failures = pl.concat([proof(runs), proof(again)]).sort("at")
    kind = ["device", "code"]
    new = (pl.col("at").diff().over(kind) >= FAILURES_APART).fill_null(value=True)
    tries = (
        failures.filter(pl.col("at").is_not_null() & new)
        .group_by(kind)
        .agg(
            number=pl.len(),
            runs=pl.col("attempt").n_unique(),
            first=pl.col("at").min(),
            last=pl.col("at").max(),
        )
    )
    often = tries.filter(pl.col("number") >= SESSIONS_IN_VAIN, pl.col("number") > pl.col("runs"))
    items = [wording.times(*row) for row in often.select("number", "first", "last").iter_rows()]
    named = often.select(kind).with_columns(item=pl.Series(items, dtype=pl.String))
    return proofs.drop("item").join(named, on=kind, how="left", maintain_order="left").select(proofs.columns)


@rule("MDM-ENROLLMENT-REFUSED", needs="failed=mdm_enrollment")
def refused(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts that the management service turned away, with what it said."""
    return _proofs(tables, trace, _failures(trace, REFUSED))


@rule("MDM-NOT-CONFIGURED", needs=f"failed=mdm_enrollment | property={MANAGED_AT}")
def not_configured(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts for which the tenant names no MDM service, or more than one.

    A device that joined and never asked to enrol has no failure to show; its join state names no address.
    """
    return all_proofs(
        [
            _proofs(tables, trace, _failures(trace, "not_configured")),
            proof(_no_address(tables, trace), quote=pl.lit(EMPTY)),
        ]
    )


@once
def _empty_address(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the empty MDM address of joined devices that never came to enrol, and are not enrolled.

    A device that another output names an address to was put into the scope, or out of it, meanwhile.
    """
    empty = fields(tables, MANAGED_AT, r"^\s*-?\s*$").join(in_entra(tables), on=PLACE, how="semi")
    managed = tables.devices.filter(pl.col("enrolled").fill_null(value=False)).select("device")
    asked = trace.stage_runs.filter(pl.col("stage") == "mdm_enrollment", pl.col("outcome") != "skipped")
    given = fields(tables, MANAGED_AT, r"(?i)^\s*https?:").select("device")
    not_so = pl.concat([managed, asked.select("device"), given])
    return empty.join(not_so, on="device", how="anti")


def _join_seen(trace: Trace) -> pl.DataFrame:
    """Return the last attempts of devices, where they joined."""
    last = trace.attempts.group_by("device").agg(pl.col("attempt").max())
    went = trace.stage_runs.filter(pl.col("stage") == "entra_join", pl.col("outcome") == "succeeded")
    return last.join(went, on=["device", "attempt"], how="semi")


def _no_address(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Return the empty MDM address of joined devices whose last attempt joined and never came to enrol."""
    return _empty_address(tables, trace).join(_join_seen(trace), on="device")


@rule("MDM-ADDRESS-EMPTY", needs=f"property={MANAGED_AT}")
def address_empty(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices joined to Entra ID alone whose join state names no MDM service, and no attempt tells more.

    A computer of a domain may be enrolled another way, by group policy or ConfigMgr, with an empty address.
    """
    alone = _empty_address(tables, trace).join(outputs(tables, IN_DOMAIN, "(?i)^yes"), on=PLACE, how="anti")
    return proof(alone.join(_join_seen(trace), on="device", how="anti"), quote=pl.lit(EMPTY))


@rule("MDM-UNREACHABLE", needs=f"attempt=failed,unfinished; event={SESSION_UNREACHED},{SESSION_ENDED}")
def no_session(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Sessions of an attempt that failed after enrolment which never reached the management service.

    A session says so by a record of its own, or by the code with which it ended. What the Intune agent wrote
    of connections in vain since stands beside them.
    """
    late = unwell(trace).filter(pl.col("failed_stage").is_in(NEEDS_SESSIONS)).select(ATTEMPT)
    over = trace.attempts.select(*ATTEMPT, over_at="ended_at").join(late, on=ATTEMPT, how="semi")
    tried = in_attempts(events_of(tables, [SESSION_UNREACHED, SESSION_ENDED]), trace).join(over, on=ATTEMPT)
    in_time = tried.filter((pl.col("at") <= pl.col("over_at")).fill_null(value=True))
    lost = in_time.filter(pl.col("code").fill_null("").str.contains(NO_CONNECTION))
    if lost.is_empty():
        return no_proof()
    ended = in_attempts(events_of(tables, [SESSION_ENDED]), trace).filter(pl.col("code").is_null())
    good = ended.group_by(ATTEMPT).agg(good_at=pl.col("at").max())
    since = lost.join(good, on=ATTEMPT, how="left", maintain_order="left").filter(
        (pl.col("at") > pl.col("good_at")).fill_null(value=True)
    )
    enough = pl.len().over(*ATTEMPT, "key") >= SESSIONS_IN_VAIN
    vain = since.filter(enough.any().over(ATTEMPT))
    return all_proofs([proof(vain), counted_proofs(_of_agent(tables, trace, vain), pl.col("message"))])


def _of_agent(tables: Tables, trace: Trace, vain: pl.DataFrame) -> pl.DataFrame:
    """Return the agent's lines about connections in vain since the first of an attempt's sessions in vain."""
    began = vain.group_by(ATTEMPT, maintain_order=True).agg(
        since=pl.col("at").min(), over=pl.col("over_at").first()
    )
    wrong = pl.col("severity") == ERROR
    lines = tables.log_lines.filter(wrong, pl.col("message").str.contains(AGENT_UNREACHED))
    placed = in_attempts(lines.drop_nulls("at"), trace).join(began, on=ATTEMPT).drop("severity")
    in_time = (pl.col("at") <= pl.col("over")).fill_null(value=True)
    return placed.filter(pl.col("at") >= pl.col("since"), in_time).sort("at")


@rule("MDM-ENROLLMENT-FAILED", needs="failed=mdm_enrollment")
def failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Attempts whose enrolment broke for another reason than the service's refusal, with what it said."""
    return _proofs(tables, trace, _failures(trace, None))


@rule("MDM-SERVER-FAULT", needs=f"event={SERVER_FAULT}")
def server_fault(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Faults of the management service under the codes they stand for, where nothing else tells the end.

    A log that is whole has the failure itself right behind; a copied line may have neither it nor a time.
    """
    faults = with_fault_code(events_of(tables, [SERVER_FAULT])).drop_nulls("fault_code")
    coded = faults.with_columns(code="fault_code")
    ended = trace.stage_runs.filter(
        pl.col("stage") == "mdm_enrollment", pl.col("outcome").is_in(["failed", "succeeded"])
    )
    marked = trace.marks.filter(pl.col("mark").is_in([ENROLLMENT_FAILED, "enrolled"]))
    settled = pl.concat([ended.select("device"), marked.select("device")])
    return proof(in_attempts(coded.join(settled, on="device", how="anti"), trace))
