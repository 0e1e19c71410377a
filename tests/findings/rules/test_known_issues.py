"""A known issue fits where its sign holds; traces of a failure mean nothing where none was."""

import pytest
from findings.rule_worlds import bad, ended

from autopilot_analysis.findings import answer, find
from autopilot_analysis.findings.words import known_issue_words


@pytest.mark.parametrize(
    ("stage", "code", "found"),
    [
        ("device_preparation", "0x81039001", True),
        ("entra_join", "0x81039001", True),
        ("device_setup", "0x81039001", False),
        ("device_preparation", "0x81039002", False),
    ],
)
def test_an_issue_that_a_code_tells_fits_in_its_own_stages_alone(proofs, failure, stage, code, found):
    rows = proofs("KNOWN-ISSUES", **failure(stage, code=code))
    assert ("KNOWN-AP-13" in set(rows["rule"])) is found


def test_a_trace_of_a_failure_means_nothing_on_a_device_that_did_not_fail(proofs):
    marks = [("tpm_identity_failed", None, 20, "0x81039001", "")]
    good = [("succeeded", None, "user_driven", 0, 60, None)]
    assert "KNOWN-AP-13" not in set(proofs("KNOWN-ISSUES", attempts=good, marks=marks)["rule"])


@pytest.mark.parametrize(("build", "found"), [("26100.0", True), ("26100.2453", True), ("26100.2454", False)])
def test_an_issue_of_a_build_fits_up_to_the_revision_that_mended_it_and_weighs_no_more_than_info(
    proofs, failure, build, found
):
    device = {"build": build, "edition": "Professional"}
    rows = proofs("KNOWN-ISSUES", **failure("device_setup") | {"device": device}).to_dicts()
    severities = [row["severity"] for row in rows if row["rule"] == "KNOWN-AP-03"]
    assert severities == ["info"] * found


def test_a_device_that_shows_nothing_has_no_known_issue(proofs):
    assert proofs("KNOWN-ISSUES", device={"build": None}).is_empty()


REFUSED = [("dm:404", {"Message5": "./Vendor/MSFT/Uefi/Settings/Apply"}, 70, "0x86000002")]
OF_OCTOBER = {"build": "26100.2033", "edition": "Professional"}
WENT_WELL = [("succeeded", None, "user_driven", 0, 60, None)]


@pytest.mark.parametrize(
    ("device", "events", "severities"),
    [
        (OF_OCTOBER, REFUSED, {"warning"}),
        (OF_OCTOBER, [], {"info"}),
        (OF_OCTOBER, [("dm:404", {"Message5": "./Vendor/MSFT/Policy/X"}, 70, "0x86000002")], {"info"}),
        (OF_OCTOBER | {"edition": "Enterprise"}, REFUSED, set()),
    ],
)
def test_an_issue_that_refused_records_prove_is_a_warning_whatever_came_of_the_deployment(
    proofs, device, events, severities
):
    rows = proofs("KNOWN-ISSUES", device=device, events=events, attempts=WENT_WELL)
    assert set(rows.filter(rows["rule"] == "KNOWN-AP-03")["severity"]) == severities


def test_what_mends_a_proven_issue_is_said_of_a_deployment_that_went_well(world):
    story = world(device=OF_OCTOBER, events=REFUSED, attempts=WENT_WELL)
    proven = " ".join(" ".join(answer(*story, find(*story)).in_lines()).split())
    assert "Install KB5046740 or newer" in proven
    assert "Nothing that was read calls for action" not in proven
    story = world(device=OF_OCTOBER, attempts=WENT_WELL)
    fits = " ".join(" ".join(answer(*story, find(*story)).in_lines()).split())
    assert "Nothing that was read calls for action" in fits
    assert "KB5046740" not in fits


WINLOGON = r"HKEY_LOCAL_MACHINE\software\microsoft\windows nt\currentversion\winlogon"
SIGNS_IN = [(WINLOGON, "AutoAdminLogon", "1"), (WINLOGON, "DefaultUserName", "kioskUser0")]


@pytest.mark.parametrize(
    ("build", "values", "found"),
    [
        ("22621.1105", SIGNS_IN, True),
        ("22621.1555", SIGNS_IN, False),
        ("22621.1105", SIGNS_IN[:1], False),
        ("22621.1105", [SIGNS_IN[0], (WINLOGON, "DefaultUserName", "robin")], False),
        ("22621.1105", [(WINLOGON, "AutoAdminLogon", "0"), SIGNS_IN[1]], False),
    ],
)
def test_a_kiosk_is_what_signs_its_own_user_in_whatever_its_profile_is_called(proofs, build, values, found):
    device = {"build": build, "profile_name": "Kiosk"}
    rows = proofs("KNOWN-ISSUES", device=device, registry=values)
    assert ("KNOWN-AP-11" in set(rows["rule"])) is found


UPDATES = "Update Windows (mended by KB5065426 (24H2), KB5065789 (25H2), KB5070312 (23H2))."


def hybrid_page(
    build, stage="device_setup", mark="esp_apps_failed", code="0x80004005", scenario="hybrid_join"
):
    """A status page that ended with a code, on a build."""
    attempts = bad(stage, scenario, code)
    return {
        "device": {"build": build, "scenario": scenario},
        "attempts": attempts,
        **ended(stage, mark, code),
    }


def to_do(story):
    """What a story's answer wants done, line by line, and what else was found."""
    sections = {one.label: one.lines for one in answer(*story, find(*story)).devices[0].sections}
    return [[line.text for line in sections.get(label, ())] for label in ("What to do", "Also found")]


@pytest.mark.parametrize(
    ("page", "leads"),
    [
        (hybrid_page("26100.4349"), True),
        (hybrid_page("22631.6275", stage="account_setup"), True),
        (hybrid_page("26200.100", mark="esp_timed_out"), True),
        (hybrid_page("26100.6584"), False),
        (hybrid_page("26100.4349", scenario="user_driven"), False),
        (hybrid_page("26100.4349", code="0x800705B4"), False),
    ],
)
def test_what_mends_an_issue_of_the_very_code_comes_before_the_remedy_of_a_mere_consequence(
    world, page, leads
):
    remedies, others = to_do(world(**page))
    assert remedies[0].endswith(UPDATES) is leads
    assert len(remedies) == 1 + leads
    assert not [text for text in others if "Hybrid join times out" in text]


def test_where_the_cause_is_known_its_own_remedy_is_told_and_the_issue_stands_beside_it(world):
    app = {"name": "Reader", "exit_code": 1603, "code": "0x80070643"}
    remedies, others = to_do(world(**hybrid_page("26100.4349"), installs=[app]))
    assert len(remedies) == 1
    assert UPDATES not in remedies[0]
    assert [text for text in others if "Hybrid join times out" in text]


WRONG, SET_RIGHT = ("ap:753", {}, 15, None), ("clock_set", None, 20, None, "")
TURNED_AWAY = {
    "attempts": [("failed", "mdm_enrollment", "user_driven", 10, 60, "0x80180003")],
    "runs": [(1, "mdm_enrollment", "failed", 40, 50, "0x80180003", None)],
}


@pytest.mark.parametrize(
    ("events", "marks", "found"),
    [
        ([WRONG], [], True),
        ([WRONG], [SET_RIGHT], False),
        ([WRONG], [("clock_set", None, 51, None, "")], True),
        ([WRONG], [("clock_set", None, 14, None, "")], True),
        ([WRONG, ("ap:753", {}, 30, None)], [SET_RIGHT], True),
        ([("ap:750", {}, 5, None)], [SET_RIGHT], False),
    ],
)
def test_a_condition_that_was_mended_before_the_failing_step_is_history(proofs, events, marks, found):
    rows = proofs("KNOWN-ISSUES", events=events, marks=marks, **TURNED_AWAY)
    assert ("KNOWN-AP-36" in set(rows["rule"])) is found


def test_the_code_of_a_stage_that_was_mended_before_another_failed_is_history(proofs):
    given = {
        "attempts": TURNED_AWAY["attempts"],
        "runs": [(1, "profile_download", "failed", 10, 12, "0x80072F8F", None), *TURNED_AWAY["runs"]],
    }
    stands = proofs("KNOWN-ISSUES", **given)
    assert "KNOWN-AP-36" in set(stands["rule"])
    assert "KNOWN-AP-36" not in set(proofs("KNOWN-ISSUES", marks=[SET_RIGHT], **given)["rule"])


@pytest.mark.parametrize(
    ("issue", "ends"),
    [
        ("AP-16", "(mended by KB5015020)"),
        ("AP-46", "(mended in version 6.2504.2001.8)"),
        ("V2-02", "(mended in 2024-07)"),
        ("AP-03", "or use Enterprise"),
        ("AP-17", "during deployment"),
    ],
)
def test_a_remedy_says_what_mended_the_issue_where_that_is_known(issue, ends):
    remedies = dict(known_issue_words().select("rule", "remedy").iter_rows())
    assert remedies[f"KNOWN-{issue}"].endswith(ends)


def test_a_laptop_that_a_user_registered_is_told_to_join_only_where_it_is_the_organisations(proofs):
    stated = [("WorkplaceJoined", "YES"), ("AzureAdJoined", "NO"), ("WorkAccountCount", "2")]
    rows = proofs(
        "KNOWN-ISSUES", properties=[(*each, "dsregcmd.txt", "User State") for each in stated]
    ).filter(rule="KNOWN-ESP-19")
    assert rows.height
    remedy = dict(known_issue_words().select("rule", "remedy").iter_rows())["KNOWN-ESP-19"]
    assert remedy.startswith("Where the device belongs to the organisation, ")
    assert "a private device is registered by right" in remedy
