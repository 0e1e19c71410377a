"""A status page that is off by setting: what it would show is skipped, and OOBE's end is the end."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.tables import STAGES
from autopilot_analysis.trace.page_off import skip_hidden

MOMENT = pl.Datetime("us", "UTC")
KEY = r"HKEY_LOCAL_MACHINE\software\microsoft\enrollments\0000\FirstSync"
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
RUNS = {
    "device": pl.String, "attempt": pl.Int64, "stage": pl.Enum(STAGES), "outcome": pl.String,
    "started_at": MOMENT, "ended_at": MOMENT, "ended_member": pl.String, "ended_record": pl.Int64,
}  # fmt: skip
MARKS = {
    "device": pl.String, "attempt": pl.Int64, "mark": pl.String, "stage": pl.Enum(STAGES), "edge": pl.String,
    "at": MOMENT, "member": pl.String, "record": pl.Int64,
}  # fmt: skip
ENROLLED = ("mdm_enrollment", "succeeded", 3, 5)
DUE = ("device_preparation", "unfinished", 5, None)
LEFT = ("oobe_finished", None, "note", 9)
PAGE = ("device_setup_step_began", "device_setup", "start", 6)
BOTH = {"SkipDeviceStatusPage": "4294967295", "SkipUserStatusPage": "4294967295"}


def at(minute):
    return None if minute is None else START + timedelta(minutes=minute)


def skipped(runs, marks, settings, key=KEY, said=()):
    """Stage and outcome of each run, from runs, marks, values of the first sync and the agent's lines."""
    values = {"device": "D", "key": key, "name": list(settings), "value": list(settings.values())}
    rows = skip_hidden(
        pl.DataFrame(
            [("D", 1, stage, out, at(a), at(b), "m", 1) for stage, out, a, b in runs], RUNS, orient="row"
        ),
        pl.DataFrame(
            [("D", 1, name, st, edge, at(m), "m", 2) for name, st, edge, m in marks], MARKS, orient="row"
        ),
        pl.DataFrame(values, schema=dict.fromkeys(values, pl.String)),
        pl.DataFrame([("D", one) for one in said], {"device": pl.String, "message": pl.String}, orient="row"),
    )
    return dict(rows.select(pl.col("stage").cast(pl.String), "outcome").sort("stage").rows())


NOTHING = {"mdm_enrollment": "succeeded", "device_preparation": "unfinished"}
DEVICE = {"device_preparation": "skipped", "device_setup": "skipped"}


@pytest.mark.parametrize(
    ("settings", "marks", "more"),
    [
        (BOTH, [LEFT], DEVICE | {"account_setup": "skipped", "desktop": "succeeded"}),
        (BOTH, [], DEVICE | {"account_setup": "skipped"}),
        (BOTH, [("oobe_finished", None, "note", 4)], DEVICE | {"account_setup": "skipped"}),
        (BOTH, [LEFT, PAGE], {"account_setup": "skipped", "desktop": "succeeded"}),
        (BOTH, [LEFT, ("preparation_step_began", "device_preparation", "note", 6)],
         {"account_setup": "skipped", "desktop": "succeeded"}),
        (BOTH, [LEFT, ("enrolled_preparing", "device_preparation", "start", 5)],
         DEVICE | {"account_setup": "skipped", "desktop": "succeeded"}),
        ({"SkipDeviceStatusPage": "1"}, [LEFT], DEVICE),
        ({"SkipUserStatusPage": "0xFFFFFFFF"}, [LEFT], {"account_setup": "skipped", "desktop": "succeeded"}),
        ({"SkipUserStatusPage": "-1"}, [], {"account_setup": "skipped"}),
        ({"SkipDeviceStatusPage": "0", "SkipUserStatusPage": "0"}, [LEFT], {}),
    ],
)  # fmt: skip
def test_what_a_page_that_is_off_would_show_is_skipped_and_the_end_of_oobe_is_the_end(settings, marks, more):
    assert skipped([ENROLLED, DUE], marks, settings) == NOTHING | more


def test_the_setting_of_a_later_user_is_not_that_of_the_enrolment():
    assert skipped([ENROLLED, DUE], [LEFT], BOTH, KEY + r"\S-1-12-1-1") == NOTHING


def test_a_stage_that_ended_stays_as_it_ended_and_without_an_enrolment_nothing_is_known():
    ended = ("device_preparation", "failed", 5, 8)
    assert skipped([ENROLLED, ended], [], BOTH)["device_preparation"] == "failed"
    assert skipped([DUE], [LEFT], BOTH) == {"device_preparation": "unfinished"}


def test_a_desktop_that_is_known_is_kept():
    desktop = ("desktop", "succeeded", 6, 7)
    assert skipped([ENROLLED, DUE, desktop], [LEFT], BOTH)["desktop"] == "succeeded"


USER_OFF, USER_ON, DEVICE_OFF = (
    f"[Win32App][EspHelper][CheckDeviceOnlyFromFirstSyncReg] Set skip{page}StatusPage: {state}"
    for page, state in (("User", "True"), ("User", "False"), ("Device", "True"))
)


@pytest.mark.parametrize(
    ("said", "settings", "more"),
    [
        ([USER_OFF, USER_OFF], {}, {"account_setup": "skipped"}),
        ([DEVICE_OFF], {}, DEVICE),
        ([USER_ON, USER_OFF], {}, {}),
        ([USER_OFF], {"SkipUserStatusPage": "0"}, {}),
    ],
)
def test_without_the_registry_a_page_is_off_that_the_agent_found_off_each_time(said, settings, more):
    assert skipped([ENROLLED, DUE], [], settings, said=said) == NOTHING | more
