"""Modern apps: each deployment of a package that management asked for is a try."""

import polars as pl

from autopilot_analysis.trace.installs.modern import PROVIDER, read_modern

FAMILY = "Contoso.Viewer_8wekyb3d8bbwe"
PACKAGE = {
    "PackageFullName": "Contoso.Viewer_1.2.3.4_x64__8wekyb3d8bbwe",
    "CallingProcess": "omadmclient.exe",
}
NOTHING = pl.DataFrame(schema={"device": pl.String, "item": pl.String, "kind": pl.String})


def told(events, expected=NOTHING):
    return read_modern(events, expected).select("item", "try_number", "outcome", "code").rows()


def test_a_package_asked_for_that_came_succeeded(happened):
    events = happened(PROVIDER, (0, 607, PACKAGE), (2, 400, PACKAGE))
    assert told(events) == [(FAMILY, 1, "succeeded", None)]


def test_a_failure_keeps_its_cause_and_the_next_request_is_another_try(happened):
    failed = [(0, 607, PACKAGE), (1, 401, PACKAGE, "0x80073CF3"), (2, 404, PACKAGE, "0x80073D02")]
    events = happened(PROVIDER, *failed, (9, 607, PACKAGE))
    assert told(events) == [(FAMILY, 1, "failed", "0x80073CF3"), (FAMILY, 2, "unfinished", None)]


def test_what_windows_updates_by_itself_counts_only_where_the_page_expects_it_or_it_failed(happened):
    own = PACKAGE | {"CallingProcess": "svchost.exe"}
    fine = happened(PROVIDER, (0, 607, own), (1, 400, own))
    expected = pl.DataFrame({"device": ["SN-0001"], "item": [FAMILY.upper()], "kind": ["modern"]})
    assert told(fine) == []
    assert told(fine, expected) == [(FAMILY, 1, "succeeded", None)]
    failed = read_modern(happened(PROVIDER, (0, 607, own), (1, 404, own, "0x80073D02")), NOTHING)
    assert failed.select("outcome", "reason").rows() == [("failed", "asked for by svchost.exe")]


def test_a_name_that_is_no_package_is_no_try(happened):
    assert told(happened(PROVIDER, (0, 607, {"PackageFullName": "Viewer"}))) == []
