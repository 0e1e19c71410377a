"""Bytes become text whatever Windows wrote them with."""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_LE

import pytest

from autopilot_analysis.readers import text
from autopilot_analysis.readers.text import LARGEST, decode, split_lines, utf8, written_lines

WORDS = "Gerät bereit – 設定"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (BOM_UTF8, "utf-8"),
        (BOM_UTF16_LE, "utf-16-le"),
        (BOM_UTF16_BE, "utf-16-be"),
        (BOM_UTF32_LE, "utf-32-le"),
        (b"", "utf-8"),
    ],
)
def test_a_byte_order_mark_decides_and_is_left_out(mark, encoding):
    assert decode(mark + WORDS.encode(encoding)) == WORDS


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_known_by_its_nul_bytes(encoding):
    assert decode("Manufacturer,Model".encode(encoding)) == "Manufacturer,Model"


def test_what_is_no_utf8_is_code_page_1252():
    assert decode("Größe €".encode("cp1252")) == "Größe €"


@pytest.mark.parametrize(
    "content", [b"", b"\x81\x8d", b"\0", b"\0" * 99, b"\xff", b"\xff\xfea", bytes(range(256))]
)
def test_decoding_never_raises(content):
    assert isinstance(decode(content), str)


def test_only_line_ends_end_a_line():
    assert split_lines("a\r\nb\nc\rd\x0ce\u2028f\n") == ["a", "b", "c", "d\x0ce\u2028f"]
    assert split_lines("") == []
    assert split_lines("a\n\n") == ["a", ""]


@pytest.mark.parametrize(
    "content",
    [
        WORDS.encode(),
        BOM_UTF8 + WORDS.encode(),
        WORDS.encode("utf-16"),
        "Manufacturer,Model".encode("utf-16-le"),
        "Größe €".encode("cp1252"),
        b"\0\0ab",
        b"plain",
        b"",
    ],
)
@pytest.mark.parametrize("large", [0, 2**20])
def test_text_as_utf8_is_what_decoding_it_says(monkeypatch, content, large):
    monkeypatch.setattr(text, "_LARGE", large)
    assert utf8(content).decode() == decode(content)


@pytest.mark.parametrize("content", [b"plain", WORDS.encode()])
def test_what_is_utf8_already_is_not_copied(content):
    assert utf8(content) is content


def test_only_what_somebody_may_have_written_has_written_lines():
    assert written_lines(b"one\r\ntwo") == ("one", "two")
    assert written_lines(b"\n" * LARGEST) != ()
    assert written_lines(b"\n" * (LARGEST + 1)) == ()
    assert written_lines(b"one\0\0\0two") == ()
