"""What parts of the agent's logs prove; every line is made up."""

import pytest

APP = "11111111-2222-4333-8444-555555555555"
FAILED = "Job has failed. Error: 80D02002"
LEFT = (
    "Exception occurs when downloading content using DO, the file id is "
    f"0f0e0d0c-0b0a-4909-8807-060504030201_99999999-8888-4777-8666-555555555555-intunewin-bin_{APP}_1, x"
)
CAME = "[Win32App] CDN mode, download completes."
SESSIONS, ENTRA = "[HS] Get {} active user sessions", "[HS] Total valid AAD User session count is {}"


def told(*lines):
    return {"lines": [("info", line) for line in lines]}


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        ((FAILED, LEFT, CAME), 3),
        ((FAILED, CAME), 2),
        ((CAME, FAILED, LEFT), 0),
        ((CAME,), 0),
        ((FAILED, LEFT), 0),
    ],
)
def test_a_download_fell_back_where_the_other_way_brought_it_after_the_refusal(proofs, lines, number):
    rows = proofs("DOWNLOAD-FELL-BACK", **told(*lines))
    assert rows.height == number
    assert set(rows["code"]) == ({"0x80D02002"} if number else set())


def test_a_download_that_fell_back_is_named_by_its_app(proofs):
    assert set(proofs("DOWNLOAD-FELL-BACK", **told(FAILED, LEFT, CAME))["item"]) == {APP}


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        ((SESSIONS.format(2), ENTRA.format(0)), 2),
        ((SESSIONS.format(0), ENTRA.format(0)), 0),
        ((SESSIONS.format(2), ENTRA.format(1)), 0),
        ((SESSIONS.format(1), ENTRA.format(0), SESSIONS.format(1), ENTRA.format(1)), 0),
        ((ENTRA.format(0),), 0),
    ],
)
def test_nobody_of_entra_is_told_where_somebody_is_signed_in_at_the_last_look(proofs, lines, number):
    assert proofs("AGENT-NO-USER-SESSION", **told(*lines)).height == number


def test_a_check_that_broke_is_named_with_its_exception(proofs):
    line = (
        "Exception happens when processing non-leaf rule, rule id = 55555555-aaaa-4bbb-8ccc-000000000001, "
        "rule description = Verify the example., exception = System.Example: It is not there."
    )
    rows = proofs("AGENT-CHECK-BROKE", **told(line))
    assert rows.select("item", "quote").rows() == [("Verify the example", "System.Example: It is not there.")]


CHECK = (
    "rule id = 55555555-aaaa-4bbb-8ccc-000000000001, rule description = Verify the {}., exception = X: No."
)
BROKE = f"Exception happens when processing non-leaf rule, {CHECK}"
SUMMARY = (
    "Summary: rule Verify the {}. with ID 55555555-aaaa-4bbb-8ccc-000000000001, result = Fail, details = {}"
)


@pytest.mark.parametrize(
    ("lines", "broke", "failed"),
    [
        ((BROKE.format("a"), SUMMARY.format("a", BROKE.format("a"))), {"Verify the a"}, []),
        ((SUMMARY.format("a", BROKE.format("a")),), {"Verify the a"}, []),
        (
            (SUMMARY.format("a", BROKE.format("a")), SUMMARY.format("a", "It is stopped")),
            {"Verify the a"},
            ["Verify the a"],
        ),
        ((SUMMARY.format("a", "Exception happens when processing it"),), set(), ["Verify the a"]),
    ],
    ids=["its summary", "the summary alone", "another reason", "an exception that is not named"],
)
def test_a_check_that_broke_is_told_once(proofs, lines, broke, failed):
    given = told(*lines)
    assert set(proofs("AGENT-CHECK-BROKE", **given)["item"]) == broke
    assert proofs("AGENT-CHECK-FAILED", **given)["item"].to_list() == failed


HEALED = "ExceptionDetails: WebException-Attempt1: ProtocolError | HTTP: Unauthorized(401), Probe: x"


def test_a_heartbeat_refused_and_sent_afterwards_is_healed(proofs):
    sent = "The client health report was sent successfully. Done."
    rules = ("AGENT-REFUSED", "AGENT-REFUSED-ONCE")
    assert [proofs(name, **told(HEALED, sent)).height for name in rules] == [0, 1]
    assert [proofs(name, **told(HEALED)).height for name in rules] == [1, 0]


@pytest.mark.parametrize(
    ("changed", "attempts", "number"),
    [
        ({}, [], 1),
        ({"outcome": "failed"}, [], 0),
        ({"detail": "{}"}, [], 0),
        ({}, [("unfinished", None, "user_driven", 0, None, None)], 0),
    ],
)
def test_an_installer_without_an_end_is_told_where_no_attempt_is_known(proofs, changed, attempts, number):
    install = {
        "kind": "win32",
        "item": APP,
        "name": None,
        "outcome": "unfinished",
        "detail": '{"process": 7}',
    }
    assert proofs("APP-WITHOUT-END", installs=[install | changed], attempts=attempts).height == number
