from datetime import UTC, datetime, timedelta

import matplotlib as mpl
import polars as pl
import pytest
from matplotlib import pyplot as plt

from autopilot_analysis.figures.critical_path import draw_critical_path
from autopilot_analysis.figures.rows import ROWS
from autopilot_analysis.trace.critical_path import SCHEMA
from autopilot_analysis.wording import percent, span

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
    assert texts(draw_critical_path(path(0))) == [
        "device setup was not seen from start to end, so its minutes are not known"
    ]


def test_the_path_says_minutes_and_share(bars):
    ax = draw_critical_path(path(5))
    assert texts(ax) == ["1 min, 20 %"] * 5
    assert [bar["hatch"] for bar in bars(ax)] == ["", "", "///", "xxx", ""]


def test_pandas_and_a_given_ax_are_taken():
    _, ax = plt.subplots()
    assert draw_critical_path(path(2).to_pandas(), ax) is ax


def test_a_path_can_be_rendered(tmp_path):
    draw_critical_path(path(9)).figure.savefig(tmp_path / "path.png")


def test_parts_too_short_to_see_are_summed_up_in_words(bars):
    short = path(3).with_columns(
        waited=pl.Series([timedelta(minutes=1), timedelta(milliseconds=300), timedelta(minutes=1)])
    )
    ax = draw_critical_path(short)
    assert len(ax.get_yticklabels()) == 2
    assert texts(ax) == ["1 min, 50 %", "1 min, 50 %", "and 1 more item: 0.3 s, 0 %"]
    assert len(bars(ax)) == 2


def test_an_empty_figure_is_small():
    assert draw_critical_path(path(0)).figure.get_size_inches()[1] < 2


def test_all_parts_of_an_item_lie_on_its_row(bars):
    twice = path(4).with_columns(
        item=pl.Series(["a", "b", "a", None]),
        cause=pl.Series(["download", "install", "install", "unattributed"]),
    )
    ax = draw_critical_path(twice)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b", "unattributed"]
    assert sorted(round(bar["row"]) for bar in bars(ax)) == [0, 0, 1, 2]
    assert texts(ax) == ["2 min, 50 %", "1 min, 25 %", "1 min, 25 %"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [
        "download",
        "install",
        "unattributed",
    ]


def test_of_a_hundred_items_those_that_took_longest_have_a_row_and_the_rest_one_together():
    many = path(100).with_columns(waited=pl.Series([timedelta(minutes=n + 1) for n in range(100)]))
    ax = draw_critical_path(many)
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert len(labels) == ROWS - 1
    assert labels[0] == r"\$app-71"
    rest = timedelta(minutes=sum(range(1, 72))), sum(range(1, 72)) / sum(range(1, 101))
    assert texts(ax)[-1] == f"and 71 more items: {span(rest[0])}, {percent(rest[1], 0)}"
    assert len(draw_critical_path(many, most=None).get_yticklabels()) == 100


def test_a_full_figure_has_room_for_the_words_on_slivers():
    short = pl.Series([timedelta(minutes=1)] * 6 + [timedelta(milliseconds=3)])
    ax = draw_critical_path(path(7).with_columns(waited=short), most=6)
    assert len(ax.get_yticklabels()) == 5
    assert texts(ax)[-1] == "and 2 more items: 1 min, 17 %"
