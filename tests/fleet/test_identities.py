from datetime import UTC, datetime

import polars as pl

from autopilot_analysis.fleet import join_identities


def test_model_and_tag_come_from_the_registration_and_nothing_known_is_overwritten():
    deployments = pl.DataFrame({"device": ["SN-0001", "id-2", "SN-0003"], "model": [None, None, "Slate 13"]})
    identities = pl.DataFrame(
        {
            "device": ["SN-0001", "SN-0002", "SN-0003"],
            "serial": ["SN-0001", "SN-0002", "SN-0003"],
            "intune_device_id": [None, "id-2", None],
            "model": ["Note 7", "Note 9", "Kite X1"],
            "group_tag": ["NORTH", None, "EAST"],
            "at": [datetime(2026, 1, 1, tzinfo=UTC)] * 3,
        }
    )
    joined = join_identities(deployments, identities)
    assert joined["model"].to_list() == ["Note 7", "Note 9", "Slate 13"]
    assert joined["group_tag"].to_list() == ["NORTH", None, "EAST"]
