import json
from datetime import UTC, datetime, timedelta

import matplotlib as mpl
import polars as pl
import pytest
from matplotlib import pyplot as plt

from autopilot_analysis.figures.installs import draw_installs
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


def test_no_installs_say_so():
    assert texts(draw_installs(installs(0))) == ["no app, script or policy was seen to start or to fail"]


def test_pandas_and_a_given_ax_are_taken():
    _, ax = plt.subplots()
    assert draw_installs(installs(3).to_pandas(), ax) is ax


def test_installs_can_be_rendered(tmp_path):
    draw_installs(installs(9)).figure.savefig(tmp_path / "installs.png")


def test_a_policy_that_was_only_set_takes_no_row_and_one_that_failed_does():
    shown = installs(2).with_columns(kind=pl.lit("policy"), item=pl.Series(["./Device/A", "./Device/B"]))
    moments = ["download_started_at", "download_ended_at", "started_at"]
    shown = shown.with_columns(pl.lit(None).cast(pl.Datetime("us", "UTC")).alias(name) for name in moments)
    assert len(draw_installs(shown).get_yticks()) == 1


def test_a_wait_for_the_retry_lock_is_no_install():
    held = installs(1).with_columns(
        outcome=pl.lit("waiting"), download_started_at=None, download_ended_at=None
    )
    heights = {bar.get_height() for bar in draw_installs(held).patches}
    assert 0.12 in heights
    assert 0.7 not in heights


def test_a_locuri_is_cut_at_its_front():
    named = installs(1).with_columns(
        name=pl.lit("./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/Example")
    )
    (label,) = draw_installs(named).get_yticklabels()
    assert label.get_text().startswith("…")
    assert "SCEP/Example" in label.get_text()


def test_a_try_that_was_not_seen_to_end_points_on():
    ax = draw_installs(
        installs(4).tail(1).with_columns(ended_at=pl.lit(None, dtype=pl.Datetime("us", "UTC")))
    )
    assert [line.get_marker() for line in ax.lines] == [">"]
    assert any("end not recorded" in text for text in texts(ax))
