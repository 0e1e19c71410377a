"""An Excel workbook -> its sheets, each as a CSV file, so that whatever reads CSV exports reads them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from autopilot_analysis.errors import DamagedArchive, LimitExceeded
from autopilot_analysis.export.archive import Entry
from autopilot_analysis.export.content import CHUNK, DAMAGE, LooseFile
from autopilot_analysis.export.limits import Budget
from autopilot_analysis.export.magic import COMPOUND_FILE
from autopilot_analysis.export.workspace import Workspace

PART = "xl/workbook.xml"
"""The part that every workbook of Excel 2007 or later has; those in binary form have another."""
READ, REFUSED = (".xlsx", ".xlsm"), (".xlsb", ".ods")
BEFORE_2007 = ".xls"
"""Endings of workbooks, which README and docs name: those that are read, and those that are not."""
AS_XLSX = f"save it as {READ[0]}"
"""What to do about a workbook in a form that is not read."""
MOST_SHEETS = 50
MOST_CELLS = 20_000_000
"""Cells between the first and the last one of a sheet, empty ones among them: each takes memory."""
TITLE_ROWS = 30
"""Rows among which the headings are looked for, below a title or blank rows."""
LEAST_OF_WIDEST = 0.6
"""A row with at least this part of the filled cells of the widest one is no title: it holds the headings."""
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,3})(\d{1,7})["']""")
"""Where a cell or a row stands in a sheet: "AB12", or "12" of a row."""
_OVERLAP = 64
_MIDNIGHT = " 00:00:00"
_DAY_ZERO = re.compile(r"1899-12-3[01] (\d\d:\d\d:\d\d)")
"""A time of day, which Excel keeps as a part of its day zero."""


def is_workbook(names: Sequence[str]) -> bool:
    """Tell whether a ZIP is a workbook, by the names of its files.

    Args:
        names: As the ZIP spells them.
    """
    return PART in (name.replace("\\", "/").lower() for name in names)


def other_workbook(name: str, head: bytes) -> str | None:
    """Return what a workbook is that no sheet is read of, and what to do; None for anything else.

    Args:
        name: The file's own name.
        head: Its first bytes.
    """
    ending = Path(name).suffix.lower()
    if ending not in (*READ, *REFUSED, BEFORE_2007):
        return None
    if head.startswith(COMPOUND_FILE):
        if ending == BEFORE_2007:
            return f"is a workbook in the form before Excel 2007; {AS_XLSX}"
        return "is a workbook protected with a password; save it without one"
    if ending in REFUSED and head.startswith(b"PK"):
        return f"is a workbook in a form that is not read here ({ending}); {AS_XLSX}"
    return None


def workbook_entries(path: Path, workspace: Workspace, budget: Budget) -> Iterator[Entry]:
    """Yield each sheet with rows as a CSV file: the headings first, whatever title stands above them.

    Args:
        path: The workbook.
        workspace: Where the sheets are written.
        budget: Bounds what the workbook unpacks to.

    Raises:
        DamagedArchive: It is cut or damaged.
        LimitExceeded: It unpacks to more than the limits allow, or has too many sheets or cells.
    """
    _check(path, workspace.zip_file(path), budget)
    import fastexcel  # a workbook alone needs it

    try:
        book = fastexcel.read_excel(path)
        names = book.sheet_names
    except fastexcel.FastExcelError as error:
        raise DamagedArchive(f"is a workbook that cannot be read: {_words(error)}") from error
    if len(names) > MOST_SHEETS:
        raise LimitExceeded(f"has {len(names):,} sheets, more than {MOST_SHEETS}; save the one that matters")
    for name in names:
        try:
            rows = book.load_sheet(name, header_row=None, dtypes="string").to_polars().rows()
        except fastexcel.FastExcelError as error:
            refused = DamagedArchive(f"is a sheet that cannot be read: {_words(error)}")
            yield Entry(f"{name}.csv", LooseFile(0, path), 1, refused)
            continue
        if content := sheet_csv(rows):
            file = workspace.new_path()
            file.write_bytes(content)
            yield Entry(f"{name}.csv", LooseFile(len(content), file), len(content))


def sheet_csv(rows: Sequence[tuple[Any, ...]]) -> bytes:
    """Return the rows of a sheet as CSV from their headings on; empty where no row lies below headings.

    Args:
        rows: Its cells as text, None for an empty one.
    """
    cells = [[_text(cell) for cell in row] for row in rows]
    filled = [row for row in cells if any(row)]
    widest = max((sum(map(bool, row)) for row in filled[:TITLE_ROWS]), default=0)
    first = next(
        (place for place, row in enumerate(filled) if sum(map(bool, row)) >= LEAST_OF_WIDEST * widest), 0
    )
    if widest < 2 or len(filled) < first + 2:
        return b""
    used = [place for place in range(len(filled[first])) if any(row[place] for row in filled[first:])]
    headings = {place: filled[first][place] or f"column {place + 1}" for place in used}
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(headings.values())
    writer.writerows([row[place] for place in used] for row in filled[first + 1 :])
    return written.getvalue().encode("utf-8", "replace")


def _text(cell: Any) -> str:
    """Return a cell as a list writes it: a day without midnight, a time of day without Excel's day zero."""
    text = "" if cell is None else str(cell).strip()
    if of_day := _DAY_ZERO.fullmatch(text):
        return of_day[1]
    return text.removesuffix(_MIDNIGHT) if len(text) == len("2026-01-31") + len(_MIDNIGHT) else text


def _check(path: Path, archive: ZipFile, budget: Budget) -> None:
    """Refuse a workbook that unpacks to too much, or a sheet whose cells lie too far apart."""
    listed = archive.infolist()
    unpacked = sum(entry.file_size for entry in listed)
    budget.check_size(unpacked)
    budget.check_ratio(unpacked, path.stat().st_size, whole=True)
    for entry in listed:
        budget.check_ratio(entry.file_size, entry.compress_size)
        if re.match(r"(?i)xl[\\/]worksheets[\\/]", entry.filename):
            _check_sheet(archive, entry.filename, entry.file_size)


def _check_sheet(archive: ZipFile, name: str, size: int) -> None:
    """Refuse a sheet that is larger than declared, or that would take too much memory."""
    columns = rows = done = 0
    rest = b""
    try:
        with archive.open(name) as stream:
            while chunk := stream.read(CHUNK):
                done += len(chunk)
                if done > size:
                    raise DamagedArchive("is a workbook that holds more than it declares")
                for letters, number in _PLACE.findall(rest + chunk):
                    columns, rows = max(columns, _column(letters)), max(rows, int(number))
                rest = chunk[-_OVERLAP:]
    except DAMAGE as error:
        raise DamagedArchive(f"is a workbook that cannot be unpacked: {error}") from error
    if rows * columns > MOST_CELLS:
        raise LimitExceeded(
            f"has a sheet of {rows:,} rows and {columns:,} columns, more than {MOST_CELLS:,} cells; "
            "save the part that matters"
        )


def _column(letters: bytes) -> int:
    """Return the number of a column: 1 for A, 27 for AA."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - 64
    return number


def _words(error: Exception) -> str:
    """Return what the library says, its first line."""
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
