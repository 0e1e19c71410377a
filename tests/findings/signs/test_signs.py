"""Every rule that is a sign: a world that shows it, and one with a term less that stays silent."""

import re

import polars as pl
import pytest
from findings.sign_worlds import ONLY, SIGNS, world_of

from autopilot_analysis.errors import BadInput
from autopilot_analysis.export import open_export
from autopilot_analysis.facts import one_each, read_facts
from autopilot_analysis.findings import RULES, find
from autopilot_analysis.findings.looking import PROVIDERS
from autopilot_analysis.findings.signs.signs import (
    OF_A_PROPERTY,
    answerable,
    gather,
    match,
    origin_of,
    terms_of,
)
from autopilot_analysis.findings.weighing import NEAR
from autopilot_analysis.findings.words import AREA_STAGES
from autopilot_analysis.readers import read_tables


@pytest.mark.parametrize(("rule", "sign", "stage"), SIGNS, ids=[rule for rule, *_ in SIGNS])
def test_the_sign_shows_and_one_term_less_stays_silent(world, failure, rule, sign, stage):
    tables, trace = world_of(world, failure, sign, stage)
    assert rule in set(find(tables, trace, rules=ONLY).findings["rule"])
    for skip in range(len(terms_of(sign.split(" | ")[0]))):
        tables, trace = world_of(world, failure, sign, stage, skip)
        assert rule not in set(find(tables, trace, rules=ONLY).findings["rule"]), f"without term {skip}"


@pytest.mark.parametrize("rule", ["CHECK-CF7", "NETWORK-N13"])
def test_a_condition_rises_above_info_only_where_the_failed_stage_fits(world, failure, rule):
    sign, stage = next((s, st) for r, s, st in SIGNS if r == rule)
    stage = stage or "mdm_enrollment"
    weight = {}
    for failing in (stage, "desktop"):
        tables, trace = world_of(world, failure, sign, failing)
        rows = find(tables, trace, rules=ONLY).findings
        weight[failing] = rows.filter(rows["rule"] == rule)["severity"][0]
    assert weight[stage] == "warning"
    assert weight["desktop"] == ("warning" if rule == "NETWORK-N13" else "info")


def test_a_known_issue_of_events_is_silent_on_a_device_that_did_not_fail(world):
    tables, trace = world(
        events=[("ap:171", {}, 30, "0x81039001")], attempts=[("succeeded", None, "user_driven", 0, 60, None)]
    )
    assert not [r for r in find(tables, trace, rules=ONLY).findings["rule"] if r.startswith("KNOWN-")]


def test_a_sign_with_a_term_no_table_answers_is_not_answered():
    assert not answerable("rows=50; has=@odata.nextLink")
    assert not answerable(None)
    assert answerable("app_id=x | install=win32@0x80070652")


@pytest.mark.parametrize("term", ["code=0x80070652", "text=One Time Limit"])
def test_a_bare_code_or_text_does_not_load(term):
    with pytest.raises(BadInput, match="names no origin"):
        answerable(f"scenario=hybrid_join; {term}")


def test_terms_of_one_sign_meet_in_one_attempt(world):
    attempts = [("failed", "profile_download", "user_driven", 0, 60, None)] * 2
    attempts = [(*one[:3], 2000 * n, 2000 * n + 60, None) for n, one in enumerate(attempts)]
    internet, refused = ("ap:164", {}, 30, None), ("ap:706", {}, 31, "0x80072EE7")
    together = find(*world(attempts=attempts, events=[internet, refused]), rules=ONLY).findings
    assert "NETWORK-N2" in set(together["rule"])
    later = (*refused[:2], 2031, refused[3])
    apart = find(*world(attempts=attempts, events=[internet, later]), rules=ONLY).findings
    assert "NETWORK-N2" not in set(apart["rule"])


@pytest.mark.parametrize(
    "facts", ["known_issues", "configuration_checks", "network_signs", "policy_conflicts"]
)
def test_a_sign_without_a_stage_says_why_it_may_speak_of_any(facts):
    for row in read_facts(facts).iter_rows(named=True):
        stage = row.get("stage") or row.get("phase") or AREA_STAGES.get(row.get("area") or "")
        sign = row.get("sign") if facts != "network_signs" else row["rule_sign"]
        if not stage and (facts == "policy_conflicts" or answerable(sign)):
            assert row["any_stage"], row["id"]


def test_absence_is_no_sign_where_it_could_not_have_been_seen(world, failure):
    parts = failure("network") | {"events": [("ap:165", {}, 30, None)]}
    rules = set(find(*world(**parts), rules=ONLY).findings["rule"])
    assert "KNOWN-AP-44" in rules
    sign = "event=dm:1; missing_event=ap:310"
    events = [("dm:1", {}, 30, None)]
    assert match(sign, gather(*world(events=events))).is_empty()
    events.append(("ap:1", {}, 30, None))
    assert match(sign, gather(*world(events=events))).height == 1


def test_what_was_written_in_another_life_of_the_device_is_absent_all_the_same(world):
    """Months before the deployment that failed the device had been online; in it, it never was."""
    attempts = [("failed", "network", "user_driven", 100_000, 100_060, None)]
    offline = [("ap:165", {}, 100_030, None), ("ap:167", {}, 100_031, None)]
    for minute, told in ((5, True), (100_032, False)):
        events = [*offline, ("ap:164", {}, minute, None)]
        found = set(find(*world(attempts=attempts, events=events), rules=ONLY).findings["rule"])
        assert ("NETWORK-N1" in found) is told


def test_every_detectable_issue_has_a_sign_a_rule_that_tells_it_or_is_listed_as_not_looked_at():
    issues = read_facts("known_issues")
    named = set(issues["told_by"].drop_nulls())
    rules = {name for name in named if not name.startswith(("deployments.flags", "gaps"))}
    assert rules <= set(RULES)
    answered = [
        answerable(sign) or by is not None for sign, by in issues.select("sign", "told_by").iter_rows()
    ]
    assert sum(answered) >= 49


def test_every_stage_a_sign_is_about_has_stages_near_it():
    assert {stage for *_, stage in SIGNS if stage} <= set(NEAR)


def test_signs_use_only_codes_in_canonical_spelling():
    for _, sign, _ in SIGNS:
        for code in re.findall(r"@([^;|~!]+)", sign):
            assert all(re.fullmatch(r"0x[0-9A-F*]{3,8}", part.strip()) for part in code.split(",")), sign


def alternatives():
    """Every alternative of every sign that can be answered, as terms, with the id of its issue."""
    for row in read_facts("known_issues").iter_rows(named=True):
        for part in (row["sign"] or "").split(" | "):
            if answerable(part):
                yield row["id"], terms_of(part)


def test_no_sign_asks_for_a_scenario_without_the_record_that_tells_it():
    """A device prepared from a file shows that in 310 alone: with 310 missing the scenario is not known."""
    short = {name: alias for alias, name in PROVIDERS.items()}
    facts = one_each(read_facts("scenarios"), "provider").filter(pl.col("kind") == "event")
    tells = {
        (short.get(p, p), str(n), s) for p, n, s in facts.select("provider", "event_id", "scenario").rows()
    }
    for issue, terms in alternatives():
        wanted = {value for name, value in terms if name == "scenario"}
        absent = {value for name, value in terms if name == "missing_event"}
        gone = {one for value in absent for one in value.split(",")}
        for scenario in wanted:
            telling = {f"{p}:{n}" for p, n, s in tells if s == scenario}
            assert not telling or not telling <= gone, issue


def test_no_sign_asks_for_the_failure_of_a_stage_that_its_scenario_leaves_out():
    skipped = set(read_facts("scenario_skips").select("scenario", "stage").rows())
    for issue, terms in alternatives():
        for scenario in (value for name, value in terms if name == "scenario"):
            failed = [origin_of(value)["names"].split(",") for name, value in terms if name == "failed"]
            for stages in failed:
                assert not all((scenario, stage) in skipped for stage in stages), issue


PROPERTIES = {
    "workplacejoined": ("dsregcmd_status.txt", "| Device State |\n\n  WorkplaceJoined : YES\n"),
    "azureadjoined": ("dsregcmd_status.txt", "| Device State |\n\n  AzureAdJoined : NO\n"),
    "encoding": ("AutopilotConfigurationFile.json", '{"CloudAssignedTenantId": "x", "Version": 2049}'),
    "processor": ("msinfo32.log", "[System Summary]\n\nItem\tValue\nProcessor\tExample CPU\n"),
    "installed physical memory (ram)": (
        "msinfo32.log",
        "[System Summary]\n\nItem\tValue\nInstalled Physical Memory (RAM)\t2.00 GB\n",
    ),
}
"""For each property that a known issue asks for: a file of a device that holds it."""


def test_every_property_of_a_known_issue_is_read_from_a_file_of_a_device(tmp_path):
    asked = {
        v.partition(":")[0].lower() for _, terms in alternatives() for n, v in terms if n in OF_A_PROPERTY
    }
    assert asked == set(PROPERTIES)
    for name, (file, text) in PROPERTIES.items():
        folder = tmp_path / name.replace(" ", "_")
        folder.mkdir()
        (folder / file).write_text(text)
        read = read_tables(open_export(str(folder))).properties["name"].str.to_lowercase()
        assert name in set(read), name
