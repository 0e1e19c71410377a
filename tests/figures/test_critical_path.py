from datetime import UTC, datetime, timedelta

import matplotlib as mpl
import polars as pl
import pytest
from matplotlib import pyplot as plt

from autopilot_analysis.figures.critical_path import draw_critical_path
from autopilot_analysis.trace.critical_path import SCHEMA

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _closed_figures():
    mpl.use("Agg")
    yield
    plt.close("all")


def at(minutes):
    return START + timedelta(minutes=minutes)


def path(count):
    causes = ["download", "install", "wait_reboot", "unattributed", "script"]
    rows = [
        {
            "device": "D",
            "attempt": 1,
            "stage": "device_setup",
            "started_at": at(n),
            "ended_at": at(n + 1),
            "waited": timedelta(minutes=1),
            "cause": causes[n % 5],
            "item": f"$app-{n}",
            "name": None,
        }
        for n in range(count)
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_an_empty_path_says_so():
    assert texts(draw_critical_path(path(0))) == ["nothing to draw"]


def test_the_path_says_minutes_and_share():
    ax = draw_critical_path(path(5))
    assert texts(ax) == ["1.0 min, 20 %"] * 5
    assert [bar.get_hatch() for bar in ax.patches] == ["", "", "///", "xxx", ""]


def test_pandas_and_a_given_ax_are_taken():
    _, ax = plt.subplots()
    assert draw_critical_path(path(2).to_pandas(), ax) is ax


def test_a_path_can_be_rendered(tmp_path):
    draw_critical_path(path(9)).figure.savefig(tmp_path / "path.png")


def test_parts_too_short_to_see_are_summed_up_in_words():
    short = path(3).with_columns(
        waited=pl.Series([timedelta(minutes=1), timedelta(milliseconds=300), timedelta(minutes=1)])
    )
    ax = draw_critical_path(short)
    assert [label.get_text() for label in ax.get_yticklabels()][-1] == "1 parts under a second"
    assert texts(ax) == ["1.0 min, 50 %", "1.0 min, 50 %", "0 s, 0 %"]
    assert len(ax.patches) == 2


def test_an_empty_figure_is_small():
    assert draw_critical_path(path(0)).figure.get_size_inches()[1] < 2
