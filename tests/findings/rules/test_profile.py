"""The profile: was there one, did it come, was a blank one kept?"""

import polars as pl
import pytest

from autopilot_analysis.findings import RULES
from autopilot_analysis.tables import Tables

EMPTY = ("profile_empty", "profile_download", 5, None, "")
CAME = ("profile_available", "profile_download", 80, None, "")
TWICE = [
    ("failed", "mdm_enrollment", "user_driven", 0, 60, None),
    ("succeeded", None, "user_driven", 70, 130, None),
]


@pytest.mark.parametrize(("came", "found"), [(80, 1), (None, 0)])
def test_an_empty_answer_was_kept_where_a_profile_came_later(proofs, came, found):
    marks = [EMPTY] if came is None else [EMPTY, CAME]
    assert proofs("PROFILE-BLANK-CACHED", marks=marks, attempts=TWICE).height == found


@pytest.mark.parametrize(
    ("text", "found"),
    [('{"ErrorCode": 807}', 1), ("ZtdDeviceNotFound 8071", 0), ("step .807", 0), ("807", 1)],
)
def test_a_number_of_the_service_counts_alone_and_not_as_a_step_of_the_correlation_vector(
    proofs, text, found
):
    marks = [("profile_download_failed", None, 5, None, text)]
    assert proofs("DEVICE-NOT-REGISTERED", marks=marks).height == found


@pytest.mark.parametrize(("build", "found"), [("22631.1", 1), ("27999.1", 1), ("28000.1", 0), (None, 0)])
def test_a_number_is_the_id_of_an_event_only_before_build_28000(world, build, found):

    tables, trace = world(device={"build": build}, events=[("ap:807", {}, 5, None)])
    channel = pl.lit("Microsoft-Windows-ModernDeployment-Diagnostics-Provider/Autopilot")
    named = Tables.of({**tables.frames(), "events": tables.events.with_columns(channel=channel)})
    assert RULES["DEVICE-NOT-REGISTERED"](named, trace).height == found


NAME_807, NAME_815 = "ZtdDeviceIsNotRegistered", "ZtdDeviceHasNoAssignedProfile"


@pytest.mark.parametrize(
    ("rule", "event", "text", "found"),
    [
        ("DEVICE-NOT-REGISTERED", "ap:807", NAME_807, 1),
        ("DEVICE-NOT-REGISTERED", "ap:807", "", 0),
        ("DEVICE-NOT-REGISTERED", "ap:807", NAME_815, 0),
        ("DEVICE-NOT-REGISTERED", "dm:807", NAME_807, 0),
        ("PROFILE-NOT-ASSIGNED", "ap:815", NAME_815, 1),
        ("PROFILE-NOT-ASSIGNED", "ap:809", NAME_815, 1),
        ("HARDWARE-MISMATCH", "ap:908", "ErrorReason: HardwareMarkerMismatch, SerialNumberMismatch", 1),
    ],
)
def test_an_event_that_names_the_answer_is_one_on_any_build(proofs, rule, event, text, found):
    events = [(event, {"RenderedMessage": text}, 5, None)]
    assert proofs(rule, device={"build": "28000.1"}, events=events).height == found


@pytest.mark.parametrize(("minute", "severity"), [(9, "info"), (1, None), (None, None)])
def test_an_answer_after_which_a_profile_came_is_history(proofs, minute, severity):
    marks = [] if minute is None else [("profile_available", "profile_download", minute, None, "")]
    events = [("ap:807", {"RenderedMessage": NAME_807}, 5, None)]
    assert proofs("DEVICE-NOT-REGISTERED", events=events, marks=marks)["severity"].to_list() == [severity]


@pytest.mark.parametrize(
    ("device", "found"),
    [
        ({"registered": True}, 1),
        ({"registered": False}, 0),
        ({"registered": None}, 0),
    ],
)
def test_nothing_is_assigned_to_a_registered_device_whose_every_answer_was_empty(proofs, device, found):
    assert proofs("PROFILE-NOT-ASSIGNED", device=device, marks=[EMPTY]).height == found
    assert proofs("PROFILE-NOT-ASSIGNED", device=device, marks=[EMPTY, CAME]).is_empty()


@pytest.mark.parametrize(
    ("device", "found"),
    [({}, 1), ({"registered": True}, 0), ({"enrolled": True}, 0), ({"scenario": "not_autopilot"}, 0)],
)
def test_only_empty_answers_matter_where_registration_is_unknown_and_a_profile_was_wanted(
    proofs, device, found
):
    assert proofs("PROFILE-EMPTY", device=device, marks=[EMPTY]).height == found


@pytest.mark.parametrize(("days", "inside", "found"), [(7, False, 2), (7.1, False, 0), (7.1, True, 2)])
@pytest.mark.parametrize("rule", ["PROFILE-EMPTY", "PROFILE-NOT-ASSIGNED"])
def test_a_device_in_use_asks_again_at_each_start_and_lacks_nothing(proofs, rule, days, inside, found):
    later = 5 + days * 1440
    registered = True if rule == "PROFILE-NOT-ASSIGNED" else None
    attempts = [("unfinished", None, "user_driven", 0, later + 1, None)] if inside else []
    marks = [EMPTY, ("profile_empty", "profile_download", later, None, "")]
    rows = proofs(rule, device={"registered": registered}, marks=marks, attempts=attempts)
    assert rows.height == found


SAYS_807 = ("profile_download_failed", "profile_download", 5, None, '{"ErrorCode": 807}')
ENROLLED = (1, "mdm_enrollment", "succeeded", 10, 20, None, None)


@pytest.mark.parametrize(
    ("attempts", "runs", "severity"),
    [
        ([("failed", "device_setup", "user_driven", 0, 60, None)], [ENROLLED], "info"),
        ([("failed", "account_setup", "not_autopilot", 0, 60, None)], [ENROLLED], "info"),
        ([("failed", "device_preparation", "device_preparation", 0, 60, None)], [], "info"),
        ([("failed", "mdm_enrollment", "user_driven", 0, 60, None)], [], None),
        ([("failed", "profile_download", "user_driven", 0, 60, None)], [ENROLLED], None),
        ([("failed", "device_setup", "user_driven", 0, 60, None)], [], None),
        ([("unfinished", None, "user_driven", 0, None, None)], [ENROLLED], None),
        ([], [], None),
    ],
)
def test_a_device_that_was_enrolled_without_a_profile_did_not_fail_later_for_want_of_one(
    proofs, attempts, runs, severity
):
    stored = [("ErrorCode", "807", "AutopilotDDSZTDFile.json")]
    rows = proofs("DEVICE-NOT-REGISTERED", marks=[SAYS_807], attempts=attempts, runs=runs, properties=stored)
    assert rows["severity"].to_list() == [severity, severity]


def test_an_answer_in_an_attempt_that_ended_with_it_stays_loud_beside_one_that_went_on(proofs):
    attempts = [
        ("failed", "profile_download", "user_driven", 0, 30, None),
        ("failed", "device_setup", "user_driven", 40, 100, None),
    ]
    runs = [(2, "mdm_enrollment", "succeeded", 50, 60, None, None)]
    marks = [SAYS_807, ("profile_download_failed", "profile_download", 45, None, '{"ErrorCode": 807}')]
    rows = proofs("DEVICE-NOT-REGISTERED", marks=marks, attempts=attempts, runs=runs)
    assert rows["severity"].to_list() == [None, None]


def test_a_file_of_several_profiles_is_told_also_where_no_attempt_is_known(proofs):
    file = "AutopilotConfigurationFile.json"
    two = [("CloudAssignedTenantId", "a", file), ("CloudAssignedTenantId", "b", file, "object 2")]
    known = {"sources": {file: "configuration_file_json"}}
    rule = "CONFIGURATION-FILE-SEVERAL"
    assert proofs(rule, properties=two, **known)["severity"].to_list() == ["warning"]
    assert proofs(rule, properties=two[:1], **known).is_empty()
    good = [("succeeded", None, "user_driven", 0, 60, None)]
    assert proofs(rule, properties=two, attempts=good, **known).is_empty()


@pytest.mark.parametrize(
    ("stored", "mark", "item"),
    [
        (["utf-16"], "configuration_file_failed", "stored as Unicode (UTF-16)"),
        (["utf-8-bom"], "configuration_file_failed", "stored as Unicode (UTF-8 with a byte order mark)"),
        (["utf-16", "utf-16"], "configuration_file_failed", "stored as Unicode (UTF-16)"),
        (["utf-8"], "configuration_file_failed", None),
        (["ansi"], "configuration_file_failed", None),
        (["utf-16", "ansi"], "configuration_file_failed", None),
        (["utf-16"], "profile_download_failed", None),
        (["utf-16"], None, None),
    ],
)
def test_a_profile_file_that_could_not_be_read_and_lies_there_as_unicode_is_not_ansi(
    proofs, stored, mark, item
):
    files = [f"{place}/AutopilotConfigurationFile.json.txt" for place, _ in enumerate(stored)]
    given = {
        "properties": [("encoding", value, file) for value, file in zip(stored, files, strict=True)],
        "sources": dict.fromkeys(files, "configuration_file_json"),
    }
    if mark:
        code = "0x83750007"
        given |= {
            "attempts": [("failed", "profile_download", "existing_device", 0, 60, code)],
            "runs": [(1, "profile_download", "failed", 0, 60, code, mark)],
            "marks": [(mark, "profile_download", 60, code, "{}")],
        }
    rows = proofs("CONFIGURATION-FILE-UNICODE", **given)
    assert rows["item"].unique().to_list() == ([] if item is None else [item])
