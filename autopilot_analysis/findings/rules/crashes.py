"""Programs that the status page waits for and that crash at every start, as two event logs tell it.

A program that crashed and went on with its work is at fault for nothing: only its silence is explained.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.looking import events_of, marks_in
from autopilot_analysis.findings.rule import all_proofs, proof, rule
from autopilot_analysis.findings.rules.agent import RECORDS_CITED
from autopilot_analysis.findings.rules.page_waits import ATTEMPT, waiting_for, waits, within
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.outcomes import FINISHED
from autopilot_analysis.tables.story import PHASES

CRASHED, THREW = "crash:1000", "dotnet:1026"
"""The fault of a program, and the exception of .NET that ended one."""
SERVICE = ["scm:7000", "scm:7009", "scm:7023", "scm:7024", "scm:7031", "scm:7034"]
"""What Windows counts of a service: not started, not in time, ended with an error or unexpectedly."""
RECORDS = f"event={','.join([CRASHED, THREW, *SERVICE])}"
CRASHES = 2
"""A program that Windows starts anew after one crash may be well."""
SPEAKS_AFTER = timedelta(minutes=1)
"""What a program writes so long after its last crash shows that it runs."""
PROGRAM = r"^[^:\r\n]+:\s*([^:\r\n]+\.exe)"
"""The first line that .NET writes, in any language: a word and the program."""
EXCEPTION = r"\b((?:[A-Z]\w*\.)+\w*(?:Exception|Error)\w*)"


OF_THE_AGENT = r"(?i)^(?:AgentExecutor|winget|WindowsPackageManagerServer)\.exe$"
"""Programs that the agent starts to look for apps and to install them."""
NEAR_ITS_TRY = timedelta(minutes=1)
"""How far from its crash the end of a try may lie whose instant is known."""


@rule(
    "AWAITED-PROGRAM-CRASHED",
    needs=f"{RECORDS}; failed=device_setup,account_setup | {RECORDS}; attempt=unfinished",
)
def awaited_program_crashed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Programs that crashed again and again while the page waited for them, and did nothing since."""
    records = _records(tables)
    found = []
    for known in read_facts("awaited_programs").iter_rows(named=True):
        mine = pl.col("program").str.contains(known["program"]) | pl.col("service").str.contains(
            known["service"]
        )
        waiting = waiting_for(tables, trace, known["part"]) if known["part"] else waits(trace)
        fallen = within(records.filter(mine.fill_null(value=False)), waiting).sort("at", maintain_order=True)
        well = pl.concat([_at_work(trace, known, fallen), _speaking(tables, known, fallen)])
        dead = _again(fallen).join(well, on=ATTEMPT, how="anti", maintain_order="left")
        first = dead.group_by(*ATTEMPT, "key", maintain_order=True).head(RECORDS_CITED)
        found.append(
            proof(first.with_columns(item=pl.concat_str(pl.lit(f"{known['what']}, "), "often")).drop("code"))
        )
    return all_proofs(found)


@rule("AGENT-PROGRAM-CRASHED", needs=f"event={CRASHED},{THREW}; failed=device_setup,account_setup")
def agent_program_crashed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Crashes of the agent's own helpers in a phase whose apps failed without a code of their own."""
    records = _records(tables).filter(pl.col("program").str.contains(OF_THE_AGENT))
    runs = trace.stage_runs.filter(pl.col("stage").is_in(PHASES), pl.col("outcome") == "failed")
    begun = trace.attempts.select(*ATTEMPT, attempt_at="started_at")
    phases = runs.join(begun, on=ATTEMPT).select(
        *ATTEMPT, begun_at=pl.coalesce("started_at", "attempt_at"), over_at="ended_at"
    )
    apps = trace.installs.filter(
        pl.col("kind").is_in(["win32", "winget"]), pl.col("outcome") == "failed",
        pl.col("exit_code").is_null(), pl.col("code").is_null(),
    )  # fmt: skip
    tried = apps.select(*ATTEMPT, tried_at=pl.coalesce("ended_at", "started_at"))
    fallen = within(records, phases).join(tried, on=ATTEMPT)
    near = (pl.col("tried_at") - pl.col("at")).abs() <= NEAR_ITS_TRY
    met = fallen.filter(near.fill_null(value=True)).drop("tried_at").unique(maintain_order=True)
    named = pl.col("program").drop_nulls().first().over(ATTEMPT)
    thrown = pl.format(" ({})", pl.col("exception").drop_nulls().first().over(ATTEMPT)).fill_null("")
    often = pl.col("key").eq(CRASHED).sum().over(ATTEMPT)
    times = pl.when(often > 1).then(pl.format(", {} times", often)).otherwise(pl.lit(""))
    return proof(met.with_columns(item=pl.concat_str(named, times, thrown)).drop("code"))


def _records(tables: Tables) -> pl.DataFrame:
    """Return what tells of crashes, with the program's file or the service's name, and what .NET says."""
    events = events_of(tables, [CRASHED, THREW, *SERVICE])
    first = _value("Data[0]", "AppName", "param1", "Data")
    threw, service = pl.col("key") == THREW, pl.col("key").is_in(SERVICE)
    place = pl.format(" in {}", _value("Data[3]", "ModuleName")).fill_null("")
    fault = pl.concat_str(first, pl.lit(" crashed"), place)
    ended = pl.concat_str(pl.lit("the service "), first, pl.lit(" ended or did not start"))
    words = pl.when(service).then(ended).otherwise(fault)
    return events.with_columns(
        program=pl.when(threw).then(first.str.extract(PROGRAM)).when(~service).then(first),
        service=pl.when(service).then(first),
        exception=pl.when(threw).then(first.str.extract(EXCEPTION)),
        detail=pl.when(threw)
        .then(first)
        .otherwise(pl.concat_str(words, pl.lit(" (event "), "event_id", pl.lit(")"))),
    )


def _value(*names: str) -> pl.Expr:
    """Return the first of some fields that a record has: which they are is up to its Windows."""
    return pl.coalesce(pl.col("data").str.json_path_match(f"$.{name}") for name in names)


def _again(fallen: pl.DataFrame) -> pl.DataFrame:
    """Return the records of waits in which one kind of them came again, with how often and by what."""
    counts = fallen.group_by(*ATTEMPT, "key").len().group_by(ATTEMPT).agg(times=pl.col("len").max())
    words = pl.format("{} times", "times")
    thrown = pl.col("exception").drop_nulls().first().over(ATTEMPT)
    often = pl.concat_str(words, pl.format(" ({})", thrown).fill_null(""))
    again = fallen.join(counts.filter(pl.col("times") >= CRASHES), on=ATTEMPT, maintain_order="left")
    return again.filter(pl.col("times").is_not_null()).with_columns(often=often)


def _at_work(trace: Trace, known: dict[str, str | None], fallen: pl.DataFrame) -> pl.DataFrame:
    """Return the attempts in which a program still did its work after it had crashed for the first time."""
    since = fallen.group_by(ATTEMPT).agg(since=pl.col("at").min())
    kind = pl.col("kind").cast(pl.String).is_in((known["items"] or "").split(" "))
    done = trace.installs.filter(kind, pl.col("outcome").cast(pl.String).is_in(FINISHED))
    items = done.select(*ATTEMPT, at="ended_at")
    marks = marks_in(trace, (known["marks"] or "").split(" ")).filter(pl.col("code").is_null())
    both = pl.concat([items, marks.select(*ATTEMPT, "at")]).join(since, on=ATTEMPT)
    return both.filter(pl.col("at") > pl.col("since")).select(ATTEMPT).unique()


def _speaking(tables: Tables, known: dict[str, str | None], fallen: pl.DataFrame) -> pl.DataFrame:
    """Return the attempts in which a program wrote to its log during the wait, after its last crash."""
    ends = fallen.group_by(*ATTEMPT, "over_at").agg(last=pl.col("at").max())
    own = tables.log_lines.filter(pl.col("member").str.contains(known["log"] or r"^$")).drop_nulls("at")
    later = own.select("device", "at").join(ends, on="device")
    wrote = pl.col("at").is_between(pl.col("last") + SPEAKS_AFTER, "over_at")
    return later.filter(wrote).select(ATTEMPT).unique()
