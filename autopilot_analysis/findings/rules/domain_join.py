"""What NetSetup.log tells of joins to a domain: the status that ended them, else where one stood."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.codes import code_of
from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.rule import no_proof, proof, rule
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.verdict import INFO

SOURCE = "netsetup_log"
STATUS = r"^Netp(DoDomainJoin|CompleteOfflineDomainJoin|JoinWorkgroup): status: +0x([0-9A-Fa-f]{1,8})"
"""With what Windows ends a join, by itself or with data made before: its own function, and a Win32 error."""
DOMAIN = "domain"
WORKGROUP = "workgroup"
OF_WORKGROUP = r"^NetpJoinWorkgroup: |^NetpValidateName: .{0,80} type 2\b"
"""What only a join to a workgroup writes; Windows ends it with the same function as one to a domain."""
OF_DOMAIN = (
    r"^Netp(?:JoinDomain|DsGetDcName|Provision|CreateComputerObject|GetComputerObjectDn|CompleteOffline)"
    r"|^NetpValidateName: .{0,80} type 3\b"
)
"""What only a join to a domain writes."""
BEGUN = r"^NetpDoDomainJoin$"
"""The line by which a join of either kind begins."""
RENAMED = r"^Netp(ChangeMachineName): .{0,80}\bstatus\b.{0,120}?: +0x([0-9A-Fa-f]{1,8})\b"
"""How far a change of the computer's name came: its own function, and a Win32 error."""
NAMES = r"^NetpChangeMachineName: from '([^']{1,64})' to '([^']{1,64})'"
"""Which name was to become which; after a join Windows writes the same one anew."""
OTHER = "DOMAIN-JOIN-FAILED"
"""The rule of a status that facts/domain_join_errors.csv does not know."""
STEP = "DOMAIN-JOIN-STEP-FAILED"
"""The rule of a step with a status that it knows, in a log that does not hold the end of the join."""
OF_STEP = r"^(Netp\w{4,60})\b.{0,240}?\b0x([0-9A-Fa-f]{1,8})\b"
"""A function of the join, and the first status in its line."""


def _rule() -> pl.Expr:
    """Return the rule of a status by its number."""
    known = read_facts("domain_join_errors").select("code", "rule")
    return pl.col("status").cast(pl.String).replace_strict(known["code"], known["rule"], default=OTHER)


def _severity(last: pl.DataFrame, tables: Tables, trace: Trace) -> pl.DataFrame:
    """Give failed joins that decided nothing the severity info.

    That is: the device is enrolled all the same, or its attempts are none of a hybrid join that did not
    succeed, or began after the join of the log.
    """
    hybrid = (pl.col("scenario") == "hybrid_join") & (pl.col("outcome") != "succeeded")
    attempts = trace.attempts.group_by("device").agg(
        decides=hybrid.fill_null(value=False).any(), begun_at=pl.col("started_at").max()
    )
    enrolled = tables.devices.select("device", enrolled=pl.col("enrolled").fill_null(value=False))
    known = last.join(attempts, on="device", how="left", maintain_order="left").join(
        enrolled, on="device", how="left", maintain_order="left"
    )
    elsewhere = pl.when(pl.col("decides").is_null()).then("enrolled").otherwise(~pl.col("decides"))
    before = (pl.col("at") < pl.col("begun_at")).fill_null(value=False)
    return known.with_columns(severity=pl.when(elsewhere | before).then(pl.lit(INFO)))


@rule("DOMAIN-JOIN-ANSWERS", needs=f"line; source={SOURCE}")
def domain_join_answers(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Computers whose last join to a domain failed, by its status; those that joined later are left out."""
    last = _last_joins(tables).filter(pl.col("status") != 0)
    coded = last.with_columns(rule=_rule(), code=_code(STATUS))
    return proof(_severity(coded, tables, trace), pl.col("message"))


@rule("DOMAIN-RENAME-FAILED", needs=f"line; source={SOURCE}")
def domain_rename_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Computers of the domain whose last change of name failed, by its status."""
    return proof(_renames_failed(tables).filter(~pl.col("same")), pl.col("message"))


@rule("DOMAIN-NAMES-NOT-WRITTEN", needs=f"line; source={SOURCE}")
def domain_names_not_written(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Computers of the domain that kept their name, and whose last try to write it there failed."""
    failed = _renames_failed(tables).filter("same")
    well = _last_joins(tables).filter(pl.col("status") == 0)
    joined = well.join(failed.select("device", "code"), on="device", maintain_order="left")
    columns = [*tables.log_lines.columns, "code"]
    return proof(pl.concat([failed.select(columns), joined.select(columns)]), pl.col("message"))


@rule("DOMAIN-JOIN-STEPS", needs=f"line; source={SOURCE}")
def domain_join_steps(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Computers of whose join no end was read: what its last steps say (facts/domain_join_steps.csv)."""
    lines = _lines(tables)
    ended = _of_domains(tables).select("device").unique()
    cut = lines.join(ended, on="device", how="anti").sort("device", "member", "record")
    if cut.is_empty():
        return no_proof()
    of_reuse = [
        proven
        for (device,), own in cut.group_by("device", maintain_order=True)
        for proven in [_reuse(own)]
        if proven.height
    ]
    others = cut.join(pl.concat(of_reuse), on="device", how="anti") if of_reuse else cut
    return proof(_severity(pl.concat([*of_reuse, _failed_steps(others)]), tables, trace), pl.col("message"))


def joins_ended(tables: Tables) -> pl.DataFrame:
    """Return the lines by which Windows ended joins, in order, with their `status` and what was `joined`.

    What was joined is a domain or a workgroup by the last line before that only one of them writes; it is
    null where no such line was read since the join began or the one before it ended.

    Args:
        tables: What `read_tables` returned.
    """
    message = pl.col("message")
    sign = (
        pl.when(message.str.contains(OF_WORKGROUP))
        .then(pl.lit(WORKGROUP))
        .when(message.str.contains(OF_DOMAIN))
        .then(pl.lit(DOMAIN))
        .when(message.str.contains(BEGUN) | message.str.contains(STATUS))
        .then(pl.lit(""))
    )
    parts = message.str.extract_groups(STATUS).struct
    ended = pl.when(sign == "").then(pl.col("sign").shift().over("device", "member")).otherwise(sign)
    return (
        _lines(tables)
        .sort("device", "member", "record")
        .with_columns(
            status=parts.field("2").str.to_integer(base=16, strict=False),
            sign=sign.forward_fill().over("device", "member"),
        )
        .with_columns(joined=ended.replace("", None))
        .drop("sign")
        .drop_nulls("status")
    )


def _renames_failed(tables: Tables) -> pl.DataFrame:
    """Return the last change of each name that failed; `same` where the name stays and no join failed."""
    message = pl.col("message")
    status = message.str.extract(RENAMED, 2).str.to_integer(base=16, strict=False)
    same = (
        message.str.extract(NAMES, 1).str.to_lowercase() == message.str.extract(NAMES, 2).str.to_lowercase()
    )
    lines = _lines(tables).sort("device", "member", "record")
    ends = lines.with_columns(status=status, same=same.forward_fill().over("device", "member"))
    last = ends.drop_nulls("status").group_by("device", maintain_order=True).last()
    unjoined = _last_joins(tables).filter(pl.col("status") != 0)["device"].implode()
    kept = pl.col("same").fill_null(value=False) & ~pl.col("device").is_in(unjoined)
    return last.filter(pl.col("status") != 0).with_columns(same=kept, code=_code(RENAMED))


def _last_joins(tables: Tables) -> pl.DataFrame:
    """Return the line by which the last join to a domain ended on each device."""
    return _of_domains(tables).group_by("device", maintain_order=True).last()


def _of_domains(tables: Tables) -> pl.DataFrame:
    """Return the ends of joins without those to a workgroup."""
    return joins_ended(tables).filter(pl.col("joined").is_null() | (pl.col("joined") == DOMAIN))


def _lines(tables: Tables) -> pl.DataFrame:
    """Return the lines of the logs of domain joins."""
    logs = tables.members.filter(pl.col("source") == SOURCE).select("device", "member")
    return tables.log_lines.join(logs, on=["device", "member"], how="semi")


def _code(pattern: str) -> pl.Expr:
    """Return the code of a status, which is a Win32 error, as the second group of a pattern shows it."""
    hexadecimal = pl.col("message").str.extract(pattern, 2).str.zfill(4)
    short = pl.col("status") <= 0xFFFF
    return code_of(pl.when(short).then(pl.concat_str(pl.lit("0x8007"), hexadecimal)))


def _reuse(own: pl.DataFrame) -> pl.DataFrame:
    """Return the lines of one device that show how its join stood towards an account that exists already."""
    message = pl.col("message")
    steps = read_facts("domain_join_steps")
    for fact in steps.filter(pl.col("rule") != STEP).iter_rows(named=True):
        met = own.filter(message.str.contains(fact["pattern"]))
        if met.is_empty() or own.select(message.str.contains(fact["unless"]).any()).item():
            continue
        beside = own.filter(message.str.contains(fact["beside"])) if fact["beside"] else met.clear()
        if fact["beside"] and beside.is_empty():
            continue
        proven = pl.concat([met.tail(1), beside])
        return proven.with_columns(_nothing("code"), _nothing("item"), rule=pl.lit(fact["rule"]))
    return own.clear().with_columns(_nothing("code"), _nothing("item"), rule=pl.lit(""))


def _failed_steps(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the last line of each function whose last status is a known one of a failure."""
    parts = pl.col("message").str.extract_groups(OF_STEP).struct
    tells = read_facts("domain_join_steps").filter(pl.col("rule") == STEP)["pattern"][0]
    known = read_facts("domain_join_errors")
    meaning = pl.col("status").cast(pl.String).replace_strict(known["code"], known["meaning"], default=None)
    last = (
        lines.filter(pl.col("message").str.contains(tells))
        .with_columns(
            function=parts.field("1"), status=parts.field("2").str.to_integer(base=16, strict=False)
        )
        .drop_nulls("status")
        .group_by("device", "function", maintain_order=True)
        .last()
        .with_columns(item=meaning, code=_code(OF_STEP), rule=pl.lit(STEP))
        .drop_nulls("item")
    )
    return last.select(*lines.columns, "code", "item", "rule")


def _nothing(column: str) -> pl.Expr:
    return pl.lit(None, pl.String).alias(column)
