from __future__ import annotations

import base64
import json

import polars as pl
import pytest

from autopilot_analysis.privacy.unfold import DEPTH, recode, unfold

WRAPPED = {
    "hex": b"Computer=QUILL-07 ok".hex(),
    "hex in capitals": b"Computer=QUILL-07 ok".hex().upper(),
    "hex of UTF-16, with commas": ",".join(f"{byte:02x}" for byte in "QUILL-07 ok".encode("utf-16-le")),
    "Base64": base64.b64encode(b"Computer=QUILL-07").decode(),
    "Base64 without its end": base64.b64encode(b"Computer=QUILL-07").decode().rstrip("="),
    "Base64 of UTF-16": base64.b64encode("net use QUILL-07".encode("utf-16-le")).decode(),
    "URL": "a=1&name%3DQUILL-07%26b",
    "URL in small letters": "name%3dQUILL-07%2fb",
    "NULs between": "".join(f"{sign}\0" for sign in "at QUILL-07"),
    "hex in Base64": base64.b64encode(b"x=" + b"Computer=QUILL-07".hex().encode()).decode(),
    "JSON in JSON in JSON": json.dumps({"a": json.dumps({"b": json.dumps({"c": "QUILL-07"})})}),
}


@pytest.mark.parametrize("kind", WRAPPED)
def test_what_is_wrapped_is_read(kind):
    views = unfold(pl.Series("text", ["nothing", WRAPPED[kind]]))
    assert set(views.filter(pl.col("text").str.contains("QUILL-07"))["row"]) == {1}


@pytest.mark.parametrize("kind", [kind for kind in WRAPPED if "JSON" not in kind])
def test_what_is_wrapped_is_rewritten_and_wrapped_again(kind):
    def rewrite(texts, depth=DEPTH):
        plain = texts.str.replace_all("QUILL-07", "host-1")
        return recode(plain, lambda inner: rewrite(inner, depth - 1)) if depth else plain

    before = pl.Series("text", [f"payload: {WRAPPED[kind]} end"])
    after = rewrite(before)
    assert after[0] != before[0]
    readings = unfold(after)["text"]
    assert readings.str.contains("host-1").any()
    assert not readings.str.contains("QUILL-07").any()
    back = recode(after, lambda inner: inner.str.replace_all("host-1", "QUILL-07"))
    assert kind in ("hex in Base64", "Base64 without its end") or back[0] == before[0]


@pytest.mark.parametrize("text", ["0x80180014", "d41d8cd98f00b204e9800998ecf8427e", r"C:\Users\x", "100 %"])
def test_what_wraps_nothing_is_read_as_it_is(text):
    assert unfold(pl.Series("text", [text]))["text"].to_list() == [text]


def test_no_more_wrappings_are_undone_than_said():
    text = "QUILL-07 is here"
    for _ in range(DEPTH + 1):
        text = base64.b64encode(text.encode()).decode()
    assert not unfold(pl.Series("text", [text]))["text"].str.contains("QUILL-07").any()
