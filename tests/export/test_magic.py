import codecs

import pytest

from autopilot_analysis.export.magic import foreign, kinds_of, text_of

EVENT = b"<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System></System></Event>"


@pytest.mark.parametrize(
    ("head", "kinds"),
    [
        (b"", {"empty"}),
        (b"ElfFile\0rest", {"evtx"}),
        (b"MSCF\0\0\0\0", {"cab"}),
        (b"PK\x03\x04", {"zip"}),
        (b"PK\x05\x06", {"zip"}),
        (b"regf\0", {"hive"}),
        (b"\0\1\2\3\4\5", {"binary"}),
        (b"plain words", {"text"}),
        (b"Windows Registry Editor Version 5.00\r\n", {"text", "reg"}),
        (b"[HKEY_LOCAL_MACHINE\\Software]\r\n", {"text", "registry_dump"}),
        (b"x <![LOG[message]LOG]!>", {"text", "cmtrace"}),
        (b"<?xml version='1.0'?>\n<root/>", {"text", "xml"}),
        (EVENT, {"text", "xml", "evtx"}),
        (b"<?xml version='1.0'?>\r\n<Events>" + EVENT, {"text", "xml", "evtx"}),
        (codecs.BOM_UTF8 + b"<root a='b'>\n" + EVENT.replace(b"'", b'"'), {"text", "xml", "evtx"}),
        (codecs.BOM_UTF16_LE + EVENT.decode().encode("utf-16-le"), {"text", "xml", "evtx"}),
        (b"<a><b>" + EVENT, {"text", "xml"}),
        (EVENT.replace(b"2004/08", b"2005/01"), {"text", "xml"}),
        (b"<!-- words --><!DOCTYPE html>", {"text", "html"}),
        (b'{"a": 1}', {"text", "json"}),
        (b"[\n{", {"text", "json"}),
        (b"[12:00] a line of a log", {"text"}),
        (b"a,b\n1,2", {"text", "csv"}),
        (codecs.BOM_UTF16_LE + '{"a"'.encode("utf-16-le"), {"text", "json"}),
    ],
)
def test_first_bytes_tell_what_a_file_is(head, kinds):
    assert kinds_of(head) == kinds


@pytest.mark.parametrize(
    ("head", "text"),
    [
        ("Gerät".encode(), "Gerät"),
        (codecs.BOM_UTF8 + b"a", "a"),
        (codecs.BOM_UTF16_BE + "a".encode("utf-16-be"), "a"),
        ("words".encode("utf-16-le"), "words"),
        (b"cut in a letter \xc3", "cut in a letter �"),
        (b"tab\tline\r\npage\f colour\x1b[0m", "tab\tline\r\npage\f colour\x1b[0m"),
        (b"\x01" + b"a" * 49, "\x01" + "a" * 49),  # 2 % of control characters is still a text
        (b"\x01" + b"a" * 48, None),
        (b"a\0b", None),
    ],
)
def test_a_text_is_read_in_its_encoding_and_what_is_none_is_none(head, text):
    assert text_of(head) == text


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"7z\xbc\xaf\x27\x1crest", "a 7-Zip archive"),
        (bytes(257) + b"ustar", "a tar archive"),
        (bytes(32_769) + b"CD001", "an ISO image"),
        (b"MSCF", None),
        (b"", None),
    ],
)
def test_a_container_nobody_here_unpacks_is_named(head, words):
    assert foreign(head) == words
