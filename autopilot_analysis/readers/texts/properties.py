"""Named facts gathered one by one while a small member is read."""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

from autopilot_analysis.readers.reading import Reading, Unread, rows_of


class Properties:
    """Rows of `properties` in the order they were found.

    Example:
        >>> found = Properties()
        >>> found.add("Device State", "AzureAdJoined", "YES", record=3)
        >>> found.reading().count
        1
    """

    def __init__(self) -> None:
        self._rows: list[tuple[int, str, str, str | None]] = []

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def records(self) -> frozenset[int]:
        """The lines that facts were found in."""
        return frozenset(row[0] for row in self._rows)

    def add(self, section: str, name: str, value: str | None, record: int | None = None) -> None:
        """Append one fact.

        Args:
            section: Heading or path it stands under; empty when there is none.
            name: What it is about, as written.
            value: What was written; None when the file itself says null.
            record: Text line, from 1; without it, the position among the facts.
        """
        self._rows.append((len(self._rows) + 1 if record is None else record, section, name, value))

    def reading(self, unread: tuple[Unread, ...] = ()) -> Reading:
        """Return the facts as a reading.

        Args:
            unread: What could not be read beside them.
        """
        columns = [list(column) for column in zip(*self._rows, strict=True)] or [[], [], [], []]
        named = dict(zip(("record", "section", "name", "value"), columns, strict=True))
        return Reading({"properties": rows_of("properties", named)}, unread)


def encoding_of(content: bytes) -> str:
    """Name how a text is stored: utf-8-bom, utf-16, utf-8 or ansi.

    Plain ASCII is "ansi": it reads alike in every code page. Autopilot ignores a configuration file that is
    not ANSI (Microsoft: Windows Autopilot known issues).

    Args:
        content: The whole file.
    """
    if content.startswith(BOM_UTF8):
        return "utf-8-bom"
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) or b"\0" in content[:64]:
        return "utf-16"
    try:
        return "ansi" if content.isascii() or not content.decode("utf-8") else "utf-8"
    except UnicodeDecodeError:
        return "ansi"
