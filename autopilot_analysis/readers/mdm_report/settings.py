"""Policy and CSP results gathered one by one while a report is read."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.codes import code_of
from autopilot_analysis.readers.reading import rows_of

_DEVICE = "s-0-0-00-0000000000-0000000000-000000000-000"
"""The SID that app management writes for the device itself."""


class Settings:
    """Rows of `settings` in the order they were found."""

    def __init__(self) -> None:
        self._rows: list[tuple[str | None, ...]] = []

    def __len__(self) -> int:
        return len(self._rows)

    def add(
        self,
        scope: str | None,
        area: str | None,
        name: str,
        value: str | None,
        *,
        status: str | None = None,
        result: str | None = None,
    ) -> None:
        """Append one setting.

        Args:
            scope: "device" in any case, the SID of the device or of a user; None when it is not told.
            area: Policy area or CSP.
            name: Policy, resource, app or file.
            value: What was set; None when the report does not tell.
            status: What became of it.
            result: A result code in any spelling; a code of success leaves no code.
        """
        result_code = code_of(result, "result")
        code = result_code if result_code not in (None, "0x00000000") else None
        self._rows.append((_scope(scope), area, name, value, status, code))

    def frame(self) -> pl.DataFrame:
        """Return the settings as rows of `settings`."""
        columns = [list(column) for column in zip(*self._rows, strict=True)] or [[] for _ in range(6)]
        named = dict(zip(("scope", "area", "name", "value", "status", "code"), columns, strict=True))
        return rows_of("settings", {"record": list(range(1, len(self) + 1)), **named})


def _scope(scope: str | None) -> str | None:
    """Return "device" for the device, however it is spelt, and a user's SID as it is."""
    if scope and scope.lower() in ("device", "system", _DEVICE):
        return "device"
    return scope or None
