"""`report`: what is refused before a page is written."""

from __future__ import annotations

from pathlib import Path

DATA = Path(__file__).parents[2] / "data"


def test_a_report_of_bad_input_leaves_no_page(bad, run, monkeypatch):
    monkeypatch.chdir(bad)
    status, _, err = run("report", bad / "diag.7z")
    assert (status, err.count("\n")) == (2, 1)
    assert not list(bad.glob("*.html"))


def test_a_parameter_without_a_value_is_refused(refused, run):
    status, _, err = run("report", refused, "-p", "device")
    assert status == 2
    assert "name=value" in err


def test_report_refuses_a_notebook_that_does_not_fit_and_names_the_one_that_does(tmp_path, run):
    out = tmp_path / "page.html"
    argv = ("report", DATA / "fleet", "--notebook", "01_device_trace", "--out", out)
    status, _, err = run(*argv)
    assert (status, err.count("\n"), out.exists()) == (2, 1, False)
    assert "04_root_cause" in err
