"""What an outcome means is said of outcomes that the tables have."""

from __future__ import annotations

from autopilot_analysis.tables import DEPLOYMENT_OUTCOMES
from autopilot_analysis.tables.outcomes import ENDED, FAILED_TRIES, FINISHED


def test_an_attempt_is_open_or_of_unknown_outcome_or_ended():
    assert set(DEPLOYMENT_OUTCOMES) - set(ENDED) == {"in_progress", "unknown"}


def test_only_what_was_given_up_ended_without_being_decided():
    assert set(ENDED) - set(FINISHED) == {"abandoned"}


def test_a_try_whose_item_was_not_there_afterwards_failed_though_its_installer_did_not():
    assert set(FAILED_TRIES) - set(FINISHED) == {"not_detected"}
