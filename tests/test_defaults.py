"""A verb and the functions behind it take the same where nothing is given."""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Callable

import pytest

from autopilot_analysis.cli import sample, share
from autopilot_analysis.defaults import LEAST_KEY, MOST_KEY, SEED
from autopilot_analysis.errors import BadInput
from autopilot_analysis.privacy.keeping import read_key
from autopilot_analysis.samples import write_sample, write_samples
from autopilot_analysis.samples.device.oobe_capture import oobe_capture
from autopilot_analysis.samples.fleet.fleet import simulate_fleet


@pytest.mark.parametrize("makes", [write_sample, write_samples, oobe_capture, simulate_fleet])
def test_every_sample_has_the_seed_of_the_verb(makes: Callable[..., object]) -> None:
    verb = argparse.ArgumentParser()
    sample.add_options(verb)
    assert inspect.signature(makes).parameters["seed"].default == SEED
    assert verb.get_default("seed") == SEED


def test_a_key_is_as_long_as_the_verb_says(tmp_path) -> None:
    verb = argparse.ArgumentParser()
    share.add_options(verb)
    assert f"a key of {LEAST_KEY} to {MOST_KEY} bytes" in verb.format_help()
    file = tmp_path / "key"
    for size in (LEAST_KEY, MOST_KEY):
        file.write_bytes(b"\xff" * size)
        assert len(read_key(file)) == size
        file.write_text("ff" * size)
        assert read_key(file) == b"\xff" * size
    for size in (LEAST_KEY - 1, MOST_KEY * 2 + 1):
        file.write_bytes(b"\xff" * size)
        with pytest.raises(BadInput, match=f"a key is {LEAST_KEY} to {MOST_KEY} random bytes"):
            read_key(file)
