from __future__ import annotations

import pytest

from autopilot_analysis.readers.device.device import identify


@pytest.fixture
def told(rows):
    def build(*, events=(), values=(), properties=()):
        frames = {
            "events": rows("events", *events),
            "registry_values": rows("registry_values", *values),
            "properties": rows("properties", *properties),
        }
        return identify(frames, "capture").row(0, named=True)

    return build
