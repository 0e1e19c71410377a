from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.registry.registry_export import read_registry_export

KEY = r"HKEY_LOCAL_MACHINE\SOFTWARE\Example"


def export(*lines, header="Windows Registry Editor Version 5.00"):
    return ("\ufeff" + "\r\n".join([header, "", f"[{KEY}]", *lines, ""])).encode("utf-16-le")


def rows(content):
    return (
        read_registry_export(content).rows["registry_values"].select("record", "name", "kind", "value").rows()
    )


def test_every_kind_becomes_text():
    content = export(
        r'@="C:\\Windows"',
        r'"say \"hi\""="a \"quoted\" text"',
        '"n"=dword:ffffffff',
        '"q"=hex(b):02,00,00,00,00,00,00,00',
        '"m"=hex(7):41,00,00,00,42,00,00,00,00,00',
        '"e"=hex(2):25,00,00,00',
        '"b"=hex:DE,AD',
        '"none"=hex(0):',
        '"empty"=""',
    )
    assert rows(content) == [
        (4, "", "REG_SZ", "C:\\Windows"),
        (5, 'say "hi"', "REG_SZ", 'a "quoted" text'),
        (6, "n", "REG_DWORD", "4294967295"),
        (7, "q", "REG_QWORD", "2"),
        (8, "m", "REG_MULTI_SZ", "A\nB"),
        (9, "e", "REG_EXPAND_SZ", "%"),
        (10, "b", "REG_BINARY", "dead"),
        (11, "none", "REG_NONE", ""),
        (12, "empty", "REG_SZ", ""),
    ]


def test_bytes_go_on_over_lines_and_keep_the_first_line_number():
    content = export(
        '"b"=hex:01,02,\\', "  03,04,\\", "  05", '"long"=hex(2):\\', "  41,00,00,00", '"n"=dword:00000001'
    )
    assert rows(content) == [
        (4, "b", "REG_BINARY", "0102030405"),
        (7, "long", "REG_EXPAND_SZ", "A"),
        (9, "n", "REG_DWORD", "1"),
    ]


def test_a_string_with_line_breaks_is_one_value_and_a_comment_is_none():
    content = export("; comment", '"s"="first', "; still text", "", 'last"', '"t"="x\\\\"')
    assert rows(content) == [(5, "s", "REG_SZ", "first\n; still text\n\nlast"), (9, "t", "REG_SZ", "x\\")]
    assert read_registry_export(content).unread == ()


def test_deletions_are_rows_without_a_value():
    content = export('"gone"=-', "", r"[-HKEY_CURRENT_USER\Old]")
    found = read_registry_export(content).rows["registry_values"]
    assert found.select("key", "name", "kind", "value").rows() == [
        (KEY, "gone", "REG_DELETED", None),
        (r"HKEY_CURRENT_USER\Old", "", "REG_DELETED", None),
    ]


def test_an_old_export_reads_alike():
    assert read_registry_export(f'REGEDIT4\r\n\r\n[{KEY}]\r\n"a"="b"\r\n'.encode()).count == 1


def test_torn_lines_are_counted():
    reading = read_registry_export(export('"a"="b"', "torn", '"c"="d'))
    assert [(gap.record, gap.count) for gap in reading.unread] == [(6, 1), (5, 1)]
    assert reading.count == 1


def test_bytes_cut_inside_a_continuation_are_a_gap_not_a_value():
    for end in ("", "\r\n"):
        content = export('"a"="b"', '"c"=hex:01,02,\\').decode("utf-16-le").rstrip() + end
        reading = read_registry_export(content.encode("utf-16-le"))
        assert (reading.count, [gap.record for gap in reading.unread]) == (1, [5])


def test_a_text_without_the_header_is_refused():
    with pytest.raises(NotThisFormat):
        read_registry_export(f'[{KEY}]\r\n"a"="b"'.encode())


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=200)
    | st.text(alphabet='[]HKEY_\\"=@:hexdword(3),0fA \r\n-;', max_size=200).map(str.encode)
)
def test_any_bytes_behind_the_header_give_a_reading(noise):
    assert isinstance(read_registry_export(b"REGEDIT4\r\n[HKEY_X]\r\n" + noise), Reading)
    with suppress(NotThisFormat):
        assert isinstance(read_registry_export(noise), Reading)
