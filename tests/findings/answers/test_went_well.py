"""Several logs in one file, of a device on which all went well up to the last record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis import build_trace, find, open_export, read_tables
from autopilot_analysis.findings import answer
from autopilot_analysis.findings.answers.went_well import went_well
from autopilot_analysis.tables import SEVERITIES, Findings, Tables

AP = "Microsoft-Windows-ModernDeployment-Diagnostics-Provider"
UDR = "Microsoft-Windows-User Device Registration"
DM = "Microsoft-Windows-DeviceManagement-Enterprise-Diagnostics-Provider"
LOGS = {AP: f"{AP}/Autopilot", UDR: f"{UDR}/Admin", DM: f"{DM}/Admin"}
SEVERITY = pl.Enum(SEVERITIES)
START = datetime(2026, 4, 21, 9, 20, tzinfo=UTC)
MISSING = (0, AP, 165, "AutopilotManager determined Internet is not available.")
WELL = [
    MISSING,
    (0.5, AP, 167, "AutopilotManager determined Internet is still not available."),
    (1, AP, 164, "AutopilotManager determined Internet is available to attempt policy download."),
    (2, AP, 703, "Autopilot downloader retrieved a new profile for DdsZtdPolicyManager."),
    (8, UDR, 105, "The complete join response was successful."),
    (9, DM, 72, "MDM Enroll: Succeeded"),
]
LATER = (14, UDR, 358, "Windows Hello for Business provisioning will be launched.")
TOO_LATE = (15, *LATER[1:])
NAMES = {"Autopilot event log", "User Device Registration event log", "MDM Admin event log"}


def as_csv(events):
    rows = [
        f'Information,{at:%m/%d/%Y %I:%M:%S %p},{provider},{number},None,"{text}"'
        for at, provider, number, text in events
    ]
    return "view.csv", "\r\n".join(["Level,Date and Time,Source,Event ID,Task Category", *rows])


def as_xml(events):
    rows = [
        '<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>'
        f'<Provider Name="{provider}"/><EventID>{number}</EventID><Level>4</Level>'
        f'<TimeCreated SystemTime="{at:%Y-%m-%dT%H:%M:%S}Z"/><EventRecordID>{record}</EventRecordID>'
        f"<Channel>{LOGS[provider]}</Channel><Computer>PC-0042</Computer></System><EventData></EventData>"
        f"<RenderingInfo><Message>{text}</Message></RenderingInfo></Event>"
        for record, (at, provider, number, text) in enumerate(events, 1)
    ]
    return "view.xml", f'<?xml version="1.0" encoding="utf-8"?><Events>{"".join(rows)}</Events>'


def as_objects(events):
    rows = [
        f"TimeCreated  : {at:%m/%d/%Y %I:%M:%S %p}\r\nProviderName : {provider}\r\n"
        f"Id           : {number}\r\n"
        f"Message      : {text}\r\n"
        for at, provider, number, text in events
    ]
    return "view.txt", "\r\n".join(rows)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Write events in a form, in their order or turned round, and answer about them."""

    def tell(form, events, *, newest_first=False):
        dated = [(START + timedelta(minutes=minute), *rest) for minute, *rest in events]
        name, text = form(dated[::-1] if newest_first else dated)
        path = tmp_path_factory.mktemp("view") / name
        path.write_text(text, encoding="utf-8")
        with open_export(path) as export:
            tables = read_tables(export)
        trace = build_trace(tables)
        findings = find(tables, trace)
        (one,) = answer(tables, trace, findings).devices
        parts = {part.label: " ".join(line.text for line in part.lines) for part in one.sections}
        return one.verdict, parts, tables, trace

    return tell


@pytest.mark.parametrize("form", [as_csv, as_xml, as_objects])
@pytest.mark.parametrize("newest_first", [True, False])
def test_logs_that_one_file_holds_together_are_not_called_absent_and_what_went_well_is_said(
    told, form, newest_first
):
    verdict, parts, tables, _ = told(form, WELL, newest_first=newest_first)
    assert verdict.endswith("profile download, Entra join and MDM enrolment went well; the records end there")
    assert "Profile download, Entra join and MDM enrolment went well" in parts["What happened"]
    absent = parts["Not seen"].partition("Absent: ")[2].partition(".")[0]
    assert not NAMES & set(absent.split(", "))
    assert "internet" not in parts.get("Also found", "")
    counted = tables.coverage.select("source", "records", "members").sort("source").rows()
    assert counted == [
        ("events_autopilot", 4, 1),
        ("events_mdm_admin", 1, 1),
        ("events_user_device_registration", 1, 1),
    ]


PAGE = "Microsoft-Windows-Shell-Core"
LOOKED_FOR = "Autopilot policy CloudAssignedLanguage not found."
STEP = "CommercialOOBE_BootstrapStatusCategory_SubcategoryProcessing_Started"
AT_WORK = (9.5, PAGE, 62407, f"CloudExperienceHost Web App Event 2. Name: '{STEP}', Value: 'DeviceSetup'.")
CALM, NO_CAUSE = "went well; nothing failed in what was seen", "cause not found"


@pytest.mark.parametrize(
    ("more", "ends", "stages"),
    [
        ([LATER], "went well; the records end there", True),
        ([TOO_LATE], CALM, True),
        ([(35, AP, 100, LOOKED_FOR)], CALM, True),
        ([(35, AP, 165, MISSING[3])], CALM, True),
        ([(1.5, AP, 706, "Autopilot downloader failed to retrieve a profile."), TOO_LATE], CALM, True),
        ([(35, UDR, 360, "Windows Hello for Business provisioning will not be launched.")], CALM, True),
        ([AT_WORK, TOO_LATE], NO_CAUSE, False),
    ],
)
def test_a_harmless_record_long_after_the_enrolment_asks_for_no_cause_where_no_page_was_seen(
    told, more, ends, stages
):
    events = sorted([*WELL, *more])
    verdict, _, tables, trace = told(as_csv, events)
    assert verdict.endswith(ends)
    found = find(tables, trace)
    assert bool(went_well(tables, trace, found, tables.devices["device"][0])) is stages


def test_an_error_that_nothing_explains_and_something_loud_are_not_called_well(told):
    _, _, tables, trace = told(as_csv, [*WELL, TOO_LATE])
    device, found = tables.devices["device"][0], find(tables, trace)
    assert went_well(tables, trace, found, device).endswith(CALM)
    loud = Findings(found.findings.with_columns(severity=pl.lit("high").cast(SEVERITY)), found.evidence)
    assert not went_well(tables, trace, loud, device)
    bad = tables.events.with_columns(level=pl.when(pl.col("event_id") == 358).then(2).otherwise("level"))
    worse = Tables.of({**tables.frames(), "events": bad})
    assert not went_well(worse, trace, found, device)


@pytest.mark.parametrize(
    ("asked", "vain"),
    [([0], "no word"), ([0, 1], "again and again"), ([0, 1, 2, 3, 4], "never reached the internet")],
)
def test_the_internet_that_was_still_missing_when_asked_once_more_is_again_and_again(told, asked, vain):
    events = [(minute, AP, 165 + 2 * bool(minute), MISSING[3]) for minute in asked]
    _, parts, *_ = told(as_csv, events)
    assert (vain in str(parts)) is (len(asked) > 1)
    assert ("again and again" in str(parts)) is (vain == "again and again")
    _, parts, *_ = told(as_csv, [*events, (9, AP, 166, "AutopilotManager determined Internet is available.")])
    assert "again and again" not in str(parts)
