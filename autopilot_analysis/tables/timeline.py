"""Everything a device did, as one frame: what people read on a wall-clock line and other tools import."""

from __future__ import annotations

from datetime import timedelta

import dataframely as dy
import polars as pl

from autopilot_analysis.clock.provenance import CLOCKS
from autopilot_analysis.tables.personal import personal
from autopilot_analysis.tables.story import BOOT, CLOCK_STEP, RENAME, SHUTDOWN, STAGES
from autopilot_analysis.tables.verdict import CRITICAL, ERROR, INFO, WARNING

RECORDS, APPS = "records", "apps"
"""Lanes whose rows the picture of a page sorts, and counts, in a way of their own."""
LANE_NAMES = {
    "power": "Boots and power",
    "attempts": "Attempts",
    "network": "Network",
    "profile": "Profile",
    "screens": "Screens",
    "sign_in": "Sign-in",
    "join": "Join",
    "enrollment": "Enrolment",
    "status_page": "Status page",
    "desktop": "Desktop",
    APPS: "Apps",
    "scripts": "Scripts",
    "policies": "Policies",
    "certificates": "Certificates",
    "findings": "Findings",
    RECORDS: "Records by log",
}
"""What lanes are called where they are drawn."""
LANES = list(LANE_NAMES)
"""Lanes from top to bottom; `records` holds what no lane above it claims."""
BY_NAME = (APPS, "scripts", "policies", "certificates", RECORDS)
"""Lanes whose rows are called by a name even where there is one alone."""
PARTING = (BOOT, SHUTDOWN, RENAME, CLOCK_STEP)
"""Steps that part a picture from top to bottom; the others stand in their lane."""
IDLE = timedelta(minutes=10)
"""Shortest stretch without a record that is drawn short."""
MOST_TRACKS = 12
"""Rows of a lane that are drawn one by one; more are one row, until it is opened."""
LONGEST_TITLE = 80
"""Signs of a title; the whole of what it is made from stands in `text`."""
EVENT, LOG_LINE, STAGE, ATTEMPT, STEP, FINDING = "event", "log_line", "stage", "attempt", "step", "finding"
"""Kinds of occurrences that modules, and the picture of a page, ask for."""
OCCURRENCES = [EVENT, LOG_LINE, "mark", STAGE, ATTEMPT, "install", STEP, "screen", FINDING, "evidence"]
OF_LOGS = (EVENT, LOG_LINE)
"""Those that are one record of a log each."""
LEVELS = [CRITICAL, ERROR, WARNING, INFO, "verbose"]


class Occurrence(dy.Schema):
    """One thing that happened on a device: a record, or what records add up to; undated ones come last."""

    device = dy.String(metadata=personal("device"))
    id = dy.Int64(description="From 1, in order of (at, device); undated rows come last")
    at = dy.Datetime(time_zone="UTC", time_unit="us", nullable=True)
    ended_at = dy.Datetime(
        time_zone="UTC", time_unit="us", nullable=True, description="End of a span; null for a moment"
    )
    open = dy.Bool(description="A span whose end was not seen")
    recorded_at = dy.Datetime(
        time_zone="UTC", time_unit="us", nullable=True, description="As an event record says it, uncorrected"
    )
    written_at = dy.Datetime(
        time_unit="us", nullable=True, description="As a text log says it, device local time"
    )
    clock = dy.Enum(list(CLOCKS))
    lane = dy.Enum(LANES, description="Where it stands on the line")
    track = dy.String(
        metadata=personal("text"),
        description="Row within the lane: an app's name, a stage, a channel, a screen",
    )
    kind = dy.Enum(OCCURRENCES, description="Which table it comes from")
    level = dy.Enum(LEVELS, nullable=True, description="How grave it is, in the words of event logs")
    dim = dy.Bool(description="Of a kind that is noise on healthy devices too (facts/event_titles.csv)")
    stage = dy.Enum(STAGES, nullable=True)
    attempt = dy.Int64(nullable=True)
    outcome = dy.String(nullable=True)
    title = dy.String(metadata=personal("text"), description=f"What it is, in at most {LONGEST_TITLE} signs")
    text = dy.String(
        metadata=personal("text"), description="Its fields as JSON, or the message of a log line"
    )
    code = dy.String(nullable=True)
    channel = dy.String(nullable=True, description="Channel of an event, file of a log line")
    provider = dy.String(nullable=True, description="Provider of an event, component of a log line")
    event_id = dy.Int64(nullable=True, description="Id of the event within its provider")
    member = dy.String(nullable=True)
    record = dy.Int64(nullable=True)
    findings = dy.List(dy.Int64(), description="Ids of the findings that it proves, or is")


NO_FINDINGS = pl.lit([], dtype=pl.List(pl.Int64))
"""Proves nothing."""
