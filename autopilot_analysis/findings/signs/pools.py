"""What signs ask for: events, failed stages, installs, lines, registry, settings, each collected once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from autopilot_analysis.facts.listed_objects import CHIP
from autopilot_analysis.findings.looking import OF_A_SETTING, failed_runs, keyed_events, low_registry
from autopilot_analysis.findings.signs.needs import There, look
from autopilot_analysis.readers.texts.hardware.device_hash import HARDWARE
from autopilot_analysis.tables import STAGES, Tables, Trace
from autopilot_analysis.tables.completing import with_lacking
from autopilot_analysis.tables.items import CALLED
from autopilot_analysis.tables.outcomes import FAILED_TRIES
from autopilot_analysis.tables.verdict import ERROR, WARNING

EVIDENCE = ["device", "member", "record", "at", "detail", "code"]


@dataclass
class Evidence:
    """What signs ask for, each pool collected once for all signs.

    Attributes:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
        such: The devices that are what terms about a device as a whole ask for, by these terms.
    """

    tables: Tables
    trace: Trace
    such: dict[tuple[tuple[str, str], ...], pl.DataFrame] = field(default_factory=dict)

    @cached_property
    def events(self) -> pl.DataFrame:
        """Events of the known providers, with key like "ap:171"."""
        return keyed_events(self.tables).select(*EVIDENCE, "key")

    @cached_property
    def nothing(self) -> pl.DataFrame:
        """No rows."""
        return self.events.select(EVIDENCE).clear()

    @cached_property
    def everyone(self) -> pl.DataFrame:
        """The devices."""
        return self.tables.devices.select("device")

    @cached_property
    def there(self) -> There:
        """What the export holds at all."""
        return look(self.tables, self.trace)

    @cached_property
    def failed(self) -> pl.DataFrame:
        """Runs of stages that failed, with stage, code and the record that ended them."""
        runs = failed_runs(self.trace, STAGES)
        return runs.select(*EVIDENCE, pl.col("stage").cast(pl.String))

    @cached_property
    def installs(self) -> pl.DataFrame:
        """Items that failed, or did not come down, with kind and code."""
        ended = pl.col("outcome").is_in(FAILED_TRIES)
        came = (pl.col("outcome") == "succeeded").fill_null(value=False)
        tries = self.trace.installs.with_columns(
            at=pl.coalesce("ended_at", "started_at"),
            detail=pl.concat_str(CALLED, "reason", separator=": ", ignore_nulls=True),
        )
        loads = tries.filter(pl.col("download_code").is_not_null(), ~came).with_columns(code="download_code")
        both = pl.concat([tries.filter(ended), loads])
        return both.select(*EVIDENCE, pl.col("kind").cast(pl.String)).unique(maintain_order=True)

    @cached_property
    def lines(self) -> pl.DataFrame:
        """Warnings and errors of the Intune agent's logs."""
        severe = self.tables.log_lines.filter(pl.col("severity").is_in([WARNING, ERROR]))
        return self.plain(severe.with_columns(detail="message"))

    @cached_property
    def registry(self) -> pl.DataFrame:
        """Registry values with their whole path in lower case."""
        path = pl.concat_str("low_key", pl.lit("\\"), "low_name")
        return low_registry(self.tables).with_columns(path=path)

    @cached_property
    def chip(self) -> pl.DataFrame:
        """Properties that tell of the TPM."""
        return self.tables.properties.filter(
            pl.col("member").str.to_lowercase().str.contains("tpm", literal=True)
            | pl.col("section").str.starts_with(HARDWARE)
            | (pl.col("section") == CHIP)
        )

    @cached_property
    def settings(self) -> pl.DataFrame:
        """Policies in force, from the report and from PolicyManager, with path "area/name"."""
        in_force = self.tables.settings.filter(
            ~pl.col("status").fill_null("").is_in(["unmanaged", "default"])
        ).select(
            "device",
            "member",
            "record",
            "value",
            path=pl.concat_str(pl.col("area").fill_null(""), pl.lit("/"), "name"),
        )
        area = pl.col("key").str.extract(r"(?i)policymanager\\current\\[^\\]+\\([^\\]+)$")
        policies = low_registry(self.tables).filter(
            pl.col("low_key").str.contains("policymanager", literal=True)
        )
        stored = policies.select(
            "device", "member", "record", "value", path=pl.concat_str(area, pl.lit("/"), "name")
        ).filter(
            pl.col("path").is_not_null(),
            ~pl.col("path").str.contains(OF_A_SETTING),
        )
        both = pl.concat([in_force, stored])
        return both.with_columns(
            path=pl.col("path").str.to_lowercase(),
            detail=pl.concat_str("path", pl.lit(" = "), pl.col("value").fill_null("")),
        )

    def plain(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return rows with the columns of EVIDENCE."""
        return with_lacking(rows, {"at": pl.Datetime("us", "UTC"), "code": pl.String()}).select(EVIDENCE)


def _same() -> Callable[[Tables, Trace], Evidence]:
    last: list[Evidence] = []

    def ask(tables: Tables, trace: Trace) -> Evidence:
        for kept in last:
            if kept.tables is tables and kept.trace is trace:
                return kept
        last[:] = [Evidence(tables, trace)]
        return last[0]

    return ask


gather = _same()
"""The evidence of one export: the three families that read signs share its pools."""
