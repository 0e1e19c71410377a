"""Lists with columns of somebody's own: read, and compared by what is not known."""

from __future__ import annotations

import json

import polars as pl
import pytest

from autopilot_analysis.fleet.deployments.own_columns import with_own_columns
from autopilot_analysis.fleet.explanation.explain import explain
from autopilot_analysis.readers.service.report_columns import names_groups
from autopilot_analysis.readers.service.report_csv import read_report_csv

HEADER = (
    "Enrollment date,Device serial number,Site,Model,Supplier,Deployment total time,Deployment status,Remark"
)


def extended(rows, header=HEADER):
    return read_report_csv("\n".join([header, *rows, ""]).encode(), "list.csv")


def row(n, site, state="Success", remark=""):
    who, when = f"5CD41{n:04},{site},Slate 4,Maker {n % 3}", f"2025-10-{1 + n % 28:02} 09:00:00"
    return f"{when},{who},{30 + n % 9} min,{state},{remark}"


@pytest.fixture(scope="module")
def reading():
    rows = [row(n, "Jena", "Failed", "no network") for n in range(12)]
    rows += [row(n, ("Bonn", "Kiel")[n % 2]) for n in range(12, 60)]
    return extended(rows)


def test_a_portal_export_that_somebody_extended_keeps_site_and_supplier(reading):
    first = reading.rows["deployments"].row(0, named=True)
    assert json.loads(first["details"]) == {"Site": "Jena", "Supplier": "Maker 0"}
    assert (first["model"], first["failure_text"]) == ("Slate 4", "no network")
    assert first["total"].total_seconds() == 30 * 60


def test_what_is_compared_is_not_called_unknown(reading):
    assert not any("not known here" in each.reason for each in reading.unread)


def test_the_site_that_fails_is_found(reading):
    rows = reading.rows["deployments"]
    assert with_own_columns(rows)["Site"].to_list()[:1] == ["Jena"]
    assert json.loads(explain(rows).contrasts["where"][0]) == {"Site": "Jena"}


def test_an_export_that_nobody_extended_is_as_it_was():
    rows = pl.DataFrame({"device": ["a"], "details": pl.Series([None], dtype=pl.String)})
    assert with_own_columns(rows).columns == ["device", "details"]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["Jena", "Bonn"] * 20, True),
        ([f"note {n}" for n in range(40)], False),
        (["Jena", "Bonn"] * 2 + [None] * 6, False),
        (["1", "2"] * 20, False),
        (["2025-10-01", "2025-10-02"] * 20, False),
        (["Jena"] * 40, False),
        (["ok", "failed"] * 20, False),
        (["a long remark that somebody wrote about a device", "b"] * 20, False),
        ([f"team {n}" for n in range(13)] * 4, False),
        ([f"team {n}" for n in range(12)] * 4, True),
    ],
)
def test_which_columns_name_groups(values, found):
    assert names_groups(pl.Series("x", values, dtype=pl.String)) is found


def test_a_list_made_by_hand_is_read_as_deployments():
    ends = [("n.i.O.", "rot, 0x80070490") if n == 2 else ("i.O.", "") for n in range(1, 7)]
    rows = [f"{n};0{n}.10.2025;PF10{n};Slate 4;36;{';'.join(end)}" for n, end in enumerate(ends, 1)]
    content = "\n".join(
        ["Rollout;;;;;;", "Nr.;Datum;Seriennr.;Modell;Dauer (Min.);Ergebnis;Bemerkung", *rows, ";;;;;;"]
    )
    reading = read_report_csv((content + "\n").encode("cp1252"), "list.csv")
    read = (
        reading.rows["deployments"]
        .sort("serial")
        .select("serial", "model", "outcome", "code", "total")
        .rows()
    )
    assert len(read) == 6
    assert read[1][:4] == ("PF102", "Slate 4", "failed", "0x80070490")
    assert (read[0][2], read[0][4].total_seconds()) == ("succeeded", 36 * 60)
    assert reading.unread[0].reason.startswith(
        "it is a list that somebody made; by its headings Datum as started_at"
    )


def test_days_that_a_spreadsheet_counts_are_days():
    rows = [f"PF10{n};{45931 + n}.5;{'ok' if n else 'failed'};3{n} min" for n in range(5)]
    content = "\n".join(["Serial;Date;Result;Duration", *rows, ""])
    starts = read_report_csv(content.encode(), "list.csv").rows["deployments"]["started_at"].sort()
    assert f"{starts[0]:%Y-%m-%d %H:%M}" == "2025-10-01 12:00"
