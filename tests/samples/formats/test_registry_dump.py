"""The dump of the diagnostics tool, and what `reg export` writes: two texts of one registry."""

import pytest

from autopilot_analysis.samples.formats.registry_dump import (
    Expandable,
    Quad,
    write_registry_dump,
    write_registry_export,
)


@pytest.mark.parametrize(
    ("value", "dumped", "exported"),
    [
        ('C:\\a "b"', '"C:\\a "b""', '"C:\\\\a \\"b\\""'),
        (-1, "DWORD:ffffffff", "dword:ffffffff"),
        (Quad(258), "QWORD:102", "hex(b):02,01,00,00,00,00,00,00"),
        (b"\x01\xff", "hex(3):01,ff", "hex:01,ff"),
        (Expandable("a"), "hex(2):61,00,00,00", "hex(2):61,00,00,00"),
        (["a", "b"], 'MULTI_SZ:"a","b"', "hex(7):61,00,00,00,62,00,00,00,00,00"),
    ],
)
def test_a_value_is_escaped_only_in_an_export(value, dumped, exported):
    registry = {"HKEY_LOCAL_MACHINE\\a": {"name": value}}
    assert write_registry_dump(registry).decode() == f'[HKEY_LOCAL_MACHINE\\a]\r\n    "name"={dumped}\r\n\r\n'
    assert f'"name"={exported}\r\n' in write_registry_export(registry).decode("utf-16")


def test_a_value_without_a_name_is_the_keys_own_and_a_key_without_values_stands_too():
    dump = write_registry_dump({"a": {"": "x"}, "b": {}}).decode()
    assert dump == '[a]\r\n    @="x"\r\n\r\n[b]\r\n\r\n'
    assert write_registry_export({}).startswith(b"\xff\xfeW\0i\0n\0")
