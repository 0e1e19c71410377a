"""What was handed in, as the rest of the package sees it: members, what was not read, captures."""

from __future__ import annotations

import builtins
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Literal

from autopilot_analysis.errors import AnalysisError
from autopilot_analysis.export.content import Content
from autopilot_analysis.export.sources import reader_of
from autopilot_analysis.export.workspace import Workspace

State = Literal["damaged", "not_read", "unknown"]


@dataclass(frozen=True)
class Member:
    """One file of an export; its bytes are read when they are asked for."""

    path: str
    """Path inside the export, '/' between folders and archives, such as `mdmlogs.cab/setupact.log`."""
    source: str
    """Which known thing it is (`facts/sources.csv`), or `unknown`."""
    capture: str
    """Which capture it belongs to; see `captures`."""
    bytes: int
    """Unpacked size as its container declares it."""
    content: Content = field(repr=False, compare=False)

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.path.rpartition("/")[2]

    @property
    def reader(self) -> str | None:
        """Key of the reader that reads its source; None when it is only listed."""
        return reader_of(self.source)

    def read(self) -> builtins.bytes:
        """Return the whole content.

        Raises:
            DamagedArchive: It cannot be unpacked, or holds other than its container declares.
        """
        try:
            return self.content.read()
        except AnalysisError as error:
            raise type(error)(f"{self.path}: {error}") from error


@dataclass(frozen=True)
class NotRead:
    """One thing of an export that was not read; it becomes a row of `gaps`.

    `member` may be the path of a member too (a trace that only Windows decodes, a second file of one name).
    `state` is what the `members` table says of a path that is no member; None when there is no such file.
    """

    member: str
    reason: str
    count: int | None = None
    advice: str | None = None
    state: State | None = "not_read"
    error: type[AnalysisError] | None = None


@dataclass(frozen=True, eq=False)
class Export:
    """An opened export; close it, or use it in a `with`, or let it go: its private room on disk vanishes."""

    path: Path
    members: tuple[Member, ...]
    gaps: tuple[NotRead, ...]
    captures: tuple[str, ...]
    workspace: Workspace = field(repr=False)

    def close(self) -> None:
        """Remove what was unpacked; members of cabinets and ZIP files cannot be read afterwards."""
        self.workspace.close()

    def __enter__(self) -> Export:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        counts = f"{len(self.members)} members, {len(self.captures)} captures, {len(self.gaps)} gaps"
        return f"<Export {self.path.name}: {counts}>"
