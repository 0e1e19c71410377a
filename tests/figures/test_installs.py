import matplotlib as mpl
import polars as pl
import pytest
from matplotlib import pyplot as plt

from autopilot_analysis.figures.installs import draw_installs


@pytest.fixture(autouse=True)
def _closed_figures():
    mpl.use("Agg")
    yield
    plt.close("all")


def texts(ax):
    return [text.get_text() for text in ax.texts]


def test_each_item_has_one_row_and_each_try_its_bars(bars, installs):
    ax = draw_installs(installs(6))
    assert len(ax.get_yticks()) == 4
    assert "try 2 failed 0x80070643" in texts(ax)
    assert any(bar["hatch"] == "////" for bar in bars(ax))


def test_the_items_the_page_waits_for_are_marked(installs):
    labels = [label.get_text() for label in draw_installs(installs(6)).get_yticklabels()]
    assert sum(label.endswith("●") for label in labels) == 1


def test_a_hundred_apps_stay_apart(installs):
    ax = draw_installs(installs(100), most=None)
    assert len(ax.get_yticks()) == 98
    inches = ax.figure.get_size_inches()[1]
    assert inches / 98 * 72 > ax.get_yticklabels()[0].get_fontsize() * 1.2


def test_no_installs_say_so(installs):
    assert texts(draw_installs(installs(0))) == ["no app, script or policy was seen to start or to fail"]


def test_pandas_and_a_given_ax_are_taken(installs):
    _, ax = plt.subplots()
    assert draw_installs(installs(3).to_pandas(), ax) is ax


def test_installs_can_be_rendered(tmp_path, installs):
    draw_installs(installs(9)).figure.savefig(tmp_path / "installs.png")


def test_a_policy_that_was_only_set_takes_no_row_and_one_that_failed_does(installs):
    shown = installs(2).with_columns(kind=pl.lit("policy"), item=pl.Series(["./Device/A", "./Device/B"]))
    moments = ["download_started_at", "download_ended_at", "started_at"]
    shown = shown.with_columns(pl.lit(None).cast(pl.Datetime("us", "UTC")).alias(name) for name in moments)
    assert len(draw_installs(shown).get_yticks()) == 1


def test_a_wait_for_the_retry_lock_is_no_install(bars, installs):
    held = installs(1).with_columns(
        outcome=pl.lit("waiting"), download_started_at=None, download_ended_at=None
    )
    heights = {round(bar["height"], 2) for bar in bars(draw_installs(held))}
    assert 0.12 in heights
    assert 0.7 not in heights


def test_a_locuri_is_cut_at_its_front(installs):
    named = installs(1).with_columns(
        name=pl.lit("./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/Example")
    )
    (label,) = draw_installs(named).get_yticklabels()
    assert label.get_text().startswith("…")
    assert "SCEP/Example" in label.get_text()


def test_a_try_that_was_not_seen_to_end_points_on(installs):
    ax = draw_installs(
        installs(4).tail(1).with_columns(ended_at=pl.lit(None, dtype=pl.Datetime("us", "UTC")))
    )
    assert [line.get_marker() for line in ax.lines] == [">"]
    assert any("end not recorded" in text for text in texts(ax))


def test_of_many_items_the_failed_ones_have_a_row_and_the_last_row_counts_the_others(installs, texts):
    many = installs(60).with_columns(
        outcome=pl.when(pl.col("record") % 10 == 9).then(pl.lit("failed")).otherwise(pl.lit("succeeded"))
    )
    ax = draw_installs(many, most=8)
    labels = [label.get_text() for label in ax.get_yticklabels()]
    failed = [n for n in range(60) if n % 10 == 9]
    assert [label for label in labels if any(f"${n}" in label for n in failed)] == labels[-6:]
    assert len(labels) == 7
    assert "and 51 more items: 51 succeeded" in texts(ax)
    few = draw_installs(many, most=4)
    assert "and 55 more items: 52 succeeded, 3 failed" in texts(few)
    assert "3 of them drawn, and 55 more items: 52 succeeded, 3 failed." in few.figure.get_label()


def test_more_failed_items_than_words_name_are_counted(installs):
    many = installs(40).with_columns(outcome=pl.lit("failed"))
    assert " and 33 more; 29 of them drawn" in draw_installs(many).figure.get_label()


def test_a_try_of_which_only_the_start_is_known_has_a_row_all_the_same(installs):
    instant = pl.Datetime("us", "UTC")
    names = ["download_started_at", "download_ended_at", "ended_at"]
    begun = installs(1).with_columns(
        *(pl.lit(None, dtype=instant).alias(name) for name in names), detail=None
    )
    assert len(draw_installs(begun).get_yticks()) == 1


def test_of_several_devices_each_row_names_its_own(installs):
    one = installs(6)
    other = one.with_columns(device=pl.lit("SN-0002"))
    labels = [label.get_text() for label in draw_installs(pl.concat([one, other])).get_yticklabels()]
    assert sum(label.startswith("SN-0002: ") for label in labels) == len(labels) / 2
    assert not any(": " in label.get_text() for label in draw_installs(other).get_yticklabels())
