"""Whatever shines through is found: in names, texts, columns, archives; nothing else is."""

import gzip
import io
import zipfile

import polars as pl
import pytest

from autopilot_analysis.privacy.leaks import find_leaks

ORIGINAL = "SN-00000001"


def zipped(content):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.txt", content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"device sn-00000001",
        ORIGINAL.encode("utf-16-le"),
        ORIGINAL.encode().hex().encode(),
        gzip.compress(ORIGINAL.encode()),
        zipped(ORIGINAL),
        b"SN%2D00000001",
    ],
    ids=["text", "utf-16", "hex", "gzip", "zip", "url"],
)
def test_an_original_is_found_in_every_encoding(content):
    assert set(find_leaks(content, [ORIGINAL])["original"]) == {ORIGINAL}


def test_a_column_of_parquet_is_named_with_how_often_it_leaks(tmp_path):
    pl.DataFrame({"note": [ORIGINAL, "x", ORIGINAL]}).write_parquet(tmp_path / "t.parquet")
    leaks = find_leaks(tmp_path, [ORIGINAL]).filter(pl.col("place").str.contains("note"))
    assert leaks["count"].sum() >= 1
    assert leaks["file"].str.ends_with("t.parquet").all()


@pytest.mark.parametrize("text", [b"annual planning", b"SN-0000000", b""])
def test_a_part_of_a_word_and_a_part_of_an_original_are_no_leaks(text):
    assert find_leaks(text, [ORIGINAL, "ann"]).is_empty()


def test_without_originals_there_is_nothing_to_find():
    assert find_leaks(b"anything", []).is_empty()
