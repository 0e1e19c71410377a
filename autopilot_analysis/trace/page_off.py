"""Stages that a device was not to show: its status page is off by setting, for device, user or both."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.marks import LOGON_TASKS_DONE
from autopilot_analysis.tables import STAGES

ATTEMPT = ["device", "attempt"]
RUN = [*ATTEMPT, "stage"]
STAGE = pl.Enum(STAGES)
PAGES = pl.DataFrame(
    {
        "page": ["device", "device", "user"],
        "stage": ["device_preparation", "device_setup", "account_setup"],
    },
    schema_overrides={"stage": STAGE},
)
"""The stages that each page shows."""
FIRST_SYNC = r"\\firstsync$"
"""Where the first sync of an enrolment is kept; that of a later user lies below it."""
SKIPS = r"^skip(device|user)statuspage$"
OFF = ["4294967295", "1", "0xffffffff", "-1"]
AGENT_READS = {"device": "esp_skip_device", "user": "esp_skip_user"}
"""Shapes of facts/ime_patterns.csv by which the Intune agent says of a page whether it is off."""
SHOWN = "preparation_step_began"
UNSHOWN = "enrolled_preparing"
"""Marks of device preparation: its page, and the enrolment after which it is due."""
OVER = ["oobe_finished", LOGON_TASKS_DONE]
"""Marks of a device that has left OOBE."""
OPEN = ["unfinished", "unknown"]


def skip_hidden(
    runs: pl.DataFrame, numbered: pl.DataFrame, values: pl.DataFrame, lines: pl.DataFrame
) -> pl.DataFrame:
    """Return runs in which what no page was to show is skipped, and the desktop is what came after OOBE.

    The setting is that of the last enrolment: as the registry holds it, or else as the agent always read it.
    A page that was shown all the same is no skipped one.

    Args:
        runs: Stage runs.
        numbered: What `number_attempts` returned.
        values: The table `registry_values`.
        lines: The table `log_lines`.
    """
    off = _hidden(values, lines)
    if off.is_empty():
        return runs
    enrolled = runs.filter(pl.col("stage") == "mdm_enrollment", pl.col("outcome") == "succeeded")
    last = enrolled.sort("attempt").unique("device", keep="last", maintain_order=True)
    hidden = off.join(last.select(*ATTEMPT, enrolled_at="ended_at"), on="device")
    hidden = hidden.join(_shown(numbered), on=[*ATTEMPT, "page"], how="anti")
    stages = hidden.join(PAGES, on="page").select(RUN)
    closed = runs.join(stages, on=RUN, how="semi").filter(~pl.col("outcome").is_in(OPEN))
    skipped = stages.join(closed, on=RUN, how="anti").with_columns(outcome=pl.lit("skipped"))
    rest = runs.join(skipped, on=RUN, how="anti")
    return pl.concat([rest, skipped, _desktop(runs, numbered, hidden)], how="diagonal")


def _hidden(values: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """Return device and page (device or user) of the status pages that are off."""
    page = pl.col("name").str.to_lowercase().str.extract(SKIPS)
    named = values.with_columns(page=page).filter(
        pl.col("page").is_not_null(), pl.col("key").str.to_lowercase().str.contains(FIRST_SYNC)
    )
    off = pl.col("value").str.to_lowercase().is_in(OFF)
    by_agent = _read_by_agent(lines).join(named, on=["device", "page"], how="anti")
    return pl.concat([named.filter(off).select("device", "page"), by_agent]).unique(maintain_order=True)


def _read_by_agent(lines: pl.DataFrame) -> pl.DataFrame:
    """Return device and page of the pages that the Intune agent found to be off each time it looked."""
    shapes = read_facts("ime_patterns").filter(pl.col("id").is_in(list(AGENT_READS.values())))
    telling = lines.filter(pl.col("message").str.contains_any(shapes["literal"].unique().to_list()))
    found = [pl.DataFrame(schema={"device": pl.String, "page": pl.String})]
    for page, shape in AGENT_READS.items() if telling.height else ():
        (pattern,) = shapes.filter(pl.col("id") == shape)["pattern"]
        state = pl.col("message").str.extract(f"(?i){pattern}").str.to_lowercase()
        read = (
            telling.select("device", state=state).drop_nulls("state").group_by("device", maintain_order=True)
        )
        always = read.agg(off=(pl.col("state") == "true").all()).filter("off")
        found.append(always.select("device", page=pl.lit(page)))
    return pl.concat(found)


def _shown(numbered: pl.DataFrame) -> pl.DataFrame:
    """Return device, attempt and page of the pages that were begun."""
    begun = (pl.col("edge") == "start") & (pl.col("mark") != UNSHOWN)
    marks = numbered.filter(begun | (pl.col("mark") == SHOWN))
    return marks.join(PAGES, on="stage").select(*ATTEMPT, "page").unique()


def _desktop(runs: pl.DataFrame, numbered: pl.DataFrame, hidden: pl.DataFrame) -> pl.DataFrame:
    """Return the desktop of attempts without a user's page that left OOBE after they had enrolled."""
    known = runs.filter(pl.col("stage") == "desktop")
    waits = hidden.filter(pl.col("page") == "user").join(known, on=ATTEMPT, how="anti")
    left = numbered.filter(pl.col("mark").is_in(OVER)).join(waits, on=ATTEMPT)
    first = left.filter(pl.col("at") >= pl.col("enrolled_at")).sort("at").unique(ATTEMPT, maintain_order=True)
    return first.select(
        *ATTEMPT,
        stage=pl.lit("desktop", dtype=STAGE),
        ended_at="at",
        ended_member="member",
        ended_record="record",
        outcome=pl.lit("succeeded"),
    )
