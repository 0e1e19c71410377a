from __future__ import annotations

from autopilot_analysis import clock


def test_windows_zones_have_iana_names():
    assert clock.zone_name("W. Europe Standard Time") == "Europe/Berlin"
    assert clock.zone_name("Europe/Paris") == "Europe/Paris"
    assert clock.zone_name("No Such Time") is None
    assert clock.zone_name(None) is None
