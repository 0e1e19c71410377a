from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from autopilot_analysis import boundary
from autopilot_analysis.errors import NotTrusted


def test_a_child_gets_no_path_that_leads_to_the_current_folder_or_an_export(tmp_path, monkeypatch):
    here, export, other = tmp_path / "here", tmp_path / "export", tmp_path / "other"
    for folder in (here, export, other):
        folder.mkdir()
    monkeypatch.chdir(here)
    path = os.pathsep.join(["", ".", "relative", str(here), str(export), str(other)])
    env = boundary.child_environment(export, base={"PATH": path, "PYTHONPATH": path})
    assert env["PATH"] == str(other)
    assert env["PYTHONPATH"].split(os.pathsep) == [str(other), str(boundary.PACKAGE_ROOT)]
    assert env["PYTHONSAFEPATH"] == env["NoDefaultCurrentDirectoryInExePath"] == "1"


def test_the_import_path_is_shut_for_a_while_and_then_as_it_was(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", str(tmp_path), *sys.path])
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    before = list(sys.path)
    with boundary.closed_to():
        assert not {"", str(tmp_path)} & set(sys.path)
        assert os.environ["PYTHONSAFEPATH"] == "1"
    assert sys.path == before
    assert "PYTHONSAFEPATH" not in os.environ


def test_code_is_refused_inside_an_export_in_its_folder_and_through_a_link(tmp_path):
    export, apart = tmp_path / "mail" / "export", tmp_path / "apart"
    export.mkdir(parents=True)
    apart.mkdir()
    for place in (export / "r.py", tmp_path / "mail" / "r.py", apart / "r.py"):
        place.touch()
    (apart / "link.py").symlink_to(export / "r.py")
    boundary.refuse_untrusted(apart / "r.py", export)
    for code in (export / "r.py", tmp_path / "mail" / "r.py", apart / "link.py"):
        with pytest.raises(NotTrusted, match="add --trust"):
            boundary.refuse_untrusted(code, export)


def test_programs_are_not_looked_up_in_the_current_folder(tmp_path, monkeypatch):
    for folder in ("here", "bin"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "browser").write_text("#!/bin/sh\n")
        (tmp_path / folder / "browser").chmod(0o755)
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("PATH", os.pathsep.join(["", ".", str(tmp_path / "here")]))
    assert boundary.find_program("browser") is None
    monkeypatch.setenv("PATH", os.pathsep.join([".", str(tmp_path / "bin")]))
    assert boundary.find_program("browser") == Path(tmp_path / "bin" / "browser")
