"""Errors that nothing explains are counted and the first is quoted."""

import polars as pl
import pytest

from autopilot_analysis import answer, conclude, find
from autopilot_analysis.findings import RULES
from autopilot_analysis.findings.answers.without_attempt.unknown_errors import (
    QUOTED,
    error_words,
    harmless,
    unexplained,
)
from autopilot_analysis.tables import Tables

LITTLE = "Outcome unknown: what was read does not show"


@pytest.fixture
def verdict(world):
    def build(*, rules=(), **given):
        tables, trace = world(**given)
        found = find(tables, trace, rules={name: RULES[name] for name in rules})
        return conclude(tables, trace, found)["verdict"][0]

    return build


@pytest.fixture
def happened(world):
    def build(lines):
        tables, trace = world(lines=lines)
        sections = answer(tables, trace, find(tables, trace, rules={})).devices[0].sections
        return [line.text for part in sections if part.label == "What happened" for line in part.lines]

    return build


ONE, TWO = ("error", "the example\nbroke"), ("error", "another")


def test_unknown_errors_are_counted_in_the_headline(verdict):
    assert verdict(lines=[ONE]) == "Outcome unknown: no known fault, and 1 error record of an unknown kind"
    assert (
        verdict(lines=[("info", "well"), ONE, TWO])
        == "Outcome unknown: no known fault, and 2 error records of an unknown kind"
    )


def test_one_error_is_quoted_and_of_several_the_first(happened):
    assert happened([ONE])[1] == "1 error record was read and is not known: the example broke."
    words = "2 error records were read and none is known; the first: the example broke."
    assert happened([("info", "well"), ONE, TWO])[1] == words
    assert len(happened([("info", "well")])) == 1


def test_without_an_error_too_little_was_seen(verdict):
    assert LITTLE in verdict(lines=[("info", "well"), ("warning", "hm")])


def test_an_error_that_proves_a_finding_is_known(verdict):
    lines = [
        ("error", "Job has failed. Error: 80D02002"),
        ("info", "[Win32App] CDN mode, download completes."),
    ]
    assert "1 error record of an unknown kind" in verdict(lines=lines)
    words = "A download failed by Delivery Optimization and came from"
    assert words in verdict(lines=lines, rules=["DOWNLOAD-FELL-BACK"])


def test_a_long_error_is_cut_where_it_is_quoted():
    assert error_words(pl.DataFrame({"quote": ["x" * QUOTED]})).endswith("x" * QUOTED)
    assert error_words(pl.DataFrame({"quote": ["x" * (QUOTED + 1)]})).endswith(
        f"{'x' * (QUOTED - QUOTED // 3)} … {'x' * (QUOTED // 3)}"
    )


def test_where_an_attempt_is_known_it_is_told_instead(verdict):
    attempts = [("unknown", None, "user_driven", 0, None, None)]
    assert "error record" not in verdict(lines=[("error", "x")], attempts=attempts)


@pytest.mark.parametrize(
    ("fields", "level", "words"),
    [
        ({}, 2, "microsoft-windows-aad event 1160"),
        ({"Error": "example"}, 1, "microsoft-windows-aad event 1160: Error: example"),
        ({}, 3, None),
        ({}, 0, None),
    ],
)
def test_an_event_of_the_deployment_is_quoted_by_its_number_and_fields(world, fields, level, words):
    tables, trace = world(events=[("aad:1160", fields, 5, None)])
    events = tables.events.with_columns(level=pl.lit(level, pl.Int64))
    given = Tables.of({**tables.frames(), "events": events})
    quoted = error_words(unexplained(given, trace, find(tables, trace, rules={}), "D"))
    assert quoted == "" if words is None else quoted.lower().endswith(words.lower())


@pytest.mark.parametrize(("code", "known"), [("0xCAA20003", False), (None, True)])
def test_an_event_that_is_quoted_without_its_level_is_an_error_where_it_has_a_code(world, code, known):
    tables, trace = world(events=[("aad:1160", {}, None, code)])
    events = tables.events.with_columns(level=pl.lit(None, pl.Int64))
    given = Tables.of({**tables.frames(), "events": events})
    assert unexplained(given, trace, find(tables, trace, rules={}), "D").is_empty() == known


NOBODY = (
    "error",
    "AAD User check is failed, exception is System.ComponentModel.Win32Exception (0x80004005): "
    "An attempt was made to reference a token that does not exist",
)
SESSION = ("error", "Failed to get user token for session 1, error 1008")
REFUSED = ("error", "Failed to get AAD token. len = 0, errorCode = 3399614467")
OTHER = ("error", "AAD User check is failed, exception is example (0x80004005): AADSTS50076: more is needed")
USERS_PAGE = ("info", "[Win32App] In EspPhase: AccountSetup. AccountSetup")
SIGNED_IN = ("info", "AAD User check using device check in app is passed.")


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        ([NOBODY, SESSION], 0),
        ([NOBODY, USERS_PAGE, SIGNED_IN], 0),
        ([USERS_PAGE, NOBODY, SIGNED_IN], 0),
        ([NOBODY, REFUSED, SIGNED_IN], 0),
        ([USERS_PAGE, NOBODY, SESSION], 2),
        ([SIGNED_IN, USERS_PAGE, NOBODY], 1),
        ([REFUSED], 1),
        ([SIGNED_IN, REFUSED], 1),
        ([OTHER, SIGNED_IN], 1),
    ],
)
def test_that_nobody_is_signed_in_yet_is_no_unknown_error(world, lines, number):
    tables, trace = world(lines=lines)
    assert unexplained(tables, trace, find(tables, trace, rules={}), "D").height == number


UNJOINED = (
    "error",
    "Failed to get Azure AD Join information using NetGetAadJoinInformation in <Example>.  hr:1",
)
INVENTORY = (
    "error",
    "[datasensor] Failed to register the datasensor, the exception is System.ArgumentNullException: x\n"
    "Parameter name: aadTenantId",
)
CHANNEL = ("error", "Not registering the new Channel URI as the previous channel is yet to expire")


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        ([UNJOINED, INVENTORY, CHANNEL], 0),
        ([UNJOINED, USERS_PAGE, CHANNEL], 0),
        ([USERS_PAGE, UNJOINED, INVENTORY], 2),
        ([REFUSED, UNJOINED], 2),
        ([("error", UNJOINED[1].replace("hr:1", "hr:-2147024891"))], 1),
        ([("error", INVENTORY[1].replace("aadTenantId", "path"))], 1),
        ([("error", "Not registering the new Channel URI: access is denied")], 1),
    ],
    ids=[
        "before the join", "before the user", "beside a user", "beside a token", "another result",
        "another reason", "another channel",
    ],
)  # fmt: skip
def test_that_the_device_is_not_joined_yet_and_a_channel_that_is_still_good_are_no_unknown_errors(
    world, lines, number
):
    tables, trace = world(lines=lines)
    assert unexplained(tables, trace, find(tables, trace, rules={}), "D").height == number


def test_windows_words_in_another_language_are_told_in_english(happened):
    told = happened([("error", "The drivers broke: Das System kann die angegebene Datei nicht finden.")])[1]
    assert 'those of Windows for "The system cannot find the file specified."; see which file' in told
    assert "Windows for" not in happened([("error", "Nothing was found")])[1]


DELETED = r"Failed to delete \\?\C:\windows.old\WINDOWS\System32\example.sys. hr = 0x80070005"
CARRIED = "CProvisioningMigration::DoExecute: ProvMigration failed. Error: 0x80070003[gle=0x00000002]"
HIVE = r"[SetupCl library] Required profile hive does not exist: [\??\C:\Users\Example\NTUSER.DAT]."
FIRMWARE = "BCD: BiUpdateEfiEntry failed c000000d"


@pytest.mark.parametrize(
    ("line", "known"),
    [
        (DELETED, True),
        (DELETED.replace("windows.old", "Windows"), False),
        (DELETED.replace("0x80070005", "0x80070490"), False),
        (CARRIED, True),
        (CARRIED.replace("0x80070003", "0xC1900101"), False),
        (HIVE, True),
        (FIRMWARE, True),
        (FIRMWARE.replace("c000000d", "c0000001"), False),
        ("Setup phase change failed: 0xC1900101", False),
    ],
)
def test_an_error_of_windows_setup_that_does_no_harm_is_no_unknown_one(world, line, known):
    tables, trace = world(lines=[("error", line)])
    assert unexplained(tables, trace, find(tables, trace, rules={}), "D").is_empty() == known
    assert harmless(tables, "D").height == known


SHORTENED = "CSP URI: .../ADMXInstall/Receiver/Properties/Policy/FakePolicy/Version"
SHORTEST = "CSP URI: .../ADMXInstall/.../FakePolicy/Version"


@pytest.mark.parametrize(
    ("event", "words", "code", "known"),
    [
        ("dm:404", SHORTENED, "0x80070002", True),
        ("dm:404", SHORTEST, "0x80070002", True),
        ("dm:404", SHORTEST, "0x80070005", False),
        ("dm:404", "CSP URI: .../Policy/Config/Browser/AllowCookies", "0x80070002", False),
        ("dm:454", SHORTEST, "0x80070002", False),
    ],
)
def test_a_refusal_of_healthy_devices_is_known_also_where_its_node_is_shortened(
    world, event, words, code, known
):
    tables, trace = world(events=[(event, {"RenderedMessage": words}, 5, code)])
    tables = Tables.of({**tables.frames(), "events": tables.events.with_columns(level=pl.lit(2, pl.Int64))})
    assert unexplained(tables, trace, find(tables, trace, rules={}), "D").is_empty() == known


def test_what_is_known_and_harmless_is_the_headline_where_nothing_else_was_read(verdict):
    said = "No error was read but 2 known and harmless error records"
    assert verdict(lines=[("error", DELETED), ("error", CARRIED)]) == said
    assert "1 error record of an unknown kind" in verdict(lines=[("error", DELETED), ONE])
