from __future__ import annotations

import json
import re
from pathlib import Path

import polars as pl
import pytest

from autopilot_analysis.cli import main
from autopilot_analysis.errors import BadInput, UnknownName
from autopilot_analysis.privacy import Pseudonyms, share
from autopilot_analysis.privacy.keeping import delete_ways_back, fresh_key, list_ways_back, read_key

CAPTURE = Path(__file__).parents[2] / "data" / "mdm-enrollment-refused.cab"


@pytest.fixture(autouse=True)
def profile(tmp_path, monkeypatch):
    for name in ("APPDATA", "XDG_DATA_HOME", "HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "profile"))


def test_a_key_is_read_as_bytes_or_as_hex(tmp_path):
    (tmp_path / "raw").write_bytes(b"\x01" * 32)
    (tmp_path / "hex").write_text("01" * 32 + "\n")
    assert read_key(tmp_path / "raw") == read_key(tmp_path / "hex") == b"\x01" * 32


@pytest.mark.parametrize("length", [15, 65])
def test_a_file_of_another_length_is_no_key(tmp_path, length):
    (tmp_path / "key").write_bytes(b"\x01" * length)
    with pytest.raises(BadInput, match=f"holds {length} bytes"):
        read_key(tmp_path / "key")


def test_a_key_that_is_not_there_is_one_line(tmp_path):
    with pytest.raises(BadInput, match="cannot be read"):
        read_key(tmp_path / "none")


def test_a_fresh_key_gives_names_that_join_to_nothing():
    assert Pseudonyms(fresh_key()).name("host", "a1") != Pseudonyms(fresh_key()).name("host", "a1")


def test_ways_back_are_listed_and_deleted_by_name(tmp_path):
    frame = {"devices": pl.DataFrame({"device": ["SN-0001"], "serial": ["SN-0001"]})}
    for name in ("first", "second"):
        share(frame, tmp_path / name, key=b"k" * 32)
    listed = list_ways_back()
    assert sorted(re.sub(r"-[0-9a-f]{8}$", "", name) for name in listed["name"]) == ["first", "second"]
    assert listed["names"].to_list() == [1, 1]
    first = next(name for name in listed["name"] if name.startswith("first"))
    assert delete_ways_back(first) == [first]
    assert list_ways_back().height == 1
    with pytest.raises(UnknownName):
        delete_ways_back(first)
    assert len(delete_ways_back("all")) == 1
    assert list_ways_back().is_empty()


def test_findings_with_privacy_name_the_device_by_its_pseudonym(capsys):
    assert main(["findings", str(CAPTURE), "--json", "--privacy"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found
    assert all(re.fullmatch(r"(?:device|serial)-[0-9a-f]{12}", row["device"]) for row in found)


def test_share_without_an_export_says_what_it_needs(capsys):
    assert main(["share"]) == 2
    assert "share needs an export" in capsys.readouterr().err
