"""`timeline`: one file for another tool."""

from __future__ import annotations

import polars as pl
import pytest


@pytest.mark.parametrize(
    ("form", "name"), [("timesketch", "t.jsonl"), ("perfetto", "t.json"), ("csv", "t.csv")]
)
def test_timeline_writes_one_file_for_another_tool(refused, tmp_path, run, form, name):
    status, out, err = run("timeline", refused, tmp_path / "t", "--format", form)
    assert (status, err) == (0, "")
    assert out.splitlines()[0].endswith(f"records and spans in {tmp_path / name}")
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_timeline_replaces_a_file_only_when_told_to(refused, tmp_path, run):
    (tmp_path / "t.csv").write_text("mine")
    status, _, err = run("timeline", refused, tmp_path / "t.csv", "--format", "csv")
    assert status == 2
    assert err.startswith("autopilot-analysis: ")
    assert "add --force" in err
    assert (tmp_path / "t.csv").read_text() == "mine"
    status, _, _ = run("timeline", refused, tmp_path / "t.csv", "--format", "csv", "--force")
    assert (status, (tmp_path / "t.csv").read_text()[:9]) == (0, "device,id")


def test_timeline_with_privacy_names_no_device(refused, tmp_path, run, monkeypatch):
    monkeypatch.setattr("autopilot_analysis.privacy.pseudonyms.profile_folder", lambda: tmp_path / "profile")
    run("timeline", refused, tmp_path / "open", "--format", "csv")
    run("timeline", refused, tmp_path / "hidden", "--format", "csv", "--privacy")
    serial = pl.read_csv(tmp_path / "open.csv", infer_schema=False)["device"][0]
    assert serial not in (tmp_path / "hidden.csv").read_text(encoding="utf-8")


def test_timeline_of_nothing_is_refused(tmp_path, run):
    (tmp_path / "x.reg").write_text("Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\A]\r\n")
    status, _, err = run("timeline", tmp_path / "x.reg", tmp_path / "t")
    assert status == 2
    assert "holds no record that a timeline could show" in err
