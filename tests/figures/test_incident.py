"""An incident is drawn by its days, else by the one device there is, else not at all."""

import sys
from types import SimpleNamespace

import polars as pl

from autopilot_analysis.figures.incident import draw_incident


def of(days=0, attempts=0):
    empty = {"daily": pl.DataFrame({"day": [1] * days}), "changes": pl.DataFrame()}
    trace = SimpleNamespace(attempts=pl.DataFrame({"attempt": [1] * attempts}))
    return SimpleNamespace(**empty, trace=trace, findings=None)


def drawn(monkeypatch, incident):
    """Which of the two figures was asked for, or what the empty one says."""
    room = sys.modules[draw_incident.__module__]
    monkeypatch.setattr(room, "draw_control_chart", lambda *_: "days")
    monkeypatch.setattr(room, "draw_trace", lambda *_: "device")
    ax = draw_incident(incident)
    return ax if isinstance(ax, str) else [text.get_text() for text in ax.texts]


def test_a_group_with_days_is_drawn_by_them_and_one_device_by_its_stages(monkeypatch):
    assert drawn(monkeypatch, of(days=3, attempts=1)) == "days"
    assert drawn(monkeypatch, of(attempts=1)) == "device"


def test_where_there_is_nothing_to_draw_the_figure_says_so(monkeypatch):
    assert drawn(monkeypatch, of()) == ["too few attempts to draw, and no capture of a device"]
