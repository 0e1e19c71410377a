"""Which app a mark tells the page of, and whether it is one for which the page fails."""

from __future__ import annotations

import polars as pl
import pytest

from autopilot_analysis.trace.failures.tracked_apps import with_tracked_apps

APP = "0A1B2C3D-0000-4000-8000-00000000000A"
AGENT = "Updating ESP tracked install status from InProgress to {} for application " + APP
WINDOWS = '{"Message1":"Sidecar","Message2":"' + f"Win32App_{APP}_1" + '"}'


@pytest.mark.parametrize(
    ("mark", "edge", "detail", "in_error"),
    [
        ("page_app_changed", "page_app", AGENT.format("Error"), True),
        ("page_app_changed", "page_app", AGENT.format("Completed"), False),
        ("page_app_changed", "page_app", AGENT.format("Installing"), None),
        ("app_failed", "note", WINDOWS, True),
        ("app_done", "note", WINDOWS, False),
    ],
)
def test_a_mark_of_a_tracked_app_names_it_in_small_letters_and_its_state(mark, edge, detail, in_error):
    given = pl.DataFrame({"mark": [mark], "edge": [edge], "detail": [detail]})
    assert with_tracked_apps(given).select("app", "in_error").rows() == [(APP.lower(), in_error)]


def test_other_marks_name_no_app():
    given = pl.DataFrame({"mark": ["enrolled"], "edge": ["end"], "detail": [WINDOWS]})
    assert with_tracked_apps(given).select("app", "in_error").rows() == [(None, None)]
