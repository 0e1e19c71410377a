"""A page's place is refused before any work is done for it."""

from __future__ import annotations

import tempfile

import pytest

from autopilot_analysis.errors import NothingToWrite
from autopilot_analysis.report.place import choose_place


def test_a_folder_that_takes_no_file_is_refused_before_the_work(tmp_path, monkeypatch):
    def refuse(**_):
        raise PermissionError(13, "Permission denied")

    assert choose_place(tmp_path / "a.html", "b.html", overwrite=False) == (tmp_path / "a.html", False)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    with pytest.raises(NothingToWrite, match=r"takes no file \(Permission denied\)"):
        choose_place(tmp_path / "a.html", "b.html", overwrite=False)
