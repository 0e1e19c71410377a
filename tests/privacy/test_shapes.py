"""What the shape of a text gives away by itself, and look-alikes that name nobody."""

import polars as pl
import pytest

from autopilot_analysis.privacy.shapes import from_shapes, matches

GUID = "1f0c6d52-8b1e-4c55-9d0e-5a6b7c8d9e0f"
NAMED = [
    (r"share \\files07\deploy", "host", "files07"),
    (r"C:\Users\zora.quill\AppData", "user", "zora.quill"),
    ("PROXY http=px1.quill.example:8080", "host", "px1.quill.example"),
    ("BSSID 02 00 5e 10 00 0a", "mac", "02 00 5e 10 00 0a"),
    ("via 2001:db8:7::5", "ip", "2001:db8:7::5"),
    ("at 192.0.2.44 now", "ip", "192.0.2.44"),
    (f"https://login.microsoftonline.com/{GUID}/oauth2", "tenant", GUID),
    ("DeviceHash_FRONT-7.csv", "host", "FRONT-7"),
    ("renamed the computer FRONT7 to BACK8", "host", "BACK8"),
    ("Zora's iPhone", "user", "Zora"),
    ("quill.onmicrosoft.com", "tenant", "quill"),
    ("Authorization: Bearer abcdefgh12345678", "key", "abcdefgh12345678"),
    (r"USB\VID_1234&PID_5678\8812QUILL07", "serial", "8812QUILL07"),
]
NOBODY = [
    r"HKLM\Software\x", "Agent version is: 192.0.2.44", "x_1.2.3.4_x64__8wek", "mask 255.255.255.0", "fe:ed",
    "WIN-session", "0000.1111.2222", "CN=Microsoft Root Authority", "1.3.6.1",
    "renamed the device to something",
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "original"), NAMED)
def test_a_shape_gives_away_what_it_names(text, kind, original):
    assert (kind, original) in list(from_shapes(pl.Series([text])))


@pytest.mark.parametrize("text", NOBODY)
def test_a_look_alike_names_nobody(text):
    assert list(from_shapes(pl.Series([text]))) == []


def test_what_is_called_a_version_once_is_no_address_anywhere():
    texts = pl.Series(["version 198.51.100.9", "198.51.100.9", "198.51.100.8"])
    assert list(from_shapes(texts)) == [("ip", "198.51.100.8")]


def test_matches_come_once_and_in_order():
    assert matches(pl.Series(["b2 a1", "a1", "c"]), r"[a-z]\d") == ["a1", "b2"]
