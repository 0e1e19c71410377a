"""The device's own firewall where it lets nothing out by default."""

import pytest

from autopilot_analysis.findings import find

RULE = "FIREWALL-BLOCKS-OUTBOUND"
SHUT, OPEN = "BlockInbound,BlockOutbound", "BlockInbound,AllowOutbound"
DOMAIN, PUBLIC = "Domain Profile Settings", "Profil für öffentliche Netze"
CODE = "0x80072EFD"
WORDS = "SocketException: An attempt was made to access a socket in a way forbidden by its access permissions"
REFUSED = [("error", WORDS, 20)]


def netsh(domain=SHUT, public=SHUT, states=("ON", "EIN")):
    kept = []
    for section, policy, state in zip((DOMAIN, PUBLIC), (domain, public), states, strict=True):
        kept += [
            ("firewall state", state, "netsh.log", section),
            ("firewall policy", policy, "netsh.log", section),
        ]
    return kept


def cut_off(failure, code=CODE, key="dm:209"):
    return failure("device_setup", code="0x800705B4") | {"events": [(key, {}, n, code) for n in (15, 25, 35)]}


@pytest.mark.parametrize("code", [CODE, "0x80072EE2", "0x80072EE7", "0x80072EFE"])
def test_what_reached_no_server_is_explained_by_a_firewall_that_blocks_in_each_profile(world, failure, code):
    found = find(*world(**cut_off(failure, code), properties=netsh())).findings
    (row,) = found.filter(rule=RULE).iter_rows(named=True)
    assert (row["item"], row["code"], row["severity"]) == (
        "Domain Profile, Profil für öffentliche Netze", code, "critical",
    )  # fmt: skip
    roles = dict(found.select("rule", "role").rows())
    assert (roles[RULE], roles["MDM-UNREACHABLE"]) == ("cause", "consequence")


def test_a_stage_that_ended_with_such_a_code_is_explained_as_well(proofs, failure):
    rows = proofs(RULE, **failure("entra_join", code=CODE), properties=netsh())
    assert rows["quote"].to_list() == [f"{DOMAIN}: {SHUT}", f"{PUBLIC}: {SHUT}", ""]


@pytest.mark.parametrize(
    ("kept", "lines", "found"),
    [
        (netsh(public=OPEN), [], False),
        (netsh(public=OPEN), REFUSED, True),
        (netsh(public=OPEN), [("error", WORDS, 9000)], False),
        (netsh(public=OPEN, states=("ON", "AUS")), [], True),
        (netsh(states=("OFF", "AUS")), REFUSED, False),
        (netsh(OPEN, OPEN), REFUSED, False),
        ([], REFUSED, False),
    ],
    ids=[
        "another lets out", "and the device refused", "after the attempt", "another is off", "all are off",
        "all let out", "not collected",
    ],
)  # fmt: skip
def test_of_several_profiles_the_one_in_use_must_be_closed(proofs, failure, kept, lines, found):
    rows = proofs(RULE, **cut_off(failure), properties=kept, lines=lines)
    assert rows.is_empty() is not found


@pytest.mark.parametrize("code", [None, "0x80072F8F", "0x80190193"], ids=["well", "TLS", "an answer"])
def test_a_server_that_was_reached_was_reached_through_the_firewall(proofs, failure, code):
    assert proofs(RULE, **cut_off(failure, code), properties=netsh()).is_empty()


def test_an_earlier_attempt_may_have_had_another_firewall(proofs):
    spans = {1: (0, 60, CODE), 2: (100, 160, "0x80072EE2")}
    story = {
        "attempts": [("failed", "entra_join", "user_driven", *span) for span in spans.values()],
        "runs": [(n, "entra_join", "failed", *span, None) for n, span in spans.items()],
    }
    assert set(proofs(RULE, **story, properties=netsh())["attempt"]) == {2}
