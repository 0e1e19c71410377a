"""The marks that decide the story, in order; a note that decides nothing is left out."""

from datetime import UTC, datetime, timedelta

import polars as pl

from autopilot_analysis.tables import SCHEMAS, Trace
from autopilot_analysis.tables.story import STEPS
from autopilot_analysis.trace.storyline import DECISIVE, build_storyline

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def at(minute):
    return None if minute is None else START + timedelta(minutes=minute)


def story(rows):
    marks = [
        ("esp_began", 0),
        ("noted", 1),
        ("sign_in_failed", 2),
        ("esp_left", 9),
        ("profile_missing", None),
    ]
    marks = [{"mark": name, "at": at(minute), "member": "m.evtx"} for name, minute in marks]
    run = {"attempt": 1, "stage": "device_setup", "started_member": "m.evtx", "started_record": 1}
    run |= {"ended_member": "m.evtx", "ended_record": 4}
    step = {"kind": "boot", "at": at(5), "member": "system.evtx"}
    frames = {
        "marks": rows("marks", *marks),
        "stage_runs": rows("stage_runs", run),
        "steps": rows("steps", step),
    }
    return build_storyline(Trace.of(frames))


def test_what_opened_or_closed_a_stage_and_every_failure_stands_in_the_order_of_time(rows):
    assert story(rows)["what"].to_list() == [
        "esp_began",
        "sign_in_failed",
        "boot",
        "esp_left",
        "profile_missing",
    ]


def test_only_what_bounds_a_stage_names_its_attempt(rows):
    named = story(rows).filter(pl.col("attempt").is_not_null())
    assert named.select("what", "attempt", "record").rows() == [("esp_began", 1, 1), ("esp_left", 1, 4)]


def test_the_storyline_tells_starts_and_clock_steps_and_neither_battery_nor_disk(rows):
    steps = rows(
        "steps", *({"kind": kind, "at": START + timedelta(minutes=n)} for n, kind in enumerate(STEPS))
    )
    empty = {name: SCHEMAS[name].create_empty() for name in ("marks", "stage_runs", "attempts", "installs")}
    story = build_storyline(Trace(steps=steps, **empty))
    assert story["what"].to_list() == DECISIVE
