"""The parts of the status page, as its own record leaves them: apps, certificates, security policies."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.findings.looking import once, registry
from autopilot_analysis.findings.rule import NEVER
from autopilot_analysis.tables import Tables

PARTS = r'"(?:Device|Account)Setup\.\w+Subcategory"\s*:\s*\{[^}]*\}'
DONE = ["succeeded", "notRequired"]


@once
def open_parts(tables: Tables) -> pl.DataFrame:
    """Return the parts of the page that were begun and not done when its record was written.

    Args:
        tables: What `read_tables` returned.

    Returns:
        One row a part: device, member, record and value of the record, at (null), phase (device or account),
        part (such as Certificates), state and words (how far it was), the last four as the page spells them,
        and named, the words behind the part's name where they do not begin with it.
    """
    status = registry(tables, r"\\autopilotsettings$", r"^(?:device|account)setupcategory\.status$")
    each = status.with_columns(
        parts=pl.col("value").str.extract_all(PARTS),
        phase=pl.col("name").str.extract(r"(?i)^(device|account)").str.to_lowercase(),
    ).explode("parts")
    states = each.with_columns(
        at=NEVER,
        part=pl.col("parts").str.extract(r"\.(\w+)Subcategory"),
        state=pl.col("parts").str.extract(r'"subcategoryState"\s*:\s*"(\w+)"'),
        words=pl.col("parts").str.extract(r'"subcategoryStatusText"\s*:\s*"([^"]*)"'),
    ).with_columns(named=_named())
    begun = ~pl.col("state").is_in([*DONE, "notStarted"]) & pl.col("words").is_not_null()
    return states.filter(begun.fill_null(value=False))


def _named() -> pl.Expr:
    apart = pl.col("part").str.replace_all(r"([a-z])([A-Z])", "$1 $2").str.to_lowercase()
    name = apart.str.head(1).str.to_uppercase() + apart.str.tail(-1)
    own = pl.col("words").str.to_lowercase().str.starts_with(apart)
    return pl.when(own).then("words").otherwise(pl.format("{}: {}", name, "words"))
