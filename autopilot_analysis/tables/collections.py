"""Frames that travel together through a door, each with its schema."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import TYPE_CHECKING, Any, Self, get_args, get_type_hints

import dataframely as dy
import polars as pl

from autopilot_analysis.tables.capture import (
    Coverage,
    Device,
    Event,
    Gap,
    LogLine,
    Member,
    Property,
    RegistryValue,
    Setting,
)
from autopilot_analysis.tables.fleet import (
    AuditChange,
    Deployment,
    EnrollmentFailure,
    Identity,
    ItemCount,
    ItemStatus,
    SignIn,
)
from autopilot_analysis.tables.story import Attempt, Install, Mark, Screen, StageRun, Step, TlsCheck
from autopilot_analysis.tables.typed import empty, typed
from autopilot_analysis.tables.verdict import Evidence, Finding

if TYPE_CHECKING:
    import pandas as pd


class InPandas:
    """A dataclass some of whose fields are frames."""

    def to_pandas(self) -> dict[str, pd.DataFrame]:
        """Return every frame as a pandas frame, under its name."""
        held = vars(self).items()
        return {name: frame.to_pandas() for name, frame in held if isinstance(frame, pl.DataFrame)}


@dataclass(frozen=True)
class _Frames(InPandas):
    """Frames under their names."""

    @classmethod
    def of(cls, frames: Mapping[str, pl.DataFrame]) -> Self:
        """Return the collection of these frames, each cast to its schema.

        Args:
            frames: Frames under the names of this collection's tables; names beyond them are ignored, and a
                table without a frame is empty.
        """
        whole: dict[str, Any] = {
            name: typed(frames[name], schema) if name in frames else empty(schema).clone()
            for name, schema in _schemas(cls).items()  # type: ignore[arg-type]
        }
        return cls(**whole)

    def frames(self) -> dict[str, pl.DataFrame]:
        """Return every frame under its name, in the order it was declared."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def of_device(self, device: str) -> Self:
        """Return the same frames with the rows of one device, and those that belong to none.

        Args:
            device: Its key.
        """
        own = pl.col("device").is_null() | (pl.col("device") == device)
        kept = {name: frame.filter(own) for name, frame in self.frames().items() if "device" in frame.columns}
        return type(self).of({**self.frames(), **kept})

    def __repr__(self) -> str:
        """Return what is in it, in six lines at most: the tables that hold rows, the largest first."""
        return summarise(type(self).__name__, self.frames())


def frames_in(holder: object) -> dict[str, pl.DataFrame]:
    """Return the attributes of an object that are frames, under their names.

    Args:
        holder: Such as a fleet or an explanation.
    """
    return {name: value for name, value in vars(holder).items() if isinstance(value, pl.DataFrame)}


def summarise(name: str, frames: Mapping[str, pl.DataFrame]) -> str:
    """Return which frames hold rows, in six lines at most, the largest first: what a prompt shows.

    Args:
        name: What holds them.
        frames: Each under its name.
    """
    sizes = sorted(((frame.height, each) for each, frame in frames.items()), reverse=True)
    filled = [f"{each} {height:,}" for height, each in sizes if height]
    head = f"{name}: {len(filled)} of {len(sizes)} tables hold rows"
    return "\n".join([head, *textwrap.wrap(", ".join(filled), 100, max_lines=5)])


@cache
def _schemas(collection: type[_Frames]) -> dict[str, type[dy.Schema]]:
    """Return the schema of each table of a collection."""
    hints = get_type_hints(collection)
    return {each.name: get_args(hints[each.name])[0] for each in fields(collection)}


@dataclass(frozen=True, repr=False)
class Tables(_Frames):
    """What an export says; each attribute is one table, named after what its rows are."""

    members: dy.DataFrame[Member]
    gaps: dy.DataFrame[Gap]
    coverage: dy.DataFrame[Coverage]
    devices: dy.DataFrame[Device]
    events: dy.DataFrame[Event]
    log_lines: dy.DataFrame[LogLine]
    registry_values: dy.DataFrame[RegistryValue]
    settings: dy.DataFrame[Setting]
    properties: dy.DataFrame[Property]
    deployments: dy.DataFrame[Deployment]
    identities: dy.DataFrame[Identity] = field(default_factory=Identity.create_empty)
    enrollment_failures: dy.DataFrame[EnrollmentFailure] = field(
        default_factory=EnrollmentFailure.create_empty
    )
    item_statuses: dy.DataFrame[ItemStatus] = field(default_factory=ItemStatus.create_empty)
    item_counts: dy.DataFrame[ItemCount] = field(default_factory=ItemCount.create_empty)
    audit_changes: dy.DataFrame[AuditChange] = field(default_factory=AuditChange.create_empty)
    sign_ins: dy.DataFrame[SignIn] = field(default_factory=SignIn.create_empty)


@dataclass(frozen=True, repr=False)
class Trace(_Frames):
    """What happened, when, how long, and by which evidence."""

    marks: dy.DataFrame[Mark]
    steps: dy.DataFrame[Step]
    stage_runs: dy.DataFrame[StageRun]
    attempts: dy.DataFrame[Attempt]
    installs: dy.DataFrame[Install]
    screens: dy.DataFrame[Screen] = field(default_factory=Screen.create_empty)
    tls_checks: dy.DataFrame[TlsCheck] = field(default_factory=TlsCheck.create_empty)


@dataclass(frozen=True, repr=False)
class Findings(_Frames):
    """What went wrong, most severe first, and the proof of each."""

    findings: dy.DataFrame[Finding]
    evidence: dy.DataFrame[Evidence]
