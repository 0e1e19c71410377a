"""A page's place is refused before any work is done for it."""

from __future__ import annotations

import tempfile

import pytest

from autopilot_analysis.errors import BadInput, NothingToWrite
from autopilot_analysis.report.place import choose_place


def test_a_folder_that_takes_no_file_is_refused_before_the_work(tmp_path, monkeypatch):
    def refuse(**_):
        raise PermissionError(13, "Permission denied")

    assert choose_place(tmp_path / "a.html", "b.html", overwrite=False) == (tmp_path / "a.html", False)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    with pytest.raises(NothingToWrite, match=r"takes no file \(Permission denied\)"):
        choose_place(tmp_path / "a.html", "b.html", overwrite=False)


def test_a_page_is_not_written_under_the_name_of_a_pdf(tmp_path):
    for name in ("a.pdf", "a.PDF"):
        with pytest.raises(BadInput, match="add --pdf"):
            choose_place(tmp_path / name, "b.html", overwrite=True)
    (tmp_path / "folder.pdf").mkdir()
    assert choose_place(tmp_path / "folder.pdf", "b.html", overwrite=False)[0].name == "b.html"


def test_a_name_that_is_taken_is_refused_with_the_option_that_replaces_it(tmp_path):
    (tmp_path / "a.html").touch()
    with pytest.raises(NothingToWrite, match="replace it with --force"):
        choose_place(tmp_path / "a.html", "b.html", overwrite=False)
