from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autopilot_analysis import open_export, read_tables
from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.texts.hardware.device_hash import read_device_hash

HEADER = "Device Serial Number,Windows Product ID,Hardware Hash"


def rows(content):
    return read_device_hash(content).rows["properties"].rows()


def test_each_row_is_a_section_with_our_names_and_its_line():
    content = (
        f"{HEADER},Group Tag,Assigned User\r\nSN-0001,,QUJD,Kiosk,user@example.com\r\n\r\nSN-0002,,REVG,,\r\n"
    )
    assert rows(content.encode())[3:9] == [
        (2, "row 1", "serial number", "SN-0001"),
        (2, "row 1", "product id", ""),
        (2, "row 1", "hardware hash", "QUJD"),
        (2, "row 1", "group tag", "Kiosk"),
        (2, "row 1", "assigned user", "user@example.com"),
        (4, "row 2", "serial number", "SN-0002"),
    ]


def test_how_the_file_is_written_is_told():
    plain = f"{HEADER}\r\nSN-0001,,QUJD\r\n"
    assert [row[3] for row in rows(plain.encode())[:3]] == ["ansi", ",", "no"]
    excel = '\ufeff"Device Serial Number";"Windows Product ID";"Hardware Hash"\r\n"SN-0001";"";"QUJD"\r\n'
    assert [row[3] for row in rows(excel.encode())[:3]] == ["utf-8-bom", ";", "yes"]
    assert rows(excel.encode())[3][3] == "SN-0001"
    assert rows(plain.encode("utf-16"))[0][3] == "utf-16"


def test_columns_nobody_asked_for_keep_their_names():
    content = f"{HEADER},Remark\r\nSN-0001,,QUJD,new,more\r\n".encode()
    assert [row[2:] for row in rows(content)[-2:]] == [("Remark", "new"), ("column 5", "more")]


def test_a_type_line_of_powershell_is_passed_over():
    content = f"#TYPE System.Object\r\n{HEADER}\r\nSN-0001,,QUJD\r\n".encode()
    assert rows(content)[3] == (3, "row 1", "serial number", "SN-0001")


def test_a_cell_beyond_every_measure_is_a_gap():
    reading = read_device_hash(f"{HEADER}\nSN-0001,,QUJD\nSN-0002,,{'A' * 200_000}\n".encode())
    assert reading.count == 6
    assert len(reading.unread) == 1


def test_another_csv_is_refused():
    for content in (b"", b"a,b,c\r\n1,2,3\r\n"):
        with pytest.raises(NotThisFormat):
            read_device_hash(content)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200) | st.text(alphabet='a,";\r\n\0 ', max_size=200).map(str.encode))
def test_any_bytes_give_a_reading_or_are_refused(noise):
    assert isinstance(read_device_hash(HEADER.encode() + b"\r\n" + noise), Reading)
    with suppress(NotThisFormat):
        assert isinstance(read_device_hash(noise), Reading)


def test_a_genuine_hash_is_whole_and_names_its_machine(genuine):
    tables = read_tables(open_export(genuine / "mdm-diagnostics-23h2.cab"), only=["properties"])
    told = dict(tables.properties.filter(section="hardware of row 1").select("name", "value").iter_rows())
    assert (told["state"], told["ek present"], told["tpm"]) == ("whole", "yes", "2.0")
    names = ("maker", "machine", "bios vendor", "disk", "tpm vendor", "tpm firmware")
    assert all(told[name] for name in names)
