"""Make-believe exports in the real formats, each derived from a written-down truth.

Nothing in them belongs to anyone: domain and serials are made up (samples/device/device.py), GUIDs
follow from the seed. The same seed gives the same bytes.
"""

from __future__ import annotations

from autopilot_analysis.samples.device.story import Scenario
from autopilot_analysis.samples.installs.plan import PLANS, Act, InstallPlan
from autopilot_analysis.samples.layouts import LAYOUTS, Layout
from autopilot_analysis.samples.scenarios import SCENARIOS
from autopilot_analysis.samples.truth import (
    InstallTruth,
    InstallTruthRow,
    SampleTruth,
    StageTruth,
    Truth,
    install_truth_table,
    truth_table,
)
from autopilot_analysis.samples.writing import INCIDENTS, Incident, write_data, write_sample, write_samples

__all__ = [
    "INCIDENTS",
    "LAYOUTS",
    "PLANS",
    "SCENARIOS",
    "Act",
    "Incident",
    "InstallPlan",
    "InstallTruth",
    "InstallTruthRow",
    "Layout",
    "SampleTruth",
    "Scenario",
    "StageTruth",
    "Truth",
    "install_truth_table",
    "truth_table",
    "write_data",
    "write_sample",
    "write_samples",
]
