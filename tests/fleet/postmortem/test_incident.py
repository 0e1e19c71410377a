import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from autopilot_analysis.codes import explain as explain_code
from autopilot_analysis.errors import UnknownName
from autopilot_analysis.fleet import measure_changes, study_incident
from autopilot_analysis.fleet.postmortem.incident import _daily
from autopilot_analysis.samples.fleet.files import graph_pages, identity_pages
from autopilot_analysis.samples.fleet.fleet import simulate_fleet

DATA = Path(__file__).parents[3] / "data"
REFUSED = DATA / "mdm-enrollment-refused.cab"
HOSTILE = "<script>alert(1)</script> **bold** [x](javascript:y) \x1b[31m\u202e"


def write_pages(folder, deployments):
    folder.mkdir(exist_ok=True)
    for number, page in enumerate(graph_pages(deployments)):
        (folder / f"autopilotEvents-{number:03}.json").write_bytes(page)
    for number, page in enumerate(identity_pages(deployments)):
        (folder / f"windowsAutopilotDeviceIdentities-{number:03}.json").write_bytes(page)
    return folder


def planted(folder, incident, seed, n=2000):
    """Pages of a fleet in which no device comes twice, and the truth behind it."""
    deployments, truth = simulate_fleet(n, incident=incident, seed=seed)
    alone = pl.format("SN-{}", pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(6))
    deployments = deployments.with_columns(device=alone, serial=alone)
    return write_pages(folder, deployments), deployments, truth


@pytest.fixture(scope="module")
def attestation(tmp_path_factory):
    folder, deployments, truth = planted(
        tmp_path_factory.mktemp("pages") / "attestation", "model_build_attestation", seed=4
    )
    return study_incident(folder, author="A. Writer"), deployments, truth, folder


def in_group(deployments, truth):
    ended = deployments.filter(pl.col("outcome").is_in(["succeeded", "failed"]))
    inside = pl.all_horizontal(pl.col(name) == value for name, value in truth["where"].items())
    return ended.filter(inside)


def numbers(impact, begins):
    return impact.filter(pl.col("what").str.starts_with(begins)).row(0, named=True)


def test_the_planted_model_and_build_are_named_with_the_code_the_cost_and_the_remedy(attestation):
    incident, deployments, truth, _ = attestation
    assert incident.case.where == truth["where"]
    group = in_group(deployments, truth)
    failed = group.filter(outcome="failed")
    row = numbers(incident.impact, "attempts that failed, in the group")
    assert (row["k"], row["n"]) == (failed.height, group.height)
    assert row["low"] < row["value"] == failed.height / group.height < row["high"]
    hours = numbers(incident.impact, "time spent")
    assert hours["value"] == pytest.approx(failed["total"].sum() / timedelta(hours=1))
    assert hours["low"] < hours["value"] < hours["high"]
    remedy = explain_code("0x81039001").remedy
    assert incident.remedies["remedy"][0] == remedy
    told = repr(incident.summary)
    for words in (*truth["where"].values(), "0x81039001", remedy, f"{failed.height} of {group.height}"):
        assert words in told
    assert repr(incident.heading).splitlines()[:2] == [
        f"Devices of build {truth['where']['build']}, model {truth['where']['model']}: deployment fails",
        "Written by: A. Writer",
    ]


def test_neither_the_model_nor_the_build_alone_explains_it(attestation):
    reasons = attestation[0].reasons
    alone = reasons.filter(pl.col("statement").str.contains("alone does not explain it"))
    assert alone["speaks"].to_list() == ["for", "for"]
    assert alone["share"].max() < 0.15 < reasons["share"][0]
    against = reasons.filter(pl.col("statement").str.contains("not sufficient"))
    assert against["k"][0] + reasons["k"][0] == against["n"][0]


def test_other_attributes_are_ruled_out_and_the_missing_captures_are_told(attestation):
    incident = attestation[0]
    verdicts = dict(incident.ruled_out.select("what", "verdict").iter_rows())
    assert verdicts["another group tag"] == verdicts["another profile"] == "ruled out"
    unseen = dict(incident.unseen.select("what", "count").iter_rows())
    assert unseen["devices hit without a capture"] == incident.case.hits["device"].n_unique()
    assert "changes made by administrators" in unseen


def test_a_cited_attempt_stands_in_the_member_that_has_the_hash(attestation):
    incident, _, _, folder = attestation
    for row in incident.cited.iter_rows(named=True):
        content = (folder / row["member"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == row["sha256"]
        page = row["member"].endswith(".json")
        records = json.loads(content)["value"] if page else content.decode().splitlines()
        assert row["key"] in str(records[row["record"] - 1])
    assert 0 < incident.cited.height <= 24


def test_a_short_spell_is_told_with_its_days_and_blamed_on_nobody(tmp_path):
    folder, deployments, truth = planted(tmp_path / "spell", "service_incident", seed=6, n=3000)
    incident = study_incident(folder)
    assert (incident.case.where, incident.case.since, incident.case.until) == (
        {},
        truth["at"],
        truth["until"],
    )
    hit = deployments.filter(
        pl.col("started_at").is_between(truth["at"], truth["until"], closed="left"),
        pl.col("outcome") == "failed",
    )
    assert incident.impact["k"][0] == hit.height
    assert "Every group was hit alike" in repr(incident.summary)


def test_the_shipped_fleet_names_the_edit_and_clears_what_came_later():
    incident = study_incident(DATA / "fleet")
    truth = json.loads((DATA / "fleet-truth.json").read_text())
    assert incident.case.where == truth["where"]
    assert abs((incident.case.since - datetime.fromisoformat(truth["at"])).days) <= 2
    assert "Patch WindowsAutopilotDeploymentProfile: User driven" in repr(incident.summary)
    verdicts = {
        what.split(",")[0]: verdict
        for what, verdict in incident.ruled_out.select("what", "verdict").iter_rows()
    }
    assert verdicts["Assign DeviceConfiguration: Power settings"] == "ruled out"
    assert verdicts["Create MobileApp: Reader 4.1.0"] == "not ruled out"
    assert incident.done["at"].min() >= incident.case.since - timedelta(days=3)


@pytest.fixture(scope="module")
def refused():
    return study_incident(REFUSED)


def test_one_refused_device_is_told_with_the_records_that_prove_it(refused):
    incident = refused
    assert (incident.case.rule, incident.impact["k"][0], incident.impact["n"][0]) == (
        "MDM-ENROLLMENT-REFUSED",
        4,
        4,
    )
    story = incident.case.story
    hashes = dict(story.tables.members.select("member", "sha256").iter_rows())
    assert incident.cited.height == story.findings.evidence.filter(rule=incident.case.rule).height
    assert all(hashes[member] == sha for member, sha in incident.cited.select("member", "sha256").iter_rows())
    proven = incident.reasons.drop_nulls("member").select("member", "record").rows()
    assert set(proven) <= set(incident.timeline.select("member", "record").rows()) | set(
        incident.cited.select("member", "record").rows()
    )
    assert "0x80180014" in repr(incident.summary)


def test_privacy_leaves_no_name_of_the_device_or_the_export():
    incident = study_incident(REFUSED, privacy=True)
    shown = [repr(incident.heading), repr(incident.summary), *(
        getattr(incident, name).write_json()
        for name in ("impact", "timeline", "reasons", "ruled_out", "unseen", "remedies", "cited", "manifest")
    )]  # fmt: skip
    assert not [text for text in shown if "SN-0002" in text or "refused.cab" in text]


def test_nothing_and_nothing_wrong_are_told_as_such(tmp_path):
    (tmp_path / "autopilotEvents.json").write_bytes(graph_pages(simulate_fleet(1)[0].clear())[0])
    empty = study_incident(tmp_path)
    assert "there is nothing to judge" in repr(empty.summary)
    assert (empty.cited.height, empty.daily.height, empty.remedies.height) == (0, 0, 0)
    healthy = study_incident(DATA / "user-driven-success.cab")
    assert "What happened: The one deployment succeeded." in repr(healthy.summary)
    assert healthy.reasons.is_empty()


def test_a_dataset_tells_the_same_story_and_cites_one_device(undisturbed, captures):
    told, direct = (study_incident(path) for path in (undisturbed, captures))
    assert told.impact.equals(direct.impact)
    assert told.case.where == direct.case.where
    cited = told.cited.drop_nulls("member")
    assert cited["sha256"].null_count() == 0
    hashes = dict(told.manifest.iter_rows())
    assert len(hashes["SHA-256 of its content"]) == 64


def test_a_named_group_and_period_are_taken_as_they_are():
    incident = study_incident(
        DATA / "fleet", group="model=Slate 13, profile=Kiosk", since="2026-03-01", until="2026-04-01"
    )
    case = incident.case
    assert case.where == {"model": "Slate 13", "profile": "Kiosk"}
    assert (case.since, case.until) == (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 2, tzinfo=UTC))
    assert set(case.during["model"]) == {"Slate 13"}
    assert case.during["started_at"].max() < case.until


def test_a_group_or_a_finding_that_is_not_there_is_named():
    with pytest.raises(UnknownName, match="modle"):
        study_incident(DATA / "fleet", group="modle=Slate 12")
    with pytest.raises(UnknownName, match="MDM-ENROLLMENT-REFUSED"):
        study_incident(REFUSED, finding="MDM-ENROLMENT-REFUSED")


def test_the_pages_that_the_user_saw_are_a_table_of_a_capture_and_empty_of_a_fleet(refused):
    seen = study_incident(DATA / "oobe-error-page.cab").table("screens")
    assert seen.filter(error="80180014").height == 2
    assert "title" in seen.columns
    assert refused.table("screens").is_empty()


@pytest.mark.parametrize(("days", "apart"), [(10, 1), (20, 7)])
def test_attempts_too_few_for_a_share_a_day_are_drawn_by_week(case_of, days, apart):
    case = case_of([(f"D{n}", None, n * days * 1440 // 40, 30, "succeeded", True) for n in range(41)])
    case = replace(case, explanation=replace(case.explanation, changes=measure_changes(case.judged)))
    assert _daily(case)["at"].sort().diff().drop_nulls().min() == timedelta(days=apart)
