from __future__ import annotations

import subprocess
from types import SimpleNamespace

from autopilot_analysis.report import lab


def test_jupyterlab_opens_the_first_notebook_asks_for_no_news_and_takes_options(tmp_path, monkeypatch):
    commands = []

    def run(command, **_):
        commands.append(command)
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(lab, "find_spec", lambda _: object())
    assert lab.start_lab(tmp_path, ["--port=9999"]) == 0
    assert commands[0][-1] == "--port=9999"
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start.ipynb" in commands[0]
    assert "--LabApp.news_url=None" in commands[0]
