from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from matplotlib import pyplot as plt

from autopilot_analysis.errors import BadInput
from autopilot_analysis.figures.style import say_nothing
from autopilot_analysis.widgets import explore_timings, explorer
from autopilot_analysis.widgets.explorer import View


def test_the_choice_is_frozen_and_follows_the_controls(fleet):
    explorer = explore_timings(fleet[0])
    before = explorer.selection
    explorer.choose(quantile="p90")
    assert (before.quantile, explorer.selection.quantile) == ("p50", "p90")
    with pytest.raises(FrozenInstanceError):
        before.quantile = "p99"


def test_every_control_has_a_label_and_no_figure_stays_open(fleet):
    explorer = explore_timings(fleet[0])
    assert all(control.description for control in explorer.controls.values())
    assert plt.get_fignums() == []


def test_a_list_that_does_not_offer_a_value_refuses_it(fleet):
    with pytest.raises(Exception, match="Invalid selection"):
        explore_timings(fleet[0]).choose(stage="lunch")


def test_what_goes_wrong_is_told_as_text(fleet):
    explorer = explore_timings(fleet[0])

    def fail(choice):
        raise BadInput(f"<b>{choice.stage}</b> is no stage")

    explorer._view = fail
    explorer.choose(quantile="p99")
    assert "&lt;b&gt;total&lt;/b&gt; is no stage" in explorer._status.value


def test_a_saved_notebook_reads_well_without_a_kernel(fleet, monkeypatch):
    shown = []
    monkeypatch.setattr(explorer, "display", lambda what, **_: shown.append(what))
    explore_timings(fleet[0])._ipython_display_()
    still, numbers, live = shown
    assert still["image/png"].startswith(b"\x89PNG")
    assert still["text/plain"] == "4,000 attempts; 6 groups."
    assert numbers["model"].n_unique() == 6
    assert "application/vnd.jupyter.widget-view+json" in live
    assert live["text/plain"].startswith("Live in JupyterLab and Voilà")


def test_a_view_without_a_figure_has_no_picture():
    assert View("nothing").picture() is None


def test_a_figure_that_says_why_it_is_empty_is_no_picture_and_is_saved_by_no_notebook(fleet, monkeypatch):
    assert View("nothing failed", lambda: say_nothing(None, "nothing failed")).picture() is None
    assert plt.get_fignums() == []
    shown = []
    monkeypatch.setattr(explorer, "display", lambda what, **_: shown.append(what))
    empty = explore_timings(fleet[0].head(0))
    empty._ipython_display_()
    assert [what for what in shown if isinstance(what, dict) and "image/png" in what] == []
