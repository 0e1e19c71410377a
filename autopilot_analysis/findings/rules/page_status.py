"""Parts of the status page that failed by what the page wrote of them, where no attempt is on record."""

from __future__ import annotations

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.codes import code_of
from autopilot_analysis.findings.looking import properties
from autopilot_analysis.findings.rule import NEVER, no_proof, proof, rule
from autopilot_analysis.findings.rules.page_parts import page_parts
from autopilot_analysis.findings.rules.quotes import PART_FAILED
from autopilot_analysis.readers.texts.reported.page_status import PAGE_STATUS
from autopilot_analysis.tables import Tables, Trace

STAGES = {
    "devicepreparation": "device_preparation",
    "devicesetup": "device_setup",
    "accountsetup": "account_setup",
}
"""The stage that is each phase of the page, as the page spells it in lower case."""
CERTIFICATES = "PAGE-CERTIFICATES-FAILED"
OF_PART = {"Certificates": CERTIFICATES}
"""The rule of a part that has one of its own; any other is that of any page."""
FAILED, AT_WORK = ["failed"], ["inprogress", "in_progress"]
VALUE = r"^(?P<part>\w+) (?P<state>\w+): (?P<words>.*)$"
NEEDS = f"property={','.join(STAGES)} | registry=devicesetupcategory.status,accountsetupcategory.status"


@rule(CERTIFICATES, needs=NEEDS)
def parts_of_the_page(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Parts that the page's own JSON shows as failed, else those at work, where no attempt was seen."""
    kept, texts = (
        parts.join(trace.attempts, on="device", how="anti", maintain_order="left")
        for parts in (_of_registry(tables), _of_texts(tables))
    )
    if kept.is_empty() and texts.is_empty():
        return no_proof()
    kept, texts = _worded(kept), _worded(texts)
    alone = pl.concat([kept, texts.join(kept, on=["member", "record"], how="anti", maintain_order="left")])
    state = pl.col("state").str.to_lowercase()
    failed, at_work = alone.filter(state.is_in(FAILED)), alone.filter(state.is_in(AT_WORK))
    own = pl.col("part").replace_strict(OF_PART, default=PART_FAILED, return_dtype=pl.String)
    going = at_work.join(failed.select("device"), on="device", how="anti", maintain_order="left")
    return proof(pl.concat([failed.with_columns(rule=own), going.with_columns(rule=pl.lit("PAGE-WAITS"))]))


def _of_texts(tables: Tables) -> pl.DataFrame:
    """Return the parts that texts show."""
    rows = properties(tables, "^(?:device|account)(?:setup|preparation)$", r"\w")
    return rows.filter(pl.col("section") == PAGE_STATUS).with_columns(
        pl.col("value").str.extract_groups(VALUE).struct.unnest(), phase=pl.col("name").str.to_lowercase()
    )


def _of_registry(tables: Tables) -> pl.DataFrame:
    """Return the parts that values of the registry hold."""
    return page_parts(tables).with_columns(phase=pl.format("{}setup", "phase"))


def _worded(parts: pl.DataFrame) -> pl.DataFrame:
    """Return parts with what a proof needs of them: stage, code, what they are called and what is quoted."""
    called = pl.col("part").str.replace_all(r"([a-z])([A-Z])", "$1 $2").str.to_lowercase()
    called = called.str.head(1).str.to_uppercase() + called.str.tail(-1)
    stage = pl.col("phase").replace_strict(STAGES, return_dtype=pl.String)
    in_words = stage.replace_strict({one: wording.words(one) for one in STAGES.values()})
    words = pl.col("words").fill_null("")
    return parts.select(
        "device",
        "member",
        "record",
        "part",
        "state",
        at=NEVER,
        stage=stage,
        code=pl.coalesce(code_of(pl.col("words")), code_of(pl.col("value"))),
        item=pl.concat_str(in_words, pl.lit(", "), called),
        detail=pl.format("{}: {} ({})", "part", "state", words),
    )
