"""A dataset is told by one file in its folder, and nothing else is one."""

from autopilot_analysis.export.marker import MARKER, is_dataset


def test_a_folder_is_a_dataset_by_its_marker(tmp_path):
    assert not is_dataset(tmp_path)
    (tmp_path / MARKER).write_text("{}")
    assert is_dataset(tmp_path)
    assert is_dataset(str(tmp_path))


def test_a_folder_called_like_the_marker_and_the_marker_itself_are_none(tmp_path):
    (tmp_path / MARKER).mkdir()
    assert not is_dataset(tmp_path)
    assert not is_dataset(tmp_path / "absent")
