import json
from datetime import UTC, datetime, timedelta

import matplotlib as mpl
import polars as pl
import pytest
from matplotlib import pyplot as plt

from autopilot_analysis.figures.downloads import draw_downloads
from autopilot_analysis.tables import schema_of

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
    schema = schema_of("installs")
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_bytes_are_stacked_by_source_and_the_untold_rest_is_hatched():
    ax = draw_downloads(installs(1))
    assert [round(bar.get_width(), 3) for bar in ax.patches] == [0.3, 0.5, 0.2]
    assert ax.patches[2].get_hatch() == "//"


def test_no_bytes_say_so():
    assert texts(draw_downloads(installs(0))) == ["no download was seen"]


def test_pandas_and_a_given_ax_are_taken():
    _, ax = plt.subplots()
    assert draw_downloads(installs(3).to_pandas(), ax) is ax


def test_downloads_can_be_rendered(tmp_path):
    draw_downloads(installs(9)).figure.savefig(tmp_path / "downloads.png")


def test_the_legend_names_only_what_is_drawn():
    names = [text.get_text() for text in draw_downloads(installs(3)).get_legend().get_texts()]
    assert names == ["peers", "http", "source not told"]
