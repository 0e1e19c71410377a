import polars as pl

from autopilot_analysis.fleet import measure_together


def test_failures_that_meet_on_one_device_are_counted_against_chance():
    rows = [(f"both-{i}", code) for i in range(8) for code in ("0x80070001", "0x80070002")]
    rows += [(f"other-{i}", "0x80070003") for i in range(92)]
    frame = pl.DataFrame(rows, schema=["device", "code"], orient="row").with_columns(outcome=pl.lit("failed"))
    row = measure_together(frame, by="code").row(0, named=True)
    assert (row["first"], row["second"], row["n"], row["k"]) == ("0x80070001", "0x80070002", 100, 8)
    assert row["expected"] == 0.64
    assert row["q"] < 1e-6
