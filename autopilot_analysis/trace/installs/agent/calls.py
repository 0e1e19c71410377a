"""One call of a script as one log shows it, and the states a call goes through while its log is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

import msgspec
import polars as pl

Message = Mapping[str, object]

OPTIONS = {"powershell": "script", "powershelldetection": "rule", "remediationscript": "remediation"}
"""Options of the executor's command line, and the family of scripts each runs."""

SCRIPT_MAY_RUN = timedelta(hours=1)
"""How long the agent lets a script run: a call older than that has ended, whatever its log still says."""


class Call(msgspec.Struct):
    """One start of PowerShell: a platform script, a rule's script, or one part of a remediation."""

    part: str
    first: Message
    begun: Message | None = None
    ended: Message | None = None
    process: str | None = None
    exit_code: int | None = None
    output: str | None = None
    error: str | None = None
    host: str | None = None
    """32 bits or 64 bits, as the log says of its PowerShell; null where it does not."""
    policy: str | None = None
    """The execution policy that the agent asked its PowerShell for; null where the log does not show it."""
    timed_out: bool = False
    shared: bool = False

    @property
    def moment(self) -> datetime | None:
        """When the call began, as nearly as its log knows."""
        return moment_of(self.begun or self.first)

    @property
    def until(self) -> datetime | None:
        """When the call ended, null where its log does not show that."""
        return moment_of(self.ended) if self.ended is not None else None

    def whole(self) -> bool:
        """Return whether this log alone shows the call from its start to its exit."""
        return self.begun is not None and self.ended is not None and not self.shared


class Run(msgspec.Struct):
    """One run of a script as one log shows it; of a remediation, all its calls."""

    family: str
    device: str
    item: str | None
    first: Message
    calls: list[Call] = msgspec.field(default_factory=list)
    version: str | None = None
    user: str | None = None
    context: str | None = None
    kind: str | None = None
    result: str | None = None
    compliant_before: bool | None = None
    compliant_after: bool | None = None
    report: str | None = None
    last: Message | None = None
    loose_exit: Message | None = None
    """The exit of a script before a run that nothing names: the two may be of one script."""

    def call(self, part: str) -> Call | None:
        """Return the call of one part, null where this log shows none."""
        return next((call for call in self.calls if call.part == part), None)

    def judged(self) -> bool:
        """Return whether this log shows what the agent made of a remediation in the end."""
        return self.report is not None or self.compliant_after is not None

    def ended(self, part: str | None = None) -> bool:
        """Return whether this log shows the end of one part, or of any part when none is named."""
        return any(call.ended is not None for call in self.calls if part in (call.part, None))


def moment_of(message: Message) -> datetime | None:
    """Return the moment of a message, null where nothing dates it."""
    moment = message["moment"]
    return moment if isinstance(moment, datetime) else None


def text_of(message: Message, name: str) -> str | None:
    """Return one capture of a message as text, null where it has none."""
    value = message[name]
    return None if value is None else str(value)


def item_of(message: Message) -> str | None:
    """Return the id a message names, in lower case."""
    named = text_of(message, "id")
    return named.lower() if named else None


def number_of(message: Message, name: str) -> int | None:
    """Return one capture of a message as a number, null where it has none."""
    text = text_of(message, name)
    return int(text) if text else None


def by_log(messages: pl.DataFrame) -> Iterator[tuple[str, Iterable[Message]]]:
    """Yield each log of each device, its rotated files in order of time, as (name of the log, messages)."""
    grouped = messages.sort("turn").partition_by("device", "stem", maintain_order=True, as_dict=True)
    for (_, stem), rows in grouped.items():
        yield str(stem).lower(), rows.iter_rows(named=True)


def is_near(one: datetime | None, other: datetime | None, most: timedelta) -> bool:
    """Return whether two moments lie no further apart than `most`; false where one is unknown."""
    return one is not None and other is not None and abs(one - other) <= most
