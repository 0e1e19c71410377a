"""`share`: what must be named, and that nothing is overwritten."""

from __future__ import annotations


def test_share_without_a_folder_says_how_it_is_called(run):
    status, out, err = run("share", "export.cab")
    assert (status, out) == (2, "")
    assert err == (
        "autopilot-analysis: share needs an export and the name of a new folder: share EXPORT OUT\n"
    )


def test_share_overwrites_no_folder(run, refused, tmp_path):
    status, out, err = run("share", refused, tmp_path)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "is there already" in err
    assert not any(tmp_path.iterdir())
