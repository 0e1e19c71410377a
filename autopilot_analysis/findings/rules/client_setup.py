"""The setup of the Configuration Manager client, by its own log: how its last run ended, and why."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.codes import code_of
from autopilot_analysis.facts import read_facts, shared_pattern
from autopilot_analysis.findings.looking import unwell
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.findings.rules.providers import client_not_installed
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.story import CLOCK_STEP
from autopilot_analysis.tables.verdict import INFO, WARNING

SOURCE = "ccmsetup_log"
BEGUN = r"(?i)\bccmsetup started in process\b"
END = rf"(?i)^\s*{shared_pattern('CLIENT SETUP ENDED')}:? *(0x[0-9a-f]{{1,8}}|-?[0-9]+)"
"""With what a run of setup ends."""
WELL, RESTART, NO_RUN = "0", "7", "8"
"""What a run returns: all is done; a restart comes first; another run is at work, so this was none."""
OTHER = "CONFIGMGR-SETUP-FAILED"
"""The rule of a run of which no line is known that says why."""
DISTRUSTED = "CONFIGMGR-SETUP-DISTRUSTED"
CLOCK_OFF = timedelta(hours=1)
"""A clock that is set by less than this put no certificate and no revocation list outside its dates."""
ASKED = r"(?i)(?: CMG '|/mp:(?:https?://)?|\bURL=https?://|\bfile 'https?://|\bPath https?://| MP '?(?:https?://)?)([a-z0-9-]+(?:\.[a-z0-9-]+)+)"
"""How setup names the gateway or the management point that it asks."""
LAST_WORDS = timedelta(minutes=15)
"""A reason that the log names so long before the end is its reason; what it went on from is not."""


@rule("CONFIGMGR-SETUP", needs=f"line; source={SOURCE}")
def client_setup_failed(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Devices on which the last run of ccmsetup failed, by the reason that its log names last."""
    waited = client_not_installed(tables, trace)["device"].unique()
    unwell_ones, tried = unwell(trace)["device"].unique(), trace.attempts["device"].unique()
    found = [no_proof()]
    for (device,), run in _failed_runs(tables).group_by("device", maintain_order=True):
        severity = None if device in waited or device not in tried else _beside(device in unwell_ones)
        ended = _proof(run.with_columns(severity=pl.lit(severity, pl.String)))
        distrusted = ended.filter(pl.col("rule") == DISTRUSTED)
        found += [ended, proof(_clock_set(trace, run, distrusted))]
    return all_proofs(found)


def _clock_set(trace: Trace, run: pl.DataFrame, distrusted: pl.DataFrame) -> pl.DataFrame:
    """Return how far the clock was off while a run of setup trusted no certificate, if it was set since."""
    since = run.group_by("device").agg(since=pl.col("at").min())
    alike = distrusted.select("device", "rule", "item", "code", "severity").unique("device")
    far = (pl.col("kind") == CLOCK_STEP) & (pl.col("amount").abs() >= CLOCK_OFF)
    steps = trace.steps.filter(far).join(since, on="device").filter(pl.col("at") >= pl.col("since"))
    return steps.join(alike, on="device")


def _beside(failed: bool) -> str:
    """Return the weight beside an attempt that waited for no client: a failed one has its own cause."""
    return INFO if failed else WARNING


def _failed_runs(tables: Tables) -> pl.DataFrame:
    """Return the lines of each device's last run of setup that ended, up to its end, where it failed."""
    logs = tables.members.filter(pl.col("source") == SOURCE).select("device", "member")
    lines = tables.log_lines.join(logs, on=["device", "member"], how="semi").sort("member", "record")
    marked = lines.with_columns(ended=pl.col("message").str.extract(END))
    ends = marked.drop_nulls("ended")
    counted = ends.filter(pl.col("ended") != NO_RUN).sort("at", maintain_order=True)
    last = counted.group_by("device", maintain_order=True).last()
    bad = last.filter(~pl.col("ended").is_in([WELL, RESTART]))
    failed = bad.select("device", "member", end="record", end_at="at")
    beside = marked.join(failed, on=["device", "member"], maintain_order="left")
    before = beside.filter(pl.col("record") <= pl.col("end"))
    begun = pl.when(pl.col("message").str.contains(BEGUN)).then("record").max().over("device")
    return before.filter(pl.col("record") >= begun.fill_null(0)).drop("severity")


def _proof(run: pl.DataFrame) -> pl.DataFrame:
    """Return a run's end and the last lines of its reason, with whom it asked and how often it met that."""
    known = read_facts("client_setup_errors").select("rule", "pattern").rows()
    marked = run.with_columns(sort=_sort([pattern for _, pattern in known])).drop_nulls("sort")
    reasons = marked.with_columns(rule=pl.col("sort").replace_strict(dict(enumerate(n for n, _ in known))))
    end = reasons.filter(pl.col("record") == pl.col("end"))
    near = (pl.col("end_at") - pl.col("at") <= LAST_WORDS).fill_null(value=True)
    last = reasons.filter(pl.col("rule") != OTHER, near)["rule"].last()
    named = reasons.filter(pl.col("rule") == pl.lit(last, pl.String))
    often = named.filter(pl.col("sort") == pl.col("sort").mode().min())
    asked = run["message"].str.extract(ASKED).drop_nulls().tail(1)
    times = [wording.count(often.height, "time")] if often.height > 1 else []
    about = ", ".join([*asked, *times, *(f"ended with {code}" for code in end["ended"])])
    cited = pl.concat([named, end])
    code = next((one for one in map(code_of, [*often["message"], *cited["message"]]) if one), None)
    coded = cited.with_columns(rule=pl.lit(last or OTHER), code=pl.lit(code, pl.String))
    return proof(coded, pl.col("message"), pl.lit(about))


def _sort(patterns: list[str]) -> pl.Expr:
    """Return by which pattern of facts/client_setup_errors.csv a line is known, null for none."""
    fits = (
        pl.when(pl.col("message").str.contains(f"(?i){words}")).then(n) for n, words in enumerate(patterns)
    )
    return pl.coalesce(*fits)
