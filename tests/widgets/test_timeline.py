from __future__ import annotations

import builtins

import pytest

from autopilot_analysis.errors import AnalysisError
from autopilot_analysis.timeline import build_timeline, search_timeline
from autopilot_analysis.timeline.packing import pack_timeline
from autopilot_analysis.timeline.page import MIME, SHOWN_AS, as_output, read_module
from autopilot_analysis.widgets import explore_timeline

VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def explorer(refused):
    return explore_timeline(*refused)


@pytest.fixture
def without_anywidget(monkeypatch):
    whole = builtins.__import__

    def importing(name, *rest):
        if name == "anywidget":
            raise ImportError(name)
        return whole(name, *rest)

    monkeypatch.setattr(builtins, "__import__", importing)


def test_it_holds_the_timeline_and_says_what_that_is(explorer, refused):
    assert explorer.frame.equals(build_timeline(*refused))
    count = f"{explorer.frame.height:,} records and spans of 1 device, "
    assert repr(explorer).startswith(count)
    assert repr(explorer).endswith(" UTC.")


def test_one_device_may_be_asked_for(refused):
    assert explore_timeline(*refused, device="SN-nobody").frame.is_empty()
    device = refused[0].devices["device"][0]
    assert explore_timeline(*refused, device=device).frame.height > 0


def test_on_a_page_it_is_data_and_no_picture(explorer, monkeypatch):
    monkeypatch.setenv(SHOWN_AS, "page")
    packed = pack_timeline(explorer.frame, zone=explorer.zone)
    assert explorer._repr_mimebundle_() == ({MIME: as_output(packed), "text/plain": repr(explorer)}, {})


def test_stored_it_is_a_picture_and_no_widget(explorer, monkeypatch):
    monkeypatch.setenv(SHOWN_AS, "still")
    shown, about = explorer._repr_mimebundle_()
    assert set(shown) == {"image/png", "text/plain"}
    assert shown["image/png"].startswith(b"\x89PNG")
    assert (shown, about) == explorer._repr_mimebundle_()
    assert str(explorer.frame.height) in about["image/png"]["alt"].replace(",", "")


def test_live_it_is_a_widget_given_the_bytes_of_the_page(explorer):
    pytest.importorskip("anywidget")
    shown, _ = explorer._repr_mimebundle_()
    assert set(shown) == {VIEW, "image/png", "text/plain"}
    state = explorer.widget.get_state()
    assert state["_esm"] == read_module()
    assert (state["first"], state["rest"]) == tuple(explorer.packed)


def test_what_was_picked_comes_back_as_frames(explorer):
    pytest.importorskip("anywidget")
    explorer.widget.chosen, explorer.widget.listed = [3], [2, 3, 5]
    assert explorer.chosen["id"].to_list() == [3]
    assert explorer.listed["id"].to_list() == [2, 3, 5]
    found = explorer.search("code:0x80180014")
    assert explorer.widget.query == "code:0x80180014"
    assert found.equals(search_timeline(explorer.frame, "code:0x80180014"))


def test_without_anywidget_the_picture_stays_and_says_what_is_missing(explorer, without_anywidget):
    shown, _ = explorer._repr_mimebundle_()
    assert set(shown) == {"image/png", "text/plain"}
    assert "autopilot-analysis[lab]" in shown["text/plain"]
    with pytest.raises(AnalysisError, match="needs anywidget"):
        explorer.chosen  # noqa: B018
