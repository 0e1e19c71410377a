import polars as pl
import pytest

from autopilot_analysis.facts import read_facts
from autopilot_analysis.tables import SCHEMAS, schema_of
from autopilot_analysis.trace.installs.agent.messages import CAPTURES, find_messages, patterns

FACTS = read_facts("ime_patterns")


def lines(*messages, member="Logs/AppWorkload-20260302-101112.log"):
    schema = schema_of("log_lines")
    rows = [
        {"device": "D", "member": member, "record": n, "clock": "unknown", "message": text}
        for n, text in enumerate(messages, 1)
    ]
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


@pytest.mark.parametrize("fact", FACTS.to_dicts(), ids=FACTS["id"].to_list())
def test_a_pattern_finds_its_own_example(fact):
    found = find_messages(lines(fact["example"])).filter(pattern=fact["id"])
    assert found.height == 1
    taken = [name for name in CAPTURES if found[name][0] is not None]
    assert set(taken) <= set((fact["captures"] or "").split())
    assert bool(taken) == bool(fact["captures"])


def test_every_pattern_names_only_known_captures_and_a_page():
    assert set(" ".join(FACTS["captures"].drop_nulls()).split()) <= set(CAPTURES)
    assert FACTS["page"].null_count() == 0
    assert FACTS["id"].is_unique().all()


def test_the_stem_is_the_log_less_path_and_rotation():
    messages = find_messages(lines("EMS Agent Started"))
    assert messages["stem"].to_list() == ["AppWorkload"]


@pytest.mark.parametrize("member", ["14-AppWorkload.log", "PC7_AppWorkload.log", "copy.txt"])
def test_a_log_is_known_by_the_name_in_its_records_however_its_file_is_called(member):
    found = lines("EMS Agent Started", member=member).with_columns(component=pl.lit("AppWorkload"))
    assert find_messages(found)["stem"].to_list() == ["AppWorkload"]
    other = found.with_columns(component=pl.lit("ccmsetup"))
    assert find_messages(other)["stem"].to_list() != ["AppWorkload"]


def test_doubled_quotes_of_older_builds_are_read_like_single_ones():
    app = "11111111-2222-4333-8444-555555555555"
    text = (
        f"[Win32App][ReportingManager] Execution state for app with id: {app} has "
        f'been updated. Report delta: {{"EnforcementState":{{"OldValue":null,"NewValue":"Error"}}}}'
    )
    found = find_messages(lines(text, text.replace('"', '""'))).filter(pattern="execution_state")
    assert found["state"].to_list() == ["Error", "Error"]


def test_a_record_with_two_shapes_gives_two_rows():
    app = "11111111-2222-4333-8444-555555555555"
    text = (
        f"[Win32App][EspManager] In EspPhase: DeviceSetup. App {app} has been "
        f"registered to ESP. App name: One"
    )
    assert sorted(find_messages(lines(text))["pattern"]) == ["esp_phase", "esp_registered"]


def test_lines_of_other_programs_cost_nothing_and_say_nothing():
    assert find_messages(lines("2026-03-02 10:00:00, Info  CBS  Starting TrustedInstaller")).is_empty()
    assert find_messages(SCHEMAS["log_lines"].create_empty()).is_empty()


def test_a_message_of_ten_megabytes_is_read_in_linear_time():
    text = "Get policies = [" + '{"Id":"x","Name":"' * 500_000 + "]"
    assert find_messages(lines(text))["pattern"].to_list() == ["policies"]


def test_the_literals_stay_few_enough_for_the_fast_search():
    assert FACTS["literal"].n_unique() <= 100  # beyond that the search takes twice as long


def test_no_literal_is_missing_from_its_pattern_s_example():
    for fact in patterns().iter_rows(named=True):
        assert fact["literal"] in fact["example"]
