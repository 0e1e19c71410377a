"""The task that joins a computer of a domain: its last answer, where no Autopilot runs."""

import pytest
from findings.rule_worlds import at

from autopilot_analysis.findings import find

RULE = "AUTOMATIC-JOIN-FAILED"


def tries(*ones):
    """Return failures of the task: (event, minute, code, what its record says beside the code)."""
    events = [(f"udr:{number}", {"DebugOutput": words}, minute, code) for number, minute, code, words in ones]
    return {"attempts": [], "events": events}


KEY_GONE = (304, 10, "0x80090016", "errorPhase: join")
UNSYNCED = (304, 70, "0x801C03F2", "errorPhase: join")


def joined(minute):
    return ("join_completed_automatically", "entra_join", minute, None, "{}")


@pytest.mark.parametrize(
    ("one", "item"),
    [
        (KEY_GONE, "join"),
        ((305, 10, "0xCAA90017", "{}"), "auth"),
        ((304, 10, "0x80072F8F", "errorPhase: Discover"), "discover at enterpriseregistration.windows.net"),
        ((307, 10, "0x80072EE7", "{}"), "discover at enterpriseregistration.windows.net"),
        ((305, 10, "0xCAA82EE7", "{}"), "auth"),
        ((304, None, "0x801C0021", "{}"), "join"),
    ],
)
def test_a_join_that_the_task_does_not_get_through_is_told_with_its_phase(proofs, one, item):
    rows = proofs(RULE, **tries(one))
    assert rows.select("item", "code", "severity").rows() == [(item, one[2], None)]


def test_the_answer_that_came_last_counts_and_its_first_and_last_record_are_cited(proofs):
    again = [(304, minute, "0x801C03F2", "errorPhase: join") for minute in (70, 130, 190)]
    rows = proofs(RULE, **tries(KEY_GONE, *again))
    assert rows.select("code", "at").rows() == [("0x801C03F2", at(70)), ("0x801C03F2", at(190))]


def test_a_join_that_came_later_ends_the_story_and_one_that_came_before_does_not(proofs):
    given = tries(KEY_GONE, UNSYNCED)
    assert proofs(RULE, **given, marks=[joined(71)]).is_empty()
    assert proofs(RULE, **given, marks=[joined(69)])["code"].to_list() == ["0x801C03F2"]
    assert proofs(RULE, **given, properties=[("AzureAdJoined", "YES")]).is_empty()
    assert proofs(RULE, **given, properties=[("AzureAdJoined", "NO")]).height == 1


def test_a_domain_without_a_service_connection_point_is_no_fault(proofs):
    rows = proofs(RULE, **tries((304, 10, "0x801C001D", "errorPhase: discover")))
    assert rows["severity"].to_list() == ["info"]


def test_where_autopilot_ran_the_attempt_says_what_became_of_the_join(proofs, failure):
    given = tries(KEY_GONE) | failure("entra_join", scenario="hybrid_join", code="0x80090016")
    assert proofs(RULE, **given).is_empty()


def test_the_meaning_is_that_of_the_code_at_the_join(world):
    first = find(*world(**tries(UNSYNCED), device={"scenario": None})).findings.row(0, named=True)
    assert first["rule"] == RULE
    assert "does not hold the device yet" in first["meaning"]


def test_undated_records_of_the_task_are_told_by_this_rule_alone(world):
    undated = (304, None, "0x801C03F2", "errorPhase: join")
    marks = [("automatic_join_failed", "entra_join", None, "0x801C03F2", "errorPhase: join")]
    story = world(**tries(undated), marks=marks, device={"scenario": None})
    loud = find(*story).findings.filter(severity="high")
    assert loud["rule"].to_list() == [RULE]
    assert "HYBRID-JOIN-FAILED" not in set(find(*story).findings["rule"])


def in_words(minute):
    return (304, minute, None, "errorPhase: join")


def debug(minute, code="0x80090016", number=502):
    return (number, minute, code, "DsrBeginDeviceAutoJoin")


@pytest.mark.parametrize(
    ("ones", "code"),
    [
        ((in_words(10), debug(10.1)), "0x80090016"),
        ((in_words(10), debug(9, number=500), debug(10)), "0x80090016"),
        ((in_words(None), debug(None)), "0x80090016"),
        ((in_words(10), debug(25.1)), None),
        ((in_words(10), debug(10), debug(11, "0x801C03F2")), None),
        ((in_words(10), debug(None)), None),
        ((UNSYNCED, debug(70)), "0x801C03F2"),
    ],
    ids=["beside it", "of both numbers", "without times", "hours apart", "at odds", "one undated", "its own"],
)
def test_a_failure_in_words_alone_has_the_code_of_the_debug_records_of_its_try(proofs, ones, code):
    assert proofs(RULE, **tries(*ones))["code"].to_list() == [code]


@pytest.mark.parametrize(
    ("ones", "codes"),
    [
        (((304, None, "0x80090016", "x"), in_words(None)), ["0x80090016"]),
        ((KEY_GONE, in_words(50)), [None]),
        ((in_words(None),), [None]),
    ],
    ids=["without times", "a later one", "none that answers"],
)
def test_of_records_without_a_time_those_with_a_code_are_the_answer(proofs, ones, codes):
    assert proofs(RULE, **tries(*ones))["code"].to_list() == codes


DENIED = (304, 10, "0x80070005", "errorPhase: join")


def unsaved(minute, code="0x80070005"):
    return (502, minute, code, "DirectoryServerUtil SavePublicKey failed")


@pytest.mark.parametrize(
    ("ones", "quoted"),
    [
        ((DENIED, unsaved(9)), True),
        ((DENIED, unsaved(30)), False),
        ((DENIED, unsaved(9, "0x80090016")), False),
        (((304, None, "0x80070005", "errorPhase: join"), unsaved(None)), True),
    ],
    ids=["of the same try", "of another try", "of another code", "without times"],
)
def test_what_the_join_could_not_write_is_a_proof_where_it_is_of_the_same_try(proofs, ones, quoted):
    rows = proofs(RULE, **tries(*ones))
    assert rows["quote"].str.contains("SavePublicKey").any() is quoted
    assert rows.select("item", "code").unique().rows() == [("join", "0x80070005")]


def test_a_key_that_was_not_saved_decides_what_denied_means(world):
    first = find(*world(**tries(DENIED, unsaved(9)))).findings.row(0, named=True)
    assert first["rule"] == RULE
    assert "userCertificate" in first["meaning"]
    assert "SELF" in first["remedy"]
    alone = find(*world(**tries(DENIED))).findings.row(0, named=True)
    assert "userCertificate" not in alone["meaning"]


def test_a_key_that_was_not_saved_long_before_a_join_says_nothing(proofs):
    assert proofs(RULE, **tries(DENIED, unsaved(9)), marks=[joined(900)]).is_empty()
