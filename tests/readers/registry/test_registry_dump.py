from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.export import open_export
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.registry.registry_dump import read_registry_dump

KEY = r"HKEY_LOCAL_MACHINE\software\example"


def dump(*lines):
    return "\r\n".join([f"[{KEY}]", *(f"    {line}" for line in lines), "", ""]).encode()


def values(content):
    return read_registry_dump(content).rows["registry_values"].select("name", "kind", "value").rows()


def gaps(content):
    return [(gap.record, gap.count) for gap in read_registry_dump(content).unread]


def test_every_kind_the_tool_writes_becomes_text():
    content = dump(
        '"Text"="one"',
        '@="default"',
        '"Number"=DWORD:0000000f',
        '"Big"=QWORD:ffffffffffffffff',
        '"Many"=MULTI_SZ:"first","second"',
        '"Path"=hex(2):25,00,41,00,25,00,00,00',
        '"Bytes"=hex(3):0A,ff',
        '"Nothing"=hex(0):',
        '"Resource"=hex(8):01',
        '"Strange"=hex(20):01',
    )
    assert values(content) == [
        ("Text", "REG_SZ", "one"),
        ("", "REG_SZ", "default"),
        ("Number", "REG_DWORD", "15"),
        ("Big", "REG_QWORD", "18446744073709551615"),
        ("Many", "REG_MULTI_SZ", "first\nsecond"),
        ("Path", "REG_EXPAND_SZ", "%A%"),
        ("Bytes", "REG_BINARY", "0aff"),
        ("Nothing", "REG_NONE", ""),
        ("Resource", "REG_RESOURCE_LIST", "01"),
        ("Strange", "REG_TYPE_20", "01"),
    ]
    assert gaps(content) == []


def test_bare_quotes_and_backslashes_stay_as_they_are():
    content = dump(r'"Cache"="{"Profile":"C:\\Users","n":1}"', r'"Path"="C:\Windows\"')
    assert [row[2] for row in values(content)] == [r'{"Profile":"C:\\Users","n":1}', "C:\\Windows\\"]


def test_a_value_with_line_breaks_is_one_value():
    content = dump('"Json"="{', ' "a": "b",', "", ' "c": "d"', '}"', '"Next"=DWORD:00000001')
    assert values(content) == [
        ("Json", "REG_SZ", '{\n     "a": "b",\n    \n     "c": "d"\n    }'),
        ("Next", "REG_DWORD", "1"),
    ]
    assert gaps(content) == []


def test_key_and_line_number_go_with_the_value():
    content = f'[{KEY}]\r\n\r\n[{KEY}\\sub]\r\n    "a"="1"\r\n'.encode()
    rows = read_registry_dump(content).rows["registry_values"]
    assert rows.select("record", "key").rows() == [(4, f"{KEY}\\sub")]


def test_a_utf16_dump_with_leading_blanks_reads_alike():
    text = f'[{KEY}]\r\n        "a"=DWORD:0000000A\r\n'
    assert values(text.encode("utf-16")) == values(text.encode()) == [("a", "REG_DWORD", "10")]


def test_lines_that_say_nothing_are_counted_with_the_first_line():
    assert gaps(dump('"a"="1"', "torn", "also torn", '"b"="2"')) == [(3, 2)]


def test_ill_formed_numbers_and_bytes_are_gaps_not_values():
    content = dump(
        '"a"=DWORD:xyz', '"b"=DWORD:-1', '"c"=hex(3):0g', '"d"=QWORD:', '"e"=DWORD:1ffffffff', '"f"="ok"'
    )
    assert values(content) == [("f", "REG_SZ", "ok")]
    assert gaps(content) == [(2, 5)]


def test_a_dump_cut_at_its_beginning_tells_of_values_without_a_key():
    content = b'alue"="x"\r\n    "a"="1"\r\n' + dump('"b"="2"')
    assert values(content) == [("b", "REG_SZ", "2")]
    assert gaps(content) == [(2, 1), (1, 1)]


def test_a_dump_cut_inside_a_string_keeps_every_whole_value():
    content = dump('"a"="1"', '"b"="long text').rstrip()[:-3]
    assert values(content) == [("a", "REG_SZ", "1")]
    assert gaps(content) == [(3, 1)]


def test_a_dump_cut_inside_a_number_says_that_the_number_may_be_cut():
    content = dump('"a"="1"', '"b"=QWORD:ffff').rstrip()
    assert values(content)[1] == ("b", "REG_QWORD", "65535")
    assert gaps(content) == [(3, 1)]


def test_a_dump_cut_between_two_bytes_gives_no_bytes():
    content = dump('"a"="1"', '"b"=hex(3):01,02,').rstrip()
    assert values(content) == [("a", "REG_SZ", "1")]
    assert gaps(content) == [(3, 1)]


def test_a_standard_export_and_other_texts_are_refused():
    for content in (
        b"",
        b"hello",
        f'Windows Registry Editor Version 5.00\r\n\r\n[{KEY}]\r\n"a"="1"\r\n'.encode(),
    ):
        with pytest.raises(NotThisFormat):
            read_registry_dump(content)


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=300)
    | st.text(alphabet='[]HKEY_\\"=@:hexDWORD(3),0fA \r\n-', max_size=300).map(str.encode)
)
def test_any_bytes_give_a_reading_or_are_refused(noise):
    assert isinstance(read_registry_dump(dump('"a"="1"') + noise), Reading)
    with suppress(NotThisFormat):
        assert isinstance(read_registry_dump(noise), Reading)


def test_the_genuine_dump_reads_to_the_last_value(genuine):
    member = next(
        m
        for m in open_export(genuine / "mdm-diagnostics-23h2.cab").members
        if m.path.endswith("RegistryDump.reg")
    )
    reading = read_registry_dump(member.read())
    rows = reading.rows["registry_values"]
    assert rows.height == 22683
    assert reading.unread == ()
    assert rows["record"].max() == 31326
    assert dict(rows["kind"].value_counts().iter_rows()) == {
        "REG_DWORD": 14046,
        "REG_SZ": 6416,
        "REG_BINARY": 1900,
        "REG_QWORD": 276,
        "REG_MULTI_SZ": 25,
        "REG_EXPAND_SZ": 20,
    }
