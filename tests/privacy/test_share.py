"""A shared folder appears whole, after its check, or not at all; the way back stays at home."""

from importlib import import_module

import polars as pl
import pytest

from autopilot_analysis.errors import LeakFound, NothingToWrite
from autopilot_analysis.privacy.hide import Hidden
from autopilot_analysis.privacy.pseudonyms import Pseudonyms, spelt
from autopilot_analysis.privacy.share import share

KEY = b"0123456789abcdef"


@pytest.fixture
def frames(rows):
    return {
        "events": rows("events", {"device": "SN-0001"}),
        "devices": rows("devices", {"device": "SN-0001"}),
    }


@pytest.fixture
def home(monkeypatch, tmp_path):
    for variable in ("HOME", "XDG_DATA_HOME", "APPDATA"):
        monkeypatch.setenv(variable, str(tmp_path / "home"))
    return tmp_path / "home"


def test_every_table_is_written_with_its_number_of_rows_and_the_way_back_lies_elsewhere(
    frames, home, tmp_path
):
    out, hidden = share(frames, tmp_path / "copy", key=KEY)
    assert hidden.is_empty()
    assert sorted(path.name for path in out.iterdir()) == ["README.md", "devices.parquet", "events.parquet"]
    assert "| events | 1 |" in (out / "README.md").read_text("utf-8")
    (back,) = home.rglob("copy-*.parquet")
    assert pl.read_parquet(back)["original"].to_list() == ["SN-0001"]
    assert pl.read_parquet(out / "events.parquet")["device"][0] == pl.read_parquet(back)["pseudonym"][0]


@pytest.mark.usefixtures("home")
def test_the_text_beside_shared_tables_shows_pseudonyms_as_they_are_spelt(frames, tmp_path):
    out, _ = share(frames, tmp_path / "copy", key=KEY)
    text = (out / "README.md").read_text("utf-8")
    assert "such\nas `user-…`, `host-…`, `serial-…`, `tenant-…`: the same original" in text
    assert Pseudonyms(KEY).name("host", "PC-1").startswith(spelt("host", ""))


@pytest.mark.usefixtures("home")
def test_a_folder_that_is_there_is_left_alone(frames, tmp_path):
    with pytest.raises(NothingToWrite, match="is there already"):
        share(frames, tmp_path, key=KEY)


@pytest.fixture
def unhidden(frames, monkeypatch):
    """Tables that come out as they went in, with the originals that should have been hidden."""
    mapping = pl.DataFrame({"kind": ["device"], "original": ["SN-0001"], "pseudonym": ["device-1"]})
    module = import_module("autopilot_analysis.privacy.share")
    monkeypatch.setattr(module, "pseudonymise", lambda *_: Hidden(frames, mapping))


@pytest.mark.usefixtures("home", "unhidden")
def test_a_name_that_gives_an_original_away_is_refused(frames, tmp_path):
    with pytest.raises(LeakFound, match="gives away an original"):
        share(frames, tmp_path / "copy-of-SN-0001", key=KEY)
    assert list(tmp_path.glob("*copy*")) == []


@pytest.mark.usefixtures("home", "unhidden")
def test_a_cell_through_which_an_original_shines_is_hidden_and_counted(frames, tmp_path):
    out, hidden = share(frames, tmp_path / "copy", key=KEY)
    assert sorted(hidden.rows()) == [("devices", "device", 1), ("events", "device", 1)]
    assert not [path for path in out.iterdir() if b"SN-0001" in path.read_bytes()]


def test_a_folder_may_be_called_as_a_pattern(frames, home, tmp_path):
    assert share(frames, tmp_path / "copy [2]", key=KEY).folder.is_dir()
