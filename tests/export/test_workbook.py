"""Sheets of Excel workbooks as CSV members, and workbooks that are refused."""

from __future__ import annotations

import zipfile

import pytest
from export.workbooks import Day, Span, write_workbook

from autopilot_analysis.errors import NotAnExport
from autopilot_analysis.export import open_export
from autopilot_analysis.export.limits import Limits
from autopilot_analysis.export.workbook import other_workbook, sheet_csv

HEADINGS = ["Serial number", "Date", "Result", "Duration"]
ROWS = [[f"SN10{n}", Day(45931 + n), "ok", Span(0.03)] for n in range(5)]
TITLED = [["Rollout in autumn"], [], HEADINGS, *ROWS]


def members_of(path, **limits):
    with open_export(path, limits=Limits(**limits)) as export:
        texts = {member.path: member.read().decode() for member in export.members}
        return texts, {gap.member: gap.reason for gap in export.gaps}


def test_a_sheet_is_a_csv_from_its_headings_on_with_days_and_spans(tmp_path):
    path = write_workbook(tmp_path / "list.xlsx", {"Rollout": TITLED, "Notes": [["nothing"]], "Empty": []})
    texts, gaps = members_of(path)
    assert list(texts) == ["Rollout.csv"]
    assert texts["Rollout.csv"].splitlines()[:2] == [
        "Serial number,Date,Result,Duration",
        "SN100,2025-10-01,ok,00:43:12",
    ]
    assert gaps == {}


def test_a_workbook_in_a_folder_is_an_archive_of_its_sheets(tmp_path):
    write_workbook(tmp_path / "list.xlsx", {"A": TITLED, "B": TITLED})
    texts, _ = members_of(tmp_path)
    assert list(texts) == ["list.xlsx/A.csv", "list.xlsx/B.csv"]


def test_a_workbook_in_a_zip_is_read_too(tmp_path):
    book = write_workbook(tmp_path / "list.xlsx", {"A": TITLED})
    with zipfile.ZipFile(tmp_path / "mail.zip", "w") as archive:
        archive.write(book, "list.xlsx")
    assert list(members_of(tmp_path / "mail.zip")[0]) == ["list.xlsx/A.csv"]


def test_a_cut_workbook_is_one_line(tmp_path):
    path = write_workbook(tmp_path / "list.xlsx", {"A": TITLED})
    path.write_bytes(path.read_bytes()[:900])
    with pytest.raises(NotAnExport, match="cut"):
        open_export(path)


def test_a_workbook_with_a_broken_part_is_one_line(tmp_path):
    path = write_workbook(tmp_path / "list.xlsx", {"A": TITLED}, **{"xl__workbook.xml": "<workbook"})
    with pytest.raises(NotAnExport, match="workbook"):
        open_export(path)


def test_a_sheet_whose_cells_lie_too_far_apart_is_refused(tmp_path):
    far = '<worksheet><sheetData><row r="1"><c r="A1"/><c r="XFD1048576"/></row></sheetData></worksheet>'
    path = write_workbook(tmp_path / "list.xlsx", {"A": TITLED}, **{"xl__worksheets__sheet1.xml": far})
    with pytest.raises(NotAnExport, match="1,048,576 rows and 16,384 columns"):
        open_export(path)


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path):
    path = write_workbook(tmp_path / "list.xlsx", {"A": TITLED})
    with pytest.raises(NotAnExport, match="unpacks"):
        open_export(path, limits=Limits(member_bytes=2_000))


def test_a_workbook_of_too_many_sheets_is_refused(tmp_path):
    path = write_workbook(tmp_path / "list.xlsx", {f"S{n}": TITLED for n in range(51)})
    with pytest.raises(NotAnExport, match="51 sheets"):
        open_export(path)


def test_a_protected_workbook_says_so(tmp_path):
    (tmp_path / "list.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    with pytest.raises(NotAnExport, match="protected with a password; save it without one"):
        open_export(tmp_path / "list.xlsx")


@pytest.mark.parametrize(
    ("name", "head", "words"),
    [
        ("list.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "before Excel 2007"),
        ("list.ods", b"PK\x03\x04", "(.ods)"),
        ("list.xlsx", b"PK\x03\x04", None),
        ("mail.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", None),
    ],
)
def test_other_workbooks_are_named(name, head, words):
    found = other_workbook(name, head)
    assert found is None if words is None else words in found


def test_a_row_of_a_few_cells_above_a_wide_list_is_a_title():
    rows = [("Site", "Berlin", None, None, None), ("a", "b", "c", None, "e"), ("1", None, "3", None, "5")]
    assert sheet_csv(rows).decode() == "a,b,c,e\n1,,3,5\n"


def test_a_sheet_of_headings_alone_or_of_one_column_holds_no_list():
    assert sheet_csv([("a", "b")]) == b""
    assert sheet_csv([("a",), ("b",)]) == b""


def test_the_library_is_not_loaded_where_there_is_no_workbook(tmp_path):
    import subprocess
    import sys

    (tmp_path / "list.csv").write_text("Serial number,Model,Group tag\nSN1,Slate,EAST\n")
    code = (
        "import sys; from autopilot_analysis.export import open_export; "
        f"open_export({str(tmp_path)!r}).close(); print('fastexcel' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_document_that_is_no_workbook_stays_a_document(tmp_path):
    with zipfile.ZipFile(tmp_path / "letter.docx", "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    (tmp_path / "list.csv").write_text("Serial number,Model,Group tag\nSN1,Slate,EAST\n")
    with open_export(tmp_path) as export:
        assert [member.path for member in export.members] == ["letter.docx", "list.csv"]
