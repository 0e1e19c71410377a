"""Marks that only traces and pages give: each line of the facts finds its event, a near miss finds none."""

import json

import polars as pl
import pytest

from autopilot_analysis import build_trace
from autopilot_analysis.facts import read_facts
from autopilot_analysis.tables import Tables
from autopilot_analysis.trace.screens.marks import find_trace_marks

COMMON = "Microsoft.Windows.Shell.CloudExperienceHost.Common"
JOIN = "Microsoft.CAndE.ADFabric.CDJ"
ENROLL = "Microsoft.Windows.EMPS.Enrollment"
REFUSED = {"EnrollmentMode": "OR_AADENROLL", "EnrollmentResult": 0x80180014}
PAGE = "CommercialOOBE_ESPProgress"
CONNECTED = "OobeNetworkLogging_SuccessfulConnection"


@pytest.fixture
def marks(rows):
    """Mark and code of one event of a trace."""

    def find(provider, name, opcode=0, **said):
        data = json.dumps(said, separators=(",", ":"))
        event = {"provider": provider, "name": name, "opcode": opcode, "data": data}
        return find_trace_marks(rows("events", event)).select("mark", "stage", "code", "edge").rows()

    return find


@pytest.fixture
def page_marks(rows, logged):
    """Marks of one report of a page."""

    def find(name, value=None):
        report = (62406, name) if value is None else (62407, name, value)
        spelt = logged(0, *report)
        spelt["data"] = spelt["data"].replace('": "', '":"').replace('", "', '","')
        found = build_trace(Tables.of({"events": rows("events", spelt)})).marks
        return found.select("mark", "code").rows()

    return find


@pytest.mark.parametrize(
    ("event", "mark"),
    [
        ((COMMON, "AutopilotPolicyDownloadTelemetry", 2, {"microseconds": 9, "resultCode": 0}),
         ("profile_download_measured", "profile_download", None)),
        ((COMMON, "AutopilotPolicyDownloadTelemetry", 2, {"microseconds": 9, "resultCode": 0x800704CF}),
         ("profile_download_measured", "profile_download", "0x800704CF")),
        ((COMMON, "AutopilotPolicyDownloadTelemetry_NoNetworkAvailable", 0, {}),
         ("profile_without_network", "profile_download", None)),
        ((COMMON, "NoNetworkAvailable", 0, {}), ("profile_without_network", "profile_download", None)),
        ((COMMON, "UpdateState", 2, {"stopState": 0, "newState": 3}),
         ("profile_state_available", "profile_download", None)),
        ((COMMON, "UpdateState", 0, {"PreviousState": 3, "NewState": 1}),
         ("profile_state_not_provisioned", "profile_download", None)),
        ((JOIN, "CDJCompleteJoinStop", 0, {"joinType": 1, "returnCode": "0x801c03f2"}),
         ("join_answered", "entra_join", "0x801C03F2")),
        ((JOIN, "CDJCompleteJoinStop", 0, {"joinType": 8, "returnCode": 0}),
         ("join_taken_back", "entra_join", None)),
        ((ENROLL, "StopEnrollmentEvent", 0, REFUSED),
         ("enrollment_answered", "mdm_enrollment", "0x80180014")),
        ((ENROLL, "WSSecurityFault", 0, {"ServerFaultReasonText": "x"}),
         ("enrollment_server_said", "mdm_enrollment", None)),
    ],
)  # fmt: skip
def test_an_event_of_a_trace_gives_its_mark_as_a_note(marks, event, mark):
    provider, name, opcode, said = event
    assert marks(provider, name, opcode, **said) == [(*mark, "note")]


@pytest.mark.parametrize(
    "event",
    [
        (COMMON, "AutopilotPolicyDownloadTelemetry", 1, {}),
        (COMMON, "UpdateState", 2, {"newState": 31}),
        (JOIN, "CDJCompleteJoinStop", 0, {"joinType": 18}),
        (ENROLL, "StopEnrollmentEvent", 0, {"EnrollmentMode": "OR_ENDSCOPE", "EnrollmentResult": 0}),
        ("Somebody.Else", "UpdateState", 2, {"newState": 3}),
        (COMMON, "UpdateStates", 2, {"newState": 3}),
    ],
)
def test_a_near_miss_gives_none(marks, event):
    provider, name, opcode, said = event
    assert marks(provider, name, opcode, **said) == []


@pytest.mark.parametrize(
    ("report", "found"),
    [
        (("Identity.UsernameView.Branding.HasBoilerPlateText", "1"), [("sign_in_page_branded", None)]),
        (("Identity.UsernameView.Branding.HasBoilerPlateText", "0"), [("sign_in_page_generic", None)]),
        (("Identity.PasswordView.Branding.HasBoilerPlateText", "1"), []),
        (("CDJUITenantMismatchExists",), [("sign_in_other_tenant", None)]),
        (("CDJUITenantMismatchExists", "true"), [("sign_in_other_tenant", None)]),
        (("CDJUITenantMismatchExists", "false"), []),
        (("CDJUITenantMismatchExists", "0"), []),
        (("CDJUIError", "80180014"), [("sign_in_page_error", "0x80180014")]),
        (("CDJUIError", "ztdTenantMismatch"), [("sign_in_other_tenant", None), ("sign_in_page_error", None)]),
        (("CDJUIError", ""), []),
        (("CDJUIShowPage", "idErrorPage"), [("error_page_shown", None)]),
        (("CDJUIShowPage", "idProgressRingPage"), []),
        (("Autopilot white glove error", "Unable to get device ZtdId {}"),
         [("pre_provisioning_unregistered", None)]),
        (("White glove failure page system reset chosen",), [("reset_chosen", None)]),
        ((f"{PAGE}_ContinueAnyway_Started", "{}"), [("page_continued", None)]),
        ((f"{PAGE}_TryAgain_Started", "{}"), [("tried_again", None)]),
        ((f"{PAGE}_DeviceResetInitiation_Started", "{}"), [("reset_chosen", None)]),
        ((f"{PAGE}_Initialization_ResumingAfterReboot", "{}"), [("page_resumed", None)]),
        ((f"{PAGE}_SignOut_Started", "{}"), [("page_signed_out", None)]),
        ((f"{PAGE}_ContinueAnyway_Failed", "{}"), []),
        ((CONNECTED, '{"captivePortalState":true}'), [("captive_portal", None)]),
        ((CONNECTED, '{"captivePortalState":1}'), [("captive_portal", None)]),
        ((CONNECTED, '{"captivePortalState":false}'), []),
        ((CONNECTED, '{"captivePortalState":0}'), []),
    ],
)  # fmt: skip
def test_a_report_of_a_page_gives_its_marks(page_marks, report, found):
    assert sorted(page_marks(*report), key=str) == found


def test_marks_of_traces_begin_and_end_no_attempt(rows):
    event = {"provider": COMMON, "name": "UpdateState", "opcode": 2, "data": '{"newState":1}'}
    trace = build_trace(Tables.of({"events": rows("events", event)}))
    assert (trace.marks.height, trace.stage_runs.height, trace.attempts.height) == (1, 0, 0)


def test_events_without_traces_give_none(rows):
    assert find_trace_marks(rows("events", {"provider": COMMON, "event_id": 5})).is_empty()


def test_every_provider_of_the_facts_is_one_whose_events_become_rows():
    listed = read_facts("trace_providers")
    kept = listed.filter(pl.col("event").is_null(), pl.col("use") == "rows")["name"].to_list()
    assert set(read_facts("trace_marks")["provider"]) <= set(kept)
