"""A small fleet that every fleet figure can be drawn from."""

import pytest

from autopilot_analysis.samples.fleet.fleet import simulate_fleet


@pytest.fixture(scope="package")
def fleet():
    """600 deployments, an edited profile among them."""
    return simulate_fleet(600, incident="profile_edit", seed=24)[0].drop("app_version")


@pytest.fixture
def texts():
    """What an Axes says, its labels included."""

    def said(ax):
        labels = [label.get_text() for label in (*ax.get_yticklabels(), *ax.get_xticklabels())]
        return [text.get_text() for text in ax.texts] + labels + [ax.get_xlabel()]

    return said
