"""The registration with AD FS on the company's own premises; every record is made up."""

import pytest

from autopilot_analysis.findings import find

TRY = "AdalCorrelationId: {11111111-2222-4333-8444-555555555555}"
ENT = f"drsInstance: ent\nregistrationType: fed\ntenantType: Federated\nerrorPhase: auth\n{TRY}"
AZURE = f"drsInstance: azure\nregistrationType: fed\ntenantType: Federated\nerrorPhase: auth\n{TRY}"
SYNC = "drsInstance: azure\nregistrationType: sync\nerrorPhase: join"
LIBRARY = f"AdalErrorCode: 0x2ee6\n{TRY}"
RULES = ("ENTERPRISE-JOIN-FAILED", "AUTOMATIC-JOIN-FAILED", "JOIN-DEBUG-FAILED")


def tries(*ones):
    events = [
        (f"udr:{number}", {"DebugOutput": words}, n, code) for n, (number, code, words) in enumerate(ones)
    ]
    return {"attempts": [], "events": events}


def by_hand(*lines):
    return {"attempts": [], "properties": [("Failed step", line) for line in lines]}


@pytest.mark.parametrize(
    ("given", "rule", "item", "code"),
    [
        (tries((304, "0xCAA1000E", ENT), (305, "0x801C0515", LIBRARY)), RULES[0], "auth", "0x80072EE6"),
        (tries((304, "0xCAA1000E", ENT), (305, "0x801C0515", "{}")), RULES[0], "auth", "0x801C0515"),
        (tries((304, "0xCAA1000E", ENT)), RULES[0], "auth", "0xCAA1000E"),
        (tries((304, "0xCAA1000E", AZURE), (305, "0x801C0515", LIBRARY)), RULES[1], "auth", "0x80072EE6"),
        (tries((305, "0x801C0515", LIBRARY)), RULES[1], "auth", "0x80072EE6"),
        (tries((304, "0xCAA1000E", AZURE), (304, "0x801C03F2", SYNC)), RULES[1], "join", "0x801C03F2"),
        (tries((305, "0xCAA90017", LIBRARY)), RULES[1], "auth", "0xCAA90017"),
        (
            by_hand(
                "AdalErrorCode: 0x2ee7",
                "DsrCmdJoinHelper::Join: Federated enterprise DRS join failed: 0xcaa1000e.",
            ),
            RULES[0],
            "auth",
            "0xCAA1000E",
        ),
        (
            by_hand("AdalErrorCode: 0x2ee7", "DsrCmdJoinHelper::Join: failed: 0xcaa1000e."),
            RULES[2],
            "auth",
            "0xCAA1000E",
        ),
    ],
)
def test_which_service_was_asked_decides_which_join_failed_and_the_known_code_is_told(
    proofs, given, rule, item, code
):
    found = {name: proofs(name, **given) for name in RULES}
    assert [name for name, rows in found.items() if rows.height] == [rule]
    assert found[rule].select("item", "code").unique().rows() == [(item, code)]


def test_a_try_of_each_service_is_told_of_each(proofs):
    given = tries((304, "0xCAA1000E", ENT), (304, "0x801C03F2", SYNC), (305, "0x801C0515", "{}"))
    assert proofs(RULES[0], **given)["code"].to_list() == ["0xCAA1000E"]
    assert proofs(RULES[1], **given)["code"].to_list() == ["0x801C0515"]


def test_one_registration_told_by_the_task_and_by_hand_is_one_finding(world):
    given = tries((304, "0xCAA1000E", ENT), (305, "0x801C0515", LIBRARY))
    hand = by_hand("wmain: Federated enterprise DRS join failed with error 0xcaa1000e.")
    found = find(*world(**given | {"properties": hand["properties"]})).findings
    assert found.filter(severity="high")["rule"].to_list() == [RULES[0]]
    assert "unknown scheme" in found["meaning"][0]
