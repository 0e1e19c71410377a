"""`lab`: notebooks and data copied once."""

from __future__ import annotations


def test_lab_copies_notebooks_and_data_and_overwrites_nothing(tmp_path, run):
    run("lab", tmp_path / "lab", "--no-start")
    notebook = tmp_path / "lab" / "notebooks" / "01_device_trace.ipynb"
    notebook.write_text("mine", encoding="utf-8")
    run("lab", tmp_path / "lab", "--no-start")
    assert notebook.read_text(encoding="utf-8") == "mine"
    assert (tmp_path / "lab" / "data" / "user-driven-success.cab").is_file()
