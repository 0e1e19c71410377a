"""The rest of the room: own rules, the checklist, back-testing, and rules that need a special world."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from findings.rule_worlds import at

from autopilot_analysis.errors import BadInput
from autopilot_analysis.findings import (
    RULES,
    back_test,
    check_activities,
    conclude,
    find,
    load_rules,
    read_verdicts,
)
from autopilot_analysis.findings.rule import OWN_WORDS, rule
from autopilot_analysis.findings.search import UNDATED_WORDS
from autopilot_analysis.findings.weighing import weigh
from autopilot_analysis.tables import Tables, Trace

GOOD = [("succeeded", None, "user_driven", 0, 60, None)]
OWN = """
from autopilot_analysis.findings import marks_in, proof, rule

@rule("OWN-LATE-NETWORK", title="The network came late", meaning="Our switches wake slowly.", severity="info")
def late_network(tables, trace):
    return proof(marks_in(trace, ["internet_missing"]))
"""


@pytest.fixture
def clean_rules():
    rules, words = dict(RULES), dict(OWN_WORDS)
    yield
    RULES.clear()
    RULES.update(rules)
    OWN_WORDS.clear()
    OWN_WORDS.update(words)


@pytest.mark.usefixtures("clean_rules")
def test_a_rule_from_a_file_of_ones_own_speaks_with_its_own_words(world, tmp_path):
    (tmp_path / "own.py").write_text(OWN)
    rules = load_rules(tmp_path / "own.py")
    assert load_rules(tmp_path / "own.py").keys() == rules.keys()
    tables, trace = world(marks=[("internet_missing", "network", 5, None, "165")])
    found = (
        find(tables, trace, rules=rules)
        .findings.filter(pl.col("rule") == "OWN-LATE-NETWORK")
        .row(0, named=True)
    )
    assert (found["title"], found["severity"], found["role"]) == ("The network came late", "info", "context")


@pytest.mark.usefixtures("clean_rules")
@pytest.mark.parametrize(
    ("name", "text"), [("own.txt", OWN), ("own.py", "x = 1"), ("own.py", "1 / 0"), ("own.py", "def (")]
)
def test_a_file_that_brings_no_rule_is_refused_in_one_line(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    with pytest.raises(BadInput) as error:
        load_rules(tmp_path / name)
    assert "\n" not in str(error.value)


def test_two_rules_cannot_carry_one_id():
    with pytest.raises(BadInput, match="two rules"):
        rule("ESP-TIMEOUT")(lambda tables, trace: pl.DataFrame())
    with pytest.raises(BadInput, match="no title"):
        rule("OWN-NAMELESS", meaning="x")


def test_back_testing_says_where_the_analyst_and_the_kit_agree(world, failure, tmp_path):
    tables, trace = world(
        marks=[("enrollment_failed", "mdm_enrollment", 60, "0x80180014", "")],
        **(
            failure("mdm_enrollment")
            | {"runs": [(1, "mdm_enrollment", "failed", 10, 60, "0x80180014", "enrollment_failed")]}
        ),
    )
    (tmp_path / "verdicts.csv").write_text("device,rule\nD,MDM-ENROLLMENT-REFUSED\nE,TPM-NOT-CAPABLE\n")
    rows = back_test(find(tables, trace), read_verdicts(tmp_path / "verdicts.csv"))
    assert rows.select("device", "found", "rank", "agrees").rows() == [
        ("D", "MDM-ENROLLMENT-REFUSED", 1, True),
        ("E", None, None, False),
    ]


def test_a_file_of_verdicts_without_its_columns_is_refused(tmp_path):
    (tmp_path / "v.csv").write_text("a,b\n1,2\n")
    with pytest.raises(BadInput, match="no column device"):
        read_verdicts(tmp_path / "v.csv")
    with pytest.raises(BadInput, match="does not exist"):
        read_verdicts(tmp_path / "absent.csv")


def test_no_rule_breaks_on_an_empty_export_or_one_without_instants(world):
    for tables, trace in [
        (Tables.of({}), Trace.of({})),
        world(
            attempts=[("unknown", None, None, None, None, None)],
            runs=[(1, "network", "failed", None, None, None, None)],
        ),
    ]:
        findings = find(tables, trace)
        assert conclude(tables, trace, findings).height == tables.devices.height
        assert check_activities(tables, trace, findings).height == 8 * tables.devices.height


def test_a_slow_app_and_one_that_failed_after_it_was_there(world):
    tables, trace = world(attempts=GOOD, installs=[{"outcome": "succeeded"}, {"outcome": "failed"}])
    start = trace.attempts["started_at"][0]
    ends = pl.Series([start + timedelta(minutes=20), start + timedelta(minutes=40)]).cast(
        pl.Datetime("us", "UTC")
    )
    waits = pl.Series([timedelta(minutes=12), timedelta(minutes=5)], dtype=pl.Duration("us"))
    slow = Trace.of({**trace.frames(), "installs": trace.installs.with_columns(ended_at=ends, waited=waits)})
    only = {name: RULES[name] for name in ("APP-SLOW", "APP-SUCCEEDED-THEN-FAILED")}
    assert set(find(tables, slow, rules=only).findings["rule"]) == set(only)
    quick = Trace.of(
        {**slow.frames(), "installs": slow.installs.reverse().with_columns(ended_at=ends, waited=waits / 2)}
    )
    assert find(tables, quick, rules=only).findings.is_empty()


def test_a_damaged_member_is_a_finding_and_a_whole_one_with_a_gap_is_not(world):
    tables, trace = world(gaps=[("export.evtx", "3 chunks are missing")])
    only = {"EVIDENCE-DAMAGED": RULES["EVIDENCE-DAMAGED"]}
    assert find(tables, trace, rules=only).findings.is_empty()
    hurt = Tables.of({**tables.frames(), "members": tables.members.with_columns(state=pl.lit("damaged"))})
    assert find(hurt, trace, rules=only).findings["rule"].to_list() == ["EVIDENCE-DAMAGED"]
    assert check_activities(hurt, trace, find(hurt, trace, rules=only))["result"][-1] == "fail"


def test_findings_are_ordered_causes_first_and_info_last(world, failure):
    tables, trace = world(
        marks=[("enrollment_failed", "mdm_enrollment", 60, "0x80180014", "")],
        registry=[
            (r"HKEY_LOCAL_MACHINE\software\microsoft\enrollments\0\FirstSync", "AllowCollectLogsButton", "0")
        ],
        **(
            failure("mdm_enrollment")
            | {"runs": [(1, "mdm_enrollment", "failed", 10, 60, "0x80180014", "enrollment_failed")]}
        ),
    )
    found = find(tables, trace).findings
    assert (found["role"][0], found["severity"][-1]) == ("cause", "info")
    assert found["stage"][0] == "mdm_enrollment"


def test_device_preparation_needs_no_profile(world):
    blank = {"marks": [("profile_empty", None, 5, None, "")], "device": {"registered": True}}
    for scenario, expected in (("user_driven", True), ("device_preparation", False)):
        attempts = [("unfinished", None, scenario, 0, None, None)]
        found = find(*world(attempts=attempts, **blank)).findings
        assert ("PROFILE-NOT-ASSIGNED" in set(found["rule"])) is expected, scenario


@pytest.mark.parametrize(
    ("device", "scenario", "expected"),
    [
        ({"enrolled": None}, "user_driven", True),
        ({"enrolled": True}, "user_driven", False),
        ({"enrolled": None, "scenario": "device_preparation"}, "device_preparation", False),
    ],
)
def test_an_empty_answer_is_no_fault_of_a_device_that_went_on_without(world, device, scenario, expected):
    attempts = [("unfinished", None, scenario, 0, None, None)]
    marks = [("profile_empty", None, 5, None, "")]
    found = find(*world(attempts=attempts, marks=marks, device={"registered": None, **device})).findings
    assert ("PROFILE-EMPTY" in set(found["rule"])) is expected


def test_two_failed_scripts_are_one_finding_with_a_count_and_each_its_own_proof(world):
    scripts = [{"kind": "script", "item": name, "name": name, "exit_code": 1} for name in ("one", "two")]
    found = find(*world(installs=scripts))
    failed = found.findings.filter(pl.col("rule") == "SCRIPT-FAILED")
    proofs = found.evidence.filter(pl.col("rule") == "SCRIPT-FAILED")
    assert failed["item"].to_list() == ["2 of them: one, two"]
    assert proofs["finding"].unique().to_list() == failed["id"].to_list()
    assert dict(proofs.select("item", "record").iter_rows()) == {"one": 1, "two": 2}


@pytest.mark.parametrize(
    ("minute", "severity"),
    [
        (-12 * 60, "warning"),
        (-12 * 60 - 1, "info"),
        (0, "warning"),
        (None, "warning"),
        (60 + 12 * 60 + 1, "info"),
    ],
)
def test_a_condition_weighs_in_the_failed_attempt_shortly_before_it_or_without_a_time(
    world, minute, severity
):
    attempts = [("failed", "device_setup", "user_driven", 0, 60, None)]
    tables, trace = world(attempts=attempts, events=[("ap:1", {}, minute, None)])
    rows = tables.events.with_columns(about=pl.lit("device_setup"))
    assert weigh(rows, trace)["severity"].to_list() == [severity]


@pytest.mark.parametrize(("days", "told"), [(7, True), (8, False)])
def test_a_blank_answer_long_before_the_profile_came_kept_nothing_from_coming(world, days, told):
    marks = [("profile_empty", None, 5, None, ""), ("profile_available", None, 5 + days * 1440, None, "")]
    only = {"PROFILE-BLANK-CACHED": RULES["PROFILE-BLANK-CACHED"]}
    later = days * 1440
    attempts = [*GOOD, ("succeeded", None, "user_driven", later, later + 60, None)]
    assert find(*world(marks=marks, attempts=attempts), rules=only).findings.height == told


@pytest.mark.parametrize(
    ("item", "told"),
    [
        ({}, True),
        ({"attempt": None, "ended_at": None}, True),
        ({"attempt": None, "ended_at": datetime(2026, 1, 2, tzinfo=UTC)}, False),
        ({"blocking": None}, True),
        ({"blocking": None, "kind": "modern", "reason": "asked for by svchost.exe,AppXSvc"}, False),
    ],
)
def test_only_an_item_of_the_attempt_that_windows_did_not_bring_stops_device_preparation(world, item, told):
    attempts = [("unfinished", None, "device_preparation", 0, None, None)]
    only = {"PREPARATION-ITEM-FAILED": RULES["PREPARATION-ITEM-FAILED"]}
    assert (
        find(*world(attempts=attempts, installs=[{"exit_code": 1} | item]), rules=only).findings.height
        == told
    )


@pytest.mark.parametrize(
    ("ended", "attempt", "sure", "inferred"),
    [(at(30), 1, 0.9, False), (None, 1, 0.72, True)],
)
def test_what_nothing_dates_is_less_sure_and_says_so(world, ended, attempt, sure, inferred):
    item = {"exit_code": 1603, "code": "0x80070643", "attempt": attempt, "ended_at": ended}
    runs = [(1, "device_setup", "failed", 10, 60, "0x800705B4", None)]
    attempts = [("failed", "device_setup", "user_driven", 0, 60, "0x800705B4")]
    only = {"ESP-APP-FAILED": RULES["ESP-APP-FAILED"]}
    (row,) = find(*world(runs=runs, attempts=attempts, installs=[item]), rules=only).findings.rows(named=True)
    assert row["confidence"] == pytest.approx(sure)
    assert row["meaning"].endswith(UNDATED_WORDS) is inferred


def test_what_is_true_of_the_device_whatever_the_attempt_loses_nothing_without_a_time(world):
    (row,) = find(
        *world(device={"edition": "Core"}), rules={"WINDOWS-HOME": RULES["WINDOWS-HOME"]}
    ).findings.rows(named=True)
    assert (row["confidence"], UNDATED_WORDS in row["meaning"]) == (0.95, False)
