"""Nothing that others build on changes unseen; `python tests/snapshots.py` renews what is meant to."""

import pytest
from snapshots import FOLDER, SNAPSHOTS, text_of


@pytest.mark.parametrize("name", SNAPSHOTS)
def test_signatures_schemas_and_options_are_as_they_are_stored(name):
    assert text_of(name).splitlines() == (FOLDER / f"{name}.txt").read_text("utf-8").splitlines()
