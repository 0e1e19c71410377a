"""What really happened, as tables: one row a stage in an attempt, one a try at an item."""

from datetime import UTC, datetime

from autopilot_analysis.samples.truth import (
    InstallTruth,
    SampleTruth,
    StageTruth,
    install_truth_table,
    truth_table,
)

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)


def sample(root, **more):
    stages = (
        StageTruth(1, "network", AT, AT, "succeeded"),
        StageTruth(1, "desktop", AT, None, "failed", "0x1", "x"),
    )
    return SampleTruth(root / "a" / "b.cab", "SN-1", "user_driven_success", stages, **more)


def test_the_truth_names_the_export_relative_to_where_it_lies(tmp_path):
    rows = truth_table([sample(tmp_path, incident="bad_update")], tmp_path)
    assert rows.select("export", "incident", "stage", "outcome", "code").rows() == [
        ("a/b.cab", "bad_update", "network", "succeeded", None),
        ("a/b.cab", "bad_update", "desktop", "failed", "0x1"),
    ]


def test_installs_are_told_under_their_device(tmp_path):
    tried = InstallTruth(
        "app", None, "win32", None, 1, None, None, None, None, AT, None, "failed", 1603, None
    )
    rows = install_truth_table([sample(tmp_path, installs=(tried,)), sample(tmp_path)])
    assert rows.select("device", "item", "exit_code", "name").rows() == [("SN-1", "app", 1603, None)]
