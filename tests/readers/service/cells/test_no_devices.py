import polars as pl
import pytest

from autopilot_analysis.readers.service.cells.no_devices import FOR_IMPORT, LEAST_HASH, records_alone

HEADERS = ("Device serial number", "Windows product ID", "Hardware hash", "Manufacturer name", "Device model")


def a_list(*rows):
    cells = [[*row.split(","), *[""] * 5][:5] for row in rows]
    return pl.DataFrame(cells, schema=dict.fromkeys(HEADERS, pl.String), orient="row")


def kept(report, *rows):
    cells, unread = records_alone(report, a_list(*rows))
    return cells[HEADERS[0]].to_list(), [gap.reason for gap in unread]


def test_rows_that_a_spreadsheet_saved_without_a_cell_are_no_devices():
    assert kept(FOR_IMPORT, "SN-0001", *[" ,,,"] * 200, ",00000-11111") == (["SN-0001", ""], [])
    assert kept("managedDevices", "SN-0001", ",,,,") == (["SN-0001"], [])


@pytest.mark.parametrize(
    "words",
    ["Total: 3", "Summe 3", "# made by hand", "EXAMPLE EXPLAINED (take this out)", "Row 2 shows the hash"],
)
def test_words_below_a_list_for_import_are_no_device_and_that_is_said(words):
    left, said = kept(FOR_IMPORT, "SN-0001", words)
    assert left == ["SN-0001"]
    assert said == [
        "1 row holds words in place of a device and is not counted; "
        "take them out before this list is uploaded"
    ]
    assert kept("managedDevices", words)[0] == [words]


@pytest.mark.parametrize(
    "row",
    [
        "SN-0002,,,Example,Notebook 5",
        "VMware-56 4d 71 ab cd ef 01 02",
        "To be filled by O.E.M.,,,Example,Desktop 5",
        "0000-0011-2233",
        "SN 0002",
    ],
)
def test_a_device_by_its_serial_maker_and_model_or_by_an_odd_serial_stays(row):
    assert kept(FOR_IMPORT, row) == ([row.partition(",")[0]], [])


def test_a_header_in_the_midst_of_two_lists_is_no_row_of_any_report():
    left, said = kept("managedDevices", "SN-0001", ",".join(HEADERS), "SN-0002")
    assert left == ["SN-0001", "SN-0002"]
    assert said == ["the header stands in the midst of the rows 1 time: lists were put together"]
    assert kept("managedDevices", f"{HEADERS[0]},other")[1] == []


def test_a_hash_too_short_to_be_whole_is_said_of_a_list_for_import():
    short, whole = f"SN-0001,,{'A' * (LEAST_HASH - 1)}", f"SN-0002,,{'A' * LEAST_HASH}"
    assert kept(FOR_IMPORT, short, whole)[1] == [
        "1 hardware hash of this list is no whole one: too short; an import refuses it"
    ]
    assert LEAST_HASH == 1_000
    assert kept(FOR_IMPORT, whole)[1] == kept("managedDevices", short)[1] == []
