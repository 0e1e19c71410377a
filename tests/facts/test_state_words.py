"""Words and numbers by which lists say how something stands."""

import pytest

from autopilot_analysis.facts import one_each, read_facts
from autopilot_analysis.facts.own_words import plain, using_words
from autopilot_analysis.facts.state_words import foreign_outcomes, outcome_of


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("Succeeded", "succeeded"), ("In progress", "in_progress"), ("Not applicable", "none"),
        ("nonCompliant", "unmet"), ("Not compliant", "unmet"), ("OnHold", "held"), ("Konflikt", "conflict"),
        ("Erfolg", "succeeded"), ("En échec", "failed"), ("Non riuscito", "failed"), ("成功", "succeeded"),
        ("Perplexed", None), ("3", None), ("", None),
    ],
)  # fmt: skip
def test_a_word_tells_what_a_state_comes_to_in_several_languages(word, outcome):
    assert outcome_of(word) == outcome


@pytest.mark.parametrize(
    ("report", "outcome"),
    [("DeviceInstallStatusByApp", "in_progress"), ("DeviceRunStatesByScript", "failed"), ("", None)],
)
def test_a_number_is_one_of_its_own_report(report, outcome):
    assert outcome_of("3", report) == outcome


def test_of_an_item_that_the_status_page_tracks_not_compliant_is_a_failure():
    assert outcome_of("notCompliant", "policyStatusDetails") == "failed"


def test_the_analyst_s_own_word_goes_first(tmp_path):
    words = tmp_path / "words.csv"
    words.write_text("text,means\nPerplexed,failed\n", encoding="utf-8")
    with using_words(words):
        assert outcome_of("Perplexed") == "failed"


def test_no_word_means_two_things():
    rows = one_each(read_facts("state_words"), "words")
    spelt = [plain(word) for word in rows["words"]]
    assert len(spelt) == len(set(spelt))
    assert "" not in spelt


def test_english_words_of_items_are_no_words_of_deployments():
    assert "installed" not in foreign_outcomes()
    assert foreign_outcomes()["erfolg"] == "succeeded"
