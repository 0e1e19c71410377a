"""What Windows itself tries again and again and does not get done: drive encryption, its keys, Windows LAPS.

Each record means one thing (facts/event_failures.csv); where its error decides, a row names the code, or the
words of the error where these are quoted without it; without either the record is told with all that it may
mean. A record without a time was picked out by whoever quotes it: it counts as often enough, and only where
nothing shows that the same was done.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.codes import code_of
from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings.looking import RECORD, events_of, low_properties, with_quote
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.findings.rules.quotes import PAGE_OF, with_code_of_page
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.verdict import INFO

KNOWN = read_facts("event_failures").with_columns(pl.col("least").cast(pl.Int64)).with_row_index("place")
"""Which record stands for which rule, in whose family of records, and which records show that it is done.
A row with `unless` holds where no property of the device, as `name: value` in lower case, is of that form."""
RESULT = r'"HResult":\s*"?(-\d+|0x[0-9A-Fa-f]{8})'
"""The field of records that are no errors by their level, in which their result stands all the same."""
CYCLE_EXPLAINED_WITHIN = timedelta(minutes=5)
"""A record that only says that a cycle failed is explained by one so long before it that says why."""


@rule("EVENT-FAILURES", needs=f"event={','.join(KNOWN['event'].unique(maintain_order=True))}")
def event_failures(tables: Tables, trace: Trace) -> pl.DataFrame:
    """What failed and was not done since, by reason, with how often; of too few tries only `info` is made."""
    failures = _not_done_since(tables, _failures(tables))
    if failures.is_empty():
        return no_proof()
    failures, shown = with_code_of_page(tables, _without_echoes(_with_code_of_cycle(failures)))
    found = [no_proof()]
    for _, own in failures.group_by("device", "rule", "about", "code", maintain_order=True):
        dated = own.filter(pl.col("at").is_not_null())
        many = dated.height > 1
        often = f", {wording.times(dated.height, dated['at'][0], dated['at'][-1])}" if many else ""
        about = own["about"][0] or f"event {own['event_id'][0]}"
        quiet = INFO if own.height == dated.height < own["least"][0] else None
        pages = shown.join(own.select("device", "member", "rule", "code").unique(), on=PAGE_OF, how="semi")
        rows = pl.concat([own, pages], how="diagonal")
        found.append(proof(rows.with_columns(severity=pl.lit(quiet)), item=pl.lit(f"{about}{often}")))
    return all_proofs(found)


def _failures(tables: Tables) -> pl.DataFrame:
    """Return the failures in their order, each under the rule that its id, its code or its words name."""
    known = KNOWN.rename({"event": "key", "code": "asked_code", "about": "shape"}).drop("page")
    events = events_of(tables, KNOWN["event"]).sort("at", maintain_order=True)
    coded = code_of(pl.col("detail").str.extract(RESULT))
    events = events.with_columns(code=pl.coalesce("code", coded))
    of_code = pl.col("asked_code").is_null() | (pl.col("asked_code") == pl.col("code")).fill_null(value=False)
    fits = of_code & (pl.col("says").is_null() | pl.col("data").fill_null("").str.contains(pl.col("says")))
    met = events.join(known, on="key", maintain_order="left").filter(fits)
    met = met.join(_ruled_out(tables), on=["device", "unless"], how="anti", maintain_order="left")
    nearest = met.sort("at", "place", maintain_order=True).unique(RECORD, keep="first", maintain_order=True)
    return nearest.with_columns(about=pl.coalesce(_named(shape) for shape in _shapes()))


def _ruled_out(tables: Tables) -> pl.DataFrame:
    """Return device and `unless` of what a property of the device rules out."""
    stated = with_quote(low_properties(tables)).select("device", line=pl.col("detail").str.to_lowercase())
    shapes = KNOWN["unless"].drop_nulls().unique()
    return pl.concat(
        stated.filter(pl.col("line").str.contains(shape)).select("device", unless=pl.lit(shape)).unique()
        for shape in shapes
    )


def _shapes() -> list[str]:
    return KNOWN["about"].drop_nulls().unique(maintain_order=True).to_list()


def _named(shape: str) -> pl.Expr:
    """Return what a record is about, by the pattern of its row."""
    return pl.when(pl.col("shape") == shape).then(pl.col("data").str.extract(shape))


def _not_done_since(tables: Tables, failures: pl.DataFrame) -> pl.DataFrame:
    """Return the failures after which no record shows that the same was done."""
    ends = KNOWN.select("done", key=pl.col("done").str.split(",")).unique("done").explode("key")
    done = events_of(tables, ends["key"].unique()).join(ends, on="key")
    last = done.group_by("device", "done").agg(done_at=pl.col("at").max(), times_done=pl.len())
    later = failures.join(last, on=["device", "done"], how="left", maintain_order="left")
    since = pl.col("at").is_null() & (pl.col("times_done").fill_null(0) == 0) | pl.col("at").is_not_null()
    return later.filter(since, (pl.col("at") > pl.col("done_at")).fill_null(value=True))


def _with_code_of_cycle(failures: pl.DataFrame) -> pl.DataFrame:
    """Give a reason that stands without a code that of the record which only says that its cycle failed."""
    general = pl.col("general").is_not_null() & pl.col("code").is_not_null()
    ended = failures.filter(general).select("device", "family", cycle_at="at", cycle_code="code")
    if ended.is_empty() or not failures["code"].null_count():
        return failures
    dated = failures.join_asof(
        ended.drop_nulls(), left_on="at", right_on="cycle_at", by=["device", "family"], strategy="nearest",
        tolerance=CYCLE_EXPLAINED_WITHIN, check_sortedness=False,
    )  # fmt: skip
    return dated.with_columns(code=pl.coalesce("code", "cycle_code")).select(failures.columns)


def _without_echoes(failures: pl.DataFrame) -> pl.DataFrame:
    """Drop records that only say that a cycle failed, where another record of it says more."""
    general = pl.col("general").is_not_null()
    reasons = failures.filter(~general).select("device", "family", reason_at="at")
    echoes = failures.filter(general).join_asof(
        reasons.drop_nulls(), left_on="at", right_on="reason_at", by=["device", "family"],
        tolerance=CYCLE_EXPLAINED_WITHIN, check_sortedness=False,
    )  # fmt: skip
    quoted = reasons.filter(pl.col("reason_at").is_null()).drop("reason_at").unique()
    beside = pl.col("at").is_null() & pl.struct("device", "family").is_in(quoted.to_struct().implode())
    alone = echoes.filter(pl.col("reason_at").is_null(), ~beside)
    first = alone.filter(pl.col("place") == pl.col("place").min().over("device", "family"))
    return pl.concat([failures.filter(~general), first.select(failures.columns)])
