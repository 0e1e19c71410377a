"""Which events a release of Windows can write, and what its logs are called."""

import pytest

from autopilot_analysis.samples.formats.channels import CHANNELS, RELEASES, exists


@pytest.mark.parametrize(
    ("channel", "event_id", "release", "written"),
    [
        ("AP", 285, RELEASES["11-21H2"], True),
        ("AP", 285, RELEASES["11-21H2"] - 1, False),
        ("AP", 161, 15063, True),
        ("DME", 72, RELEASES["11-24H2"], True),
        ("DME", 72, RELEASES["11-24H2"] - 1, False),
        ("APO", 200, 10**5, False),
        ("SC", 62407, 15063, True),
    ],
)
def test_an_event_exists_from_its_first_release_on(channel, event_id, release, written):
    assert exists(channel, event_id, release) is written


def test_a_log_has_one_name_in_the_cabinet_and_another_in_windows():
    log = CHANNELS["AP"]
    assert log.cabinet_file == "microsoft-windows-moderndeployment-diagnostics-provider-autopilot.evtx"
    assert log.folder_file == "Microsoft-Windows-ModernDeployment-Diagnostics-Provider%4Autopilot.evtx"


def test_no_event_is_an_error_and_a_warning():
    assert all(not channel.errors & channel.warnings for channel in CHANNELS.values())
