"""Policies from the event log of device management: what was set, what failed, what asks for a restart.

404 is a command that a configuration service provider refused, with its LocURI and code. 809 to 815 are the
policy manager setting a value: at error level it could not, else it did. 2800 names the LocURIs that make
device management restart the device (Microsoft: Enrollment Status Page troubleshooting; event manifests).
"""

from __future__ import annotations

from functools import cache

import polars as pl

from autopilot_analysis.codes import code_of
from autopilot_analysis.facts import read_facts
from autopilot_analysis.readers.event_log.event_fields import DEVICE_MANAGEMENT
from autopilot_analysis.tables.story import OF_ACCOUNT, OF_DEVICE
from autopilot_analysis.trace.installs.locuris import item_of, kind_of, phase_of
from autopilot_analysis.trace.installs.rows import no_rows, to_rows

REFUSED, RESTARTS = 404, 2800
SET = list(range(809, 816))
ASKS_FOR_RESTART = "asks for a reboot"
NOT_READ = "the device did not read it out"
"""Reason of a refused question: the service asks for nodes that need not be there; nothing was to be set."""
NOTHING_TO_DELETE = "the device had nothing to delete"
"""Reason of a refused deletion of a node that is not there: what was wanted holds."""
NOT_DONE = "the device refused the command"
"""Reason of any other refusal."""
READS = r"(?i)^(?:(?:0x)?6|(?:CmdType_)?Get(?:Value)?\b.*)$"
"""How the command of a refusal is written where it reads: as a number, or in the words of a message."""
DELETES = r"(?i)^(?:CmdType_)?(?:Delete|Clear)\b"
"""How the command of a refusal is written where it deletes; a number is not known to mean that."""
ABSENT = ["0x86000002", "0x80070002"]
"""What a refusal carries whose node is not there."""
_OWN_AREAS = ["knobs"]
"""Areas that Windows itself fills, not a management service."""


@cache
def no_fault() -> list[str]:
    """Return the reasons of refusals after which nothing is missing on the device."""
    return [NOT_READ, NOTHING_TO_DELETE, *read_facts("usual_refusals")["reason"]]


def read_policies(events: pl.DataFrame) -> pl.DataFrame:
    """Return every try at a policy or other setting that the event log shows, the columns of tables.Install.

    Args:
        events: The columns of tables.Event.
    """
    ours = events.filter(
        pl.col("provider").str.to_lowercase() == DEVICE_MANAGEMENT,
        pl.col("event_id").is_in([REFUSED, RESTARTS, *SET]),
    )
    if ours.is_empty():
        return no_rows()
    rows = pl.concat([_refused(ours), _set(ours), _restarts(ours)], how="diagonal_relaxed")
    rows = rows.filter(pl.col("item").is_not_null()).sort("device", "member", "record")
    number = pl.int_range(pl.len()).over("device", "item") + 1
    return to_rows(rows.with_columns(try_number=number, ended_at="at"))


def _refused(events: pl.DataFrame) -> pl.DataFrame:
    """Return refused commands; a question is no try at the app or certificate that its node may name."""
    refused = events.filter(pl.col("event_id") == REFUSED)
    if refused.is_empty():
        return refused
    uri = pl.col("data").str.extract(r'"(\./[^"]+)"')
    command = pl.col("data").str.json_path_match("$.InternalCmdType")
    reads = command.str.contains(READS).fill_null(value=False)
    code = pl.coalesce("code", code_of(pl.col("data").str.json_path_match("$.HexInt1"), "failure"))
    needless = (command.str.contains(DELETES) & code.is_in(ABSENT)).fill_null(value=False)
    known = read_facts("usual_refusals").filter(pl.col("event") == str(REFUSED))
    usual = [
        pl.when(uri.str.contains(node) & code.str.contains(codes)).then(pl.lit(reason))
        for node, codes, reason in known.select("node", "codes", "reason").iter_rows()
    ]
    about = {
        "item": pl.when(reads).then(uri).otherwise(item_of(uri)),
        "kind": pl.when(reads).then(pl.lit("policy")).otherwise(kind_of(uri)),
        "phase": phase_of(uri),
    }
    return refused.with_columns(
        **about,
        outcome=pl.lit("failed"),
        reason=pl.coalesce(
            pl.when(reads).then(pl.lit(NOT_READ)),
            *usual,
            pl.when(needless).then(pl.lit(NOTHING_TO_DELETE)),
            pl.lit(NOT_DONE),
        ),
        code=code,
    )


def _set(events: pl.DataFrame) -> pl.DataFrame:
    policy, area, whose = (pl.col("data").str.json_path_match(f"$.Message{n}") for n in (1, 2, 4))
    device = whose.str.to_lowercase() == "device"
    scope = pl.when(device).then(pl.lit("./Device")).otherwise(pl.lit("./User"))
    failed = pl.col("level") <= 2
    result = pl.col("data").str.extract_all(r"0x[89a-fA-F][0-9a-fA-F]{7}").list.last()
    rows = events.filter(
        pl.col("event_id").is_in(SET), ~area.str.to_lowercase().is_in(_OWN_AREAS), policy != "", area != ""
    )
    path = pl.concat_str(scope, pl.lit("/Vendor/MSFT/Policy/Config/"), area, pl.lit("/"), policy)
    return rows.with_columns(
        item=path,
        name=policy,
        kind=pl.lit("policy"),
        phase=pl.when(device).then(pl.lit(OF_DEVICE)).otherwise(pl.lit(OF_ACCOUNT)),
        outcome=pl.when(failed).then(pl.lit("failed")).otherwise(pl.lit("succeeded")),
        code=pl.when(failed).then(pl.coalesce("code", code_of(result, "failure"))),
    )


def _restarts(events: pl.DataFrame) -> pl.DataFrame:
    uris = pl.col("data").str.extract_all(r'\./[^";,\s\x{f000}]+')
    rows = events.filter(pl.col("event_id") == RESTARTS).with_columns(item=uris).explode("item")
    return rows.with_columns(
        kind=kind_of(pl.col("item")),
        phase=phase_of(pl.col("item")),
        outcome=pl.lit("waiting"),
        reason=pl.lit(ASKS_FOR_RESTART),
        code=pl.lit(None, pl.String),
    )
