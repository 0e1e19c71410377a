from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis import open_export, read_tables
from autopilot_analysis.readers.device.coverage import find_floods
from autopilot_analysis.samples import write_sample

COLLECTED = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    out = tmp_path_factory.mktemp("cab") / "device.cab"
    write_sample(out, "user_driven_success")
    return read_tables(open_export(out))


def presence(tables, source):
    return tables.coverage.filter(pl.col("source") == source)["presence"].to_list()


def test_a_source_read_whole_is_present_with_its_records(tables):
    row = tables.coverage.row(by_predicate=pl.col("source") == "events_autopilot", named=True)
    in_it = tables.events.filter(
        pl.col("member").str.contains("moderndeployment-diagnostics-provider-autopilot")
    )
    assert (row["presence"], row["records"]) == ("present", in_it.height)
    assert row["first_at"] == in_it["at"].min()


def test_a_source_that_such_an_export_should_hold_and_does_not_is_absent(tables):
    assert presence(tables, "uefi_text") == ["absent"]


def test_a_source_that_the_build_cannot_have_is_not_applicable(genuine):
    control = read_tables(open_export(genuine / "mdm-diagnostics-23h2.cab"))
    rows = dict(control.coverage.select("source", "presence").iter_rows())
    assert rows.get("events_mdm_enrollment", "not_applicable") == "not_applicable"
    assert rows["events_shell_core"] == "partial"


def test_each_member_counts_once(tables):
    assert tables.coverage["members"].sum() == tables.members.filter(pl.col("source") != "unknown").height


def test_a_log_that_its_own_collection_filled_is_a_gap(rows):
    late = [{"member": "ms.evtx", "recorded_at": COLLECTED + timedelta(milliseconds=n)} for n in range(600)]
    old = [{"member": "ap.evtx", "recorded_at": COLLECTED - timedelta(days=n)} for n in range(600)]
    devices = rows("devices", {"collected_at": COLLECTED})
    floods = find_floods(pl.concat([rows("events", *late), rows("events", *old)]), devices)
    assert floods.select("member", "count").rows() == [("ms.evtx", 600)]
    of_a_trace = rows("events", *({**event, "opcode": 0} for event in late))
    assert find_floods(of_a_trace, devices).is_empty()
