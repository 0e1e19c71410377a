import json
from datetime import UTC, datetime, timedelta

import matplotlib as mpl
import polars as pl
import pytest
from matplotlib import pyplot as plt

from autopilot_analysis.figures.critical_path import draw_critical_path
from autopilot_analysis.figures.downloads import draw_downloads
from autopilot_analysis.figures.installs import draw_installs
from autopilot_analysis.tables import SCHEMAS
from autopilot_analysis.trace.critical_path import SCHEMA

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _closed_figures():
    mpl.use("Agg")
    yield
    plt.close("all")


def at(minutes):
    return START + timedelta(minutes=minutes)


def installs(count):
    outcomes = ["succeeded", "failed", "not_detected", "unfinished"]
    rows = [
        {
            "device": "D",
            "attempt": 1,
            "item": f"app-{n // 2 if n < 4 else n}",
            "name": f"Sample ${n}$ app with quite a long name",
            "kind": "win32",
            "phase": "device",
            "blocking": n % 3 == 0,
            "try_number": 1 + (n < 4 and n % 2),
            "downloaded_bytes": 1_000_000 * (n + 1),
            "download_started_at": at(n),
            "download_ended_at": at(n + 0.4),
            "started_at": at(n + 0.6),
            "ended_at": at(n + 2),
            "outcome": outcomes[n % 4],
            "exit_code": 1603,
            "code": "0x80070643" if n % 4 == 1 else None,
            "member": "m",
            "record": n,
            "clock": "device_zone",
            "detail": json.dumps({"detected_at": at(n + 2.2).isoformat(), "peers": 300_000, "http": 500_000}),
        }
        for n in range(count)
    ]
    schema = SCHEMAS["installs"].create_empty().schema
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


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


def test_each_item_has_one_row_and_each_try_its_bars():
    ax = draw_installs(installs(6))
    assert len(ax.get_yticks()) == 4
    assert "try 2 failed 0x80070643" in texts(ax)
    assert any(bar.get_hatch() == "////" for bar in ax.patches)


def test_the_items_the_page_waits_for_are_marked():
    labels = [label.get_text() for label in draw_installs(installs(6)).get_yticklabels()]
    assert sum(label.endswith("●") for label in labels) == 1


def test_a_hundred_apps_stay_apart():
    ax = draw_installs(installs(100))
    assert len(ax.get_yticks()) == 98
    inches = ax.figure.get_size_inches()[1]
    assert inches / 98 * 72 > ax.get_yticklabels()[0].get_fontsize() * 1.2


@pytest.mark.parametrize("draw", [draw_installs, draw_downloads])
def test_no_installs_say_so(draw):
    assert texts(draw(installs(0))) == ["nothing to draw"]


def test_an_empty_path_says_so():
    assert texts(draw_critical_path(path(0))) == ["nothing to draw"]


def test_the_path_says_minutes_and_share():
    ax = draw_critical_path(path(5))
    assert texts(ax) == ["1.0 min, 20 %"] * 5
    assert [bar.get_hatch() for bar in ax.patches] == ["", "", "///", "xxx", ""]


def test_bytes_are_stacked_by_source_and_the_untold_rest_is_hatched():
    ax = draw_downloads(installs(1))
    assert [round(bar.get_width(), 3) for bar in ax.patches] == [0.3, 0.5, 0.2]
    assert ax.patches[2].get_hatch() == "//"


def test_pandas_and_a_given_ax_are_taken():
    _, ax = plt.subplots()
    assert draw_installs(installs(3).to_pandas(), ax) is ax
    assert draw_downloads(installs(3).to_pandas()) is not ax
    assert draw_critical_path(path(2).to_pandas()).patches


def test_every_figure_can_be_rendered(tmp_path):
    for number, ax in enumerate(
        [draw_installs(installs(9)), draw_downloads(installs(9)), draw_critical_path(path(9))]
    ):
        ax.figure.savefig(tmp_path / f"{number}.png")
