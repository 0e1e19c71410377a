from __future__ import annotations

import polars as pl

from autopilot_analysis.widgets import explore_contrasts


def test_splitting_two_groups_points_to_the_planted_part(fleet):
    deployments, truth = fleet
    where = truth["where"]
    explorer = explore_contrasts(deployments)
    explorer.choose(by="model", one=where["model"], split="build")
    rates = explorer.view.frames[0][1]
    worst = rates.sort("share", descending=True).row(0, named=True)
    assert (worst["side"], worst["build"]) == (where["model"], where["build"])


def test_the_two_sides_hold_the_attempts_of_their_groups(fleet):
    explorer = explore_contrasts(fleet[0])
    explorer.choose(by="profile", one="Kiosk", other="Shared devices")
    counts = dict(fleet[0]["profile"].value_counts().iter_rows())
    assert explorer.view.sentence.startswith(
        f"Kiosk: {counts['Kiosk']:,} attempts; Shared devices: {counts['Shared devices']:,}"
    )
    rates = explorer.view.frames[0][1]
    kiosk = fleet[0].filter(profile="Kiosk")["outcome"].cast(str)
    assert rates.filter(side="Kiosk")["k"].item() == (kiosk == "failed").sum()


def test_a_group_is_not_set_against_itself(fleet):
    explorer = explore_contrasts(fleet[0])
    offered = [value for _, value in explorer.controls["other"].options]
    assert explorer.selection.one not in offered
    assert offered[0] == ""


def test_splitting_by_the_same_column_changes_nothing(fleet):
    explorer = explore_contrasts(fleet[0])
    explorer.choose(by="model", split="model")
    assert explorer.view.frames[0][1].columns[0] == "side"


def test_without_groups_it_says_so(fleet):
    alike = fleet[0].select("device", "deployment", "outcome", "total", "started_at")
    for frame in (alike, alike.clear(), fleet[0].clear()):
        assert explore_contrasts(frame).view.sentence.startswith("Nothing tells the attempts apart")


def test_a_value_of_the_name_of_the_others_is_no_trouble(fleet):
    odd = fleet[0].with_columns(model=pl.lit("all others"))
    explorer = explore_contrasts(pl.concat([fleet[0], odd]))
    assert explorer.selection.by == "model"
