from datetime import timedelta

from autopilot_analysis.figures import draw_survival
from autopilot_analysis.figures.groups import LOOKS
from autopilot_analysis.fleet import measure_survival


def words(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_each_curve_says_n_the_censored_and_its_median(fleet):
    curves = measure_survival(fleet)
    said = words(draw_survival(curves))
    n, censored = curves["at_risk"].max(), curves["censored"].sum()
    assert len(said) == 1
    assert said[0].startswith(f"all: n {n:,}, {100 * censored / n:.0f} % censored, median ")


def test_curves_are_told_apart_without_colour(fleet):
    lines = draw_survival(measure_survival(fleet, by="profile")).get_lines()
    assert (
        len(
            {
                str(line.get_linestyle()) + str(line.get_dashes() if hasattr(line, "get_dashes") else "")
                for line in lines
            }
        )
        == 3
    )
    assert len({str(look[1]) for look in LOOKS}) == len(LOOKS)


def test_groups_beyond_the_largest_seven_are_counted_not_drawn(fleet):
    ax = draw_survival(measure_survival(fleet, by="model, group_tag"))
    assert len(ax.get_lines()) == 7
    assert "smaller groups are not drawn" in ax.get_xlabel()


def test_the_picture_ends_where_it_is_told(fleet):
    assert draw_survival(measure_survival(fleet), until=timedelta(hours=1)).get_xlim() == (0, 60)


def test_pandas_is_taken_and_nothing_says_so(fleet, texts):
    curves = measure_survival(fleet)
    assert words(draw_survival(curves.to_pandas())) == words(draw_survival(curves))
    assert "no attempt says how long it was waited for" in texts(draw_survival(curves.clear()))
