"""Whether an app that had failed is there since: what the agent's detection found after its try."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts.guids import GUID
from autopilot_analysis.findings.looking import once
from autopilot_analysis.tables import Tables

TRACKED = "ESP tracked install status from Error to Completed"
VERDICT_WORDS = "detection state: "
WORDS = [VERDICT_WORDS, "DetectionState", TRACKED]
"""What stands in every line that tells what detection found."""
OF_AN_APP = rf"detection for policy with id: ({GUID}).*{VERDICT_WORDS}"
VERDICT = rf"(?i){OF_AN_APP}(not)?detected\b"
REPORT = rf'(?i)\bdetection state for app with id: ({GUID}).*?"+NewValue"+: ?"*(not)?installed\b'
STORED = (
    rf'(?i)(?:ReportingState|based on report): ?\{{.*?"+ApplicationId"+: ?"+({GUID})"+'
    r'.*"+DetectionState"+: ?1\b'
)
"""The state that the agent keeps of an app, where its last look found it; of none since tells "not found"."""
PAGE_TOLD = rf"{TRACKED} for application ({GUID})"
"""What the agent tells the page once it finds an app for which that had failed."""
REVISION = r'"+InternalVersion"+: ?(\d+)'
NUMBER = r'"+DetectedIdentityVersion"+: ?(?:\{.*?"+NewValue"+: ?)?"+([0-9][0-9.]*)"'
OWN_LOOK = ["detected_at", "last_seen_at", "detected_written", "last_seen_written"]
"""When a try looked for its app itself, and when its pass last spoke of it: such a look is none since."""
LOOKS: dict[str, pl.DataType] = {
    "device": pl.String(),
    "app": pl.String(),
    "looked_at": pl.Datetime("us", "UTC"),
    "looked_written": pl.Datetime("us"),
    "there": pl.Boolean(),
    "revision": pl.Int64(),
    "number": pl.String(),
}


@once
def looks(tables: Tables) -> pl.DataFrame:
    """Return every look at an app: device, app (in small letters), when, whether it was there, and of which.

    `looked_at` is null where the log names no zone; `looked_written` is the time by its own clock. `revision`
    is the app's in Intune, `number` the version that was found; null where the line names none.
    """
    lines = tables.log_lines.filter(
        pl.col("message").str.contains_any(WORDS),
        pl.any_horizontal(pl.col("at", "written_at").is_not_null()),
    ).select("device", "at", "written_at", "message")
    if lines.is_empty():
        return pl.DataFrame(schema=LOOKS)
    text = pl.col("message")
    kinds = [text.str.extract_groups(pattern) for pattern in (VERDICT, REPORT)]
    app = pl.coalesce(
        *(kind.struct[0] for kind in kinds), *(text.str.extract(of) for of in (STORED, PAGE_TOLD))
    )
    absent = pl.coalesce(*(kind.struct[1] for kind in kinds)).is_not_null()
    found = lines.select(
        "device",
        app=app.str.to_lowercase(),
        looked_at="at",
        looked_written="written_at",
        there=~absent,
        revision=text.str.extract(REVISION).cast(pl.Int64),
        number=text.str.extract(NUMBER),
    )
    return found.drop_nulls("app").sort("looked_at", "looked_written", maintain_order=True)


def with_last_look(tries: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """Return tries with when and whether the last look after each found its app, and the `number` found.

    A look of the try itself, right after its installer, is none; nor is what is kept of an older revision.
    What no zone dates is set against what no zone dates, by the clock of the log.

    Args:
        tries: Rows of `installs` with `at`, when each failed.
        tables: What `read_tables` returned.
    """
    stored = [pl.col("detail").str.json_path_match(f"$.{name}") for name in OWN_LOOK]
    own = [one.str.to_datetime(time_zone="UTC", strict=False) for one in stored[:2]]
    written = [one.str.to_datetime(time_unit="us", strict=False) for one in stored[2:]]
    looked = looks(tables).clear() if tries.is_empty() else looks(tables)
    given = tries.with_row_index("row").with_columns(app=pl.col("item").str.to_lowercase())
    over = given.select(
        "row",
        "device",
        "app",
        over_at=pl.max_horizontal("at", *own),
        over_written=pl.max_horizontal(written),
        of=pl.col("version").cast(pl.Int64, strict=False),
    )
    later = pl.coalesce(
        pl.col("looked_at") > pl.col("over_at"),
        pl.col("over_at").is_null() & (pl.col("looked_written") > pl.col("over_written")),
    )
    as_new = (pl.col("revision") >= pl.col("of")).fill_null(value=True)
    last, number = pl.col("looked_at", "looked_written", "there").last(), pl.col("number").drop_nulls().last()
    after = (
        over.join(looked, on=["device", "app"])
        .filter(later, as_new)
        .sort("looked_at", "looked_written", maintain_order=True)
        .group_by("row")
        .agg(last, number=number)
    )
    return given.join(after, on="row", how="left", maintain_order="left").drop("row", "app")
