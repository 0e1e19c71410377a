"""What a few files hold that show neither an attempt nor a failure; every name is made up."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from autopilot_analysis.export.magic import kinds_of, text_of
from autopilot_analysis.export.sources import classify
from autopilot_analysis.findings.answers.without_attempt.holdings import MOST_FILES, holdings
from autopilot_analysis.tables import Tables

JSON = "AutopilotConfigurationFile.json"


def held(world, **more):
    return [line.text for line in holdings(*world(members=(), **more), "D")]


def profile(*fields):
    return [(name, text, JSON, section) for name, text, *rest in fields for section in (rest or [""])]


def test_a_log_is_told_by_its_kind_its_records_and_their_times(world):
    lines = [("info", "begun", 0), ("info", "without a time"), ("info", "ended", 90)]
    assert held(world, lines=lines, sources={"agent.log": "ime"}) == [
        "Intune Management Extension log: 3 records, from 2026-03-02 08:00:00 to 2026-03-02 09:30:00 UTC."
    ]
    assert held(world, lines=lines[:1], sources={"agent.log": "ime"}) == [
        "Intune Management Extension log: 1 record, at 2026-03-02 08:00:00 UTC."
    ]
    assert held(world, lines=lines[1:2], sources={"agent.log": "ime"}) == [
        "Intune Management Extension log: 1 record, without times."
    ]


@pytest.mark.parametrize(
    ("state", "words"), [("partial", "; read in part: 1 line is longer than 16 MiB."), ("read", ".")]
)
def test_what_is_lost_of_a_file_stands_beside_what_it_holds(world, state, words):
    given = {
        "lines": [("info", "begun", 0)],
        "sources": {"agent.log": "ime"},
        "gaps": [("agent.log", "1 line is longer than 16 MiB")],
    }
    tables, trace = world(members=(), **given)
    tables = replace(tables, members=tables.members.with_columns(state=pl.lit(state)))
    (line,) = holdings(tables, trace, "D")
    assert line.text == f"Intune Management Extension log: 1 record, at 2026-03-02 08:00:00 UTC{words}"


def test_values_of_a_registry_have_no_time(world):
    values = [("HKEY_LOCAL_MACHINE\\software\\x", "a", "1")] * 2
    assert held(world, registry=values, sources={"dump.reg": "registry_dump"}) == [
        "MDM registry dump: 2 values."
    ]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            [
                ("Comment_File", "Profile Office"), ("CloudAssignedTenantDomain", "contoso.example.com"),
                ("CloudAssignedTenantId", "t-1"), ("CloudAssignedDomainJoinMethod", "0"),
                ("CloudAssignedForcedEnrollment", "1"), ("CloudAssignedOobeConfig", "1310"),
                ("CloudAssignedDeviceName", "PC-%SERIAL%"), ("CloudAssignedLanguage", "de-DE"),
            ],
            'The Autopilot profile "Office" of contoso.example.com (tenant t-1): joins Entra ID, '
            "enrolment is forced, OOBE configuration 1310 (the user is no local administrator; "
            "no privacy settings; no OEM registration; no licence terms; no upgrade pages; "
            "no keyboard page), computer name PC-%SERIAL%, language de-DE.",
        ),
        (
            [
                ("DeploymentProfileName", "Branch"), ("CloudAssignedTenantId", "t-1"),
                ("CloudAssignedDomainJoinMethod", "1"), ("CloudAssignedForcedEnrollment", "0"),
                ("CloudAssignedDeviceName", ""),
            ],
            'The Autopilot profile "Branch" of tenant t-1: joins a domain (hybrid join).',
        ),
        (
            [("CloudAssignedOobeConfig", "2080")],
            "An Autopilot profile without a name: OOBE configuration 2080 "
            "(attestation by the TPM is required; bit 2048 is not known here).",
        ),
        (
            [("CloudAssignedOobeConfig", "0x10")],
            "An Autopilot profile without a name: OOBE configuration 0x10.",
        ),
        ([("Version", "2049")], "An Autopilot profile without a name."),
        (
            [("Comment_File", "Profile One"), ("Comment_File", "Profile Two", "object 2")],
            'The Autopilot profile "One".',
        ),
    ],
    ids=["whole", "hybrid", "an unknown bit", "no number", "bare", "the first of two"],
)  # fmt: skip
def test_a_profile_as_a_file_is_told_by_what_it_orders(world, fields, words):
    (line,) = held(world, properties=profile(*fields), sources={JSON: "configuration_file_json"})
    assert line == f"{words} Such a file says what is to be done, not whether it was."


def jobs(*results):
    return [
        (name, value, "dosvc.log", f"Delivery Optimization job {n}")
        for n, result in enumerate(results)
        for name, value in (
            ("address", f"https://cdn.example.com/{n}.msi?x"),
            ("bytes", "12345"),
            ("result", result),
        )
    ]


@pytest.mark.parametrize(
    ("results", "words"),
    [
        (["0"], "download of 0.msi (12,345 bytes)"),
        (["0x80D02002"], "download of 0.msi (12,345 bytes, result 0x80D02002)"),
        (
            ["0"] * 4,
            "download of 0.msi (12,345 bytes); download of 1.msi (12,345 bytes); and 2 more downloads",
        ),
    ],
)
def test_a_log_of_delivery_optimization_names_its_downloads(world, results, words):
    lines, sources = [("info", "begun", 0)], {"dosvc.log": "dosvc_log"}
    tables, trace = world(members=(), lines=lines, properties=jobs(*results), sources=sources)
    own = tables.log_lines.with_columns(member=pl.lit("dosvc.log"))
    (line,) = holdings(Tables.of({**tables.frames(), "log_lines": own}), trace, "D")
    assert line.text.endswith(f"UTC; {words}.")


def test_messages_of_co_management_tell_the_settings_and_that_the_device_is_enrolled(world):
    lines = [
        ("info", "Merged value for setting 'CoManagementSettings_Capabilities' is '1'"),
        ("info", "Merged value for setting 'CoManagementSettings_Capabilities' is '7'"),
        ("info", "Machine is already enrolled with MDM"),
    ]
    kind = "Messages of co-management (CoManagementHandler)"
    whole = "; Capabilities 7; it says that the device is enrolled already"
    for part, words in ((lines, whole), (lines[:1], "; Capabilities 1")):
        count = f"{len(part)} record{'s' if len(part) > 1 else ''}"
        assert held(world, lines=part, sources={"agent.log": "comanagement"}) == [
            f"{kind}: {count}, without times{words}."
        ]


WAITING = [
    ("info", "  Merged value for 'CoManagementSettings_AutoEnroll' is 'True'"),
    ("info", "  New merged workloadflags value with co-management max capabilities '8191' is '33'"),
    ("info", "  Queued MDM auto-enrollment"),
    ("info", "  Device is not MDM enrolled yet."),
]


def test_what_co_management_waits_for_is_told_until_the_device_is_enrolled(world):
    settings = "; AutoEnroll True, workloads 33"
    (told,) = held(world, lines=WAITING, sources={"agent.log": "comanagement"})
    assert told.endswith(
        f"{settings}; it says that enrolment is queued; it says that the device is not enrolled yet."
    )
    later = [*WAITING, ("info", "Machine is already enrolled with MDM")]
    (told,) = held(world, lines=later, sources={"agent.log": "comanagement"})
    assert told.endswith(f"{settings}; it says that the device is enrolled already.")


def test_messages_of_co_management_are_known_without_what_their_log_wraps_them_in():
    head = "\n".join(text for _, text in WAITING).encode()
    assert classify("pasted.txt", kinds_of(head), text_of(head)).source == "comanagement"


def test_several_files_are_named_and_of_many_nothing_is_said(world):
    logs = {f"{n}.log": "ime" for n in range(MOST_FILES - 1)}
    lines = [("info", "begun", 0)]
    assert held(world, lines=lines, sources={"agent.log": "ime", **logs}) == [
        "agent.log: Intune Management Extension log: 1 record, at 2026-03-02 08:00:00 UTC."
    ]
    assert held(world, lines=lines, sources={"agent.log": "ime", **logs, "more.log": "ime"}) == []


def test_apps_whose_last_try_ended_well_are_named_with_their_version(world):
    tries = [
        {"item": "a", "name": "Atlas", "version": "1.2", "outcome": "failed"},
        {"item": "a", "name": "Atlas", "version": "1.2", "outcome": "succeeded"},
        {"item": "b", "name": None, "outcome": "succeeded"},
        {"item": "c", "name": "Maps", "outcome": "succeeded"},
        {"item": "c", "name": "Maps", "outcome": "failed"},
        {"item": "e", "name": "Reader 6.2", "version": "5", "outcome": "succeeded"},
        {"item": "d", "kind": "policy", "outcome": "succeeded"},
    ]
    registry = [("HKEY_LOCAL_MACHINE\\software\\x", "a", "1")]
    assert held(world, registry=registry, sources={"dump.reg": "registry_dump"}, installs=tries) == [
        "MDM registry dump: 1 value.",
        "Installed: Atlas 1.2, b, Reader 6.2 (revision 5).",
    ]
    many = [{"item": f"i{n}", "name": f"App {n}", "outcome": "succeeded"} for n in range(5)]
    assert held(world, registry=registry, sources={"dump.reg": "registry_dump"}, installs=many)[1:] == [
        "Installed: App 0, App 1, App 2 and 2 more."
    ]


def test_a_join_state_does_not_carry_the_time_of_an_event_beside_it(world):
    given = {"events": [("ap:100", {}, 10, None)], "sources": {"export.evtx": "dsregcmd"}}
    (line,) = held(world, **given)
    assert line == "Join state (dsregcmd /status); events beside it: 1 record, at 2026-03-02 08:10:00 UTC."


def test_a_log_with_times_that_show_no_day_is_not_called_one_without_times(world):
    sources = {"agent.log": "own_log"}
    timed = held(world, lines=[("info", "12:08:43 - begun"), ("info", "12:08:50 - ended")], sources=sources)
    assert timed == ["Log of no known kind: 2 records, with times whose day is not certain."]
    assert held(world, lines=[("info", "begun")], sources=sources) == [
        "Log of no known kind: 1 record, without times."
    ]
