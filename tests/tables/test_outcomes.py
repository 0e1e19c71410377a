"""What an outcome means is said of outcomes that the tables have."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.tables import DEPLOYMENT_OUTCOMES
from autopilot_analysis.tables.outcomes import ENDED, FAILED_TRIES, FINISHED, REPORT_WATCHES


def test_an_attempt_is_open_or_of_unknown_outcome_or_ended():
    assert set(DEPLOYMENT_OUTCOMES) - set(ENDED) == {"in_progress", "unknown"}


def test_only_what_was_given_up_ended_without_being_decided():
    assert set(ENDED) - set(FINISHED) == {"abandoned"}


def test_a_try_whose_item_was_not_there_afterwards_failed_though_its_installer_did_not():
    assert set(FAILED_TRIES) - set(FINISHED) == {"not_detected"}


def test_the_known_issue_of_the_report_asks_for_attempts_longer_than_it_watches():
    issue = read_facts("known_issues").row(by_predicate=pl.col("id") == "AP-15", named=True)
    assert f"total>{REPORT_WATCHES // timedelta(minutes=1)}min" in issue["sign"]
