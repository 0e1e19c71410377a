"""A verb and the functions behind it take the same where nothing is given."""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Callable

import pytest

from autopilot_analysis.cli import sample
from autopilot_analysis.defaults import SEED
from autopilot_analysis.samples import write_sample, write_samples
from autopilot_analysis.samples.device.oobe_capture import oobe_capture
from autopilot_analysis.samples.fleet.fleet import simulate_fleet


@pytest.mark.parametrize("makes", [write_sample, write_samples, oobe_capture, simulate_fleet])
def test_every_sample_has_the_seed_of_the_verb(makes: Callable[..., object]) -> None:
    verb = argparse.ArgumentParser()
    sample.add_options(verb)
    assert inspect.signature(makes).parameters["seed"].default == SEED
    assert verb.get_default("seed") == SEED
