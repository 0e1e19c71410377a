import matplotlib as mpl
import polars as pl
import pytest
from matplotlib import pyplot as plt

from autopilot_analysis.figures.downloads import draw_downloads
from autopilot_analysis.tables import schema_of


@pytest.fixture(autouse=True)
def _closed_figures():
    mpl.use("Agg")
    yield
    plt.close("all")


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_bytes_are_stacked_by_source_and_the_untold_rest_is_hatched(bars, installs):
    drawn = bars(draw_downloads(installs(1)))
    assert [round(bar["width"], 3) for bar in drawn] == [0.3, 0.5, 0.2]
    assert drawn[2]["hatch"] == "//"


def test_no_bytes_say_so(installs):
    assert texts(draw_downloads(installs(0))) == ["no download was seen"]


def test_pandas_and_a_given_ax_are_taken(installs):
    _, ax = plt.subplots()
    assert draw_downloads(installs(3).to_pandas(), ax) is ax


def test_downloads_can_be_rendered(tmp_path, installs):
    draw_downloads(installs(9)).figure.savefig(tmp_path / "downloads.png")


def test_the_legend_names_only_what_is_drawn(installs):
    names = [text.get_text() for text in draw_downloads(installs(3)).get_legend().get_texts()]
    assert names == ["peers", "http", "source not told"]


def test_of_many_downloads_the_failed_stay_and_the_last_row_has_the_bytes_of_the_others(installs, texts):
    state = pl.when(pl.col("record") == 7).then(pl.lit("failed")).otherwise(pl.lit("succeeded"))
    many = installs(40).with_columns(download_outcome=state.cast(schema_of("installs")["download_outcome"]))
    ax = draw_downloads(many, most=4)
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert [next(n for n in (39, 38, 7) if f"{n}\\$ app" in label) for label in labels] == [39, 38, 7]
    assert "and 35 more items: 733 MB, 35 succeeded" in texts(ax)
    assert any(text.endswith("failed") for text in texts(ax))
