from autopilot_analysis.figures import draw_contrasts
from autopilot_analysis.fleet import measure_contrasts


def test_a_group_says_its_counts_and_how_much_likelier_it_is_hit(fleet, texts):
    contrasts = measure_contrasts(fleet)
    row = contrasts.row(0, named=True)
    said = texts(draw_contrasts(contrasts))
    assert "profile User driven" in said
    lift = f"{row['lift']:.1f} times the rest ({row['lift_low']:.1f} to {row['lift_high']:.1f})"
    assert f"{row['k']:,} of {row['n']:,}; {lift}" in said


def test_pandas_is_taken_and_no_group_says_so(fleet, texts):
    contrasts = measure_contrasts(fleet)
    assert texts(draw_contrasts(contrasts.to_pandas())) == texts(draw_contrasts(contrasts))
    assert "no group stands out" in texts(draw_contrasts(contrasts.clear()))
