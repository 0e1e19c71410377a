"""For each failure the success most like it, and what differs between the two."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.errors import BadInput
from autopilot_analysis.fleet import load_deployments, measure_nearest
from autopilot_analysis.fleet.measures.nearest import MOST_NAMED, NOTHING
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.trace.compare import Side

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def attempt(name, outcome, *, day=0, setup=None, **columns):
    usual = {"model": "Slate 12", "build": "26100.1", "profile": "Office", "group_tag": "FRA", "apps": 8}
    return {
        "device": name,
        "deployment": f"{name}/1",
        "outcome": outcome,
        "code": "0x87d1041c" if outcome == "failed" else None,
        "started_at": MONDAY + timedelta(days=day),
        "device_setup": None if setup is None else timedelta(minutes=setup),
        **(usual | columns),
    }


def nearest(*attempts, most=10):
    frame = pl.DataFrame(attempts, infer_schema_length=None)
    return measure_nearest(frame, frame, most=most)


def test_the_success_with_most_in_common_is_taken_and_of_those_alike_the_nearest_in_time():
    found = nearest(
        attempt("BAD", "failed", setup=60),
        attempt("OTHER-BUILD", "succeeded", build="26100.2"),
        attempt("LATE", "succeeded", day=4),
        attempt("NEAR", "succeeded", day=1, setup=20, apps=9),
        attempt("FAR", "succeeded", day=30),
    )
    row = found.row(0, named=True)
    assert (row["device"], row["nearest_device"], row["nearest"]) == ("BAD", "NEAR", "NEAR/1")
    assert (row["distance"], row["days"], row["differs"]) == (0, 1.0, "apps 8 / 9")
    assert row["device_setup_longer"] == timedelta(minutes=40)
    assert row["account_setup_longer"] is None


def test_the_distance_counts_what_differs_and_what_nobody_knows():
    found = nearest(
        attempt("BAD", "failed", build=None),
        attempt("GOOD", "succeeded", profile="Kiosk", day=7),
    )
    row = found.row(0, named=True)
    assert row["distance"] == 3, "the build is unknown, the profile and the week differ"
    assert row["differs"] == "build unknown / 26100.1; profile Office / Kiosk"


def test_a_value_spelt_in_another_way_is_no_difference():
    found = nearest(attempt("BAD", "failed"), attempt("GOOD", "succeeded", model="slate-12"))
    assert (found["distance"][0], found["differs"][0]) == (0, None)


def test_a_later_success_of_the_same_device_is_named_as_that():
    found = nearest(attempt("D1", "failed"), {**attempt("D1", "succeeded", day=1), "deployment": "D1/2"})
    assert (found["same_device"][0], found["nearest"][0]) == (True, "D1/2")


def test_the_latest_failures_are_matched_and_the_closest_pair_comes_first():
    found = nearest(
        attempt("OLD", "failed", day=-20),
        attempt("FAR", "failed", day=2, model="Book 15"),
        attempt("CLOSE", "failed", day=1),
        attempt("GOOD", "succeeded"),
        most=2,
    )
    assert found.select("device", "distance").rows() == [("CLOSE", 0), ("FAR", 1)]


def test_without_a_success_there_is_nothing_near():
    assert nearest(attempt("BAD", "failed")).is_empty()


def test_less_than_one_is_refused():
    with pytest.raises(BadInput, match="most is 0"):
        nearest(attempt("BAD", "failed"), most=0)


@pytest.fixture
def pair(rows):
    """A failure and its success as deployments, and what captures tell of the two, to be filled in."""
    frame = pl.DataFrame([attempt("BAD", "failed"), attempt("GOOD", "succeeded")], infer_schema_length=None)

    def compared(bad, good):
        def captured(device):
            given = {"BAD": bad, "GOOD": good}[device]
            if given is None:
                return None
            told = {
                name: rows(name, *({"device": device, **row} for row in each)) for name, each in given.items()
            }
            return Side(Tables.of(told), Trace.of(told), device)

        return measure_nearest(frame, frame, captured=captured).row(0, named=True)

    return compared


def app(name, outcome, version=None):
    return {
        "item": name,
        "name": name,
        "kind": "win32",
        "outcome": outcome,
        "try_number": 1,
        "version": version,
    }


def setting(name, value):
    return {"scope": "device", "area": "Update", "name": name, "value": value, "status": "in effect"}


PROXY_TEXT = {"member": "proxy.txt", "source": "winhttp_proxy", "state": "read", "bytes": 1, "sha256": "0"}


def proxy(value):
    return [{"member": "proxy.txt", "section": "", "name": "proxy server", "value": value}]


def test_what_captures_of_both_tell_of_apps_settings_and_network_stands_beside(pair):
    row = pair(
        {"installs": [app("Reader", "failed"), app("Office", "succeeded", "16.1")],
         "settings": [setting("Defer", "3"), setting("Pause", "1")],
         "members": [PROXY_TEXT], "properties": proxy("10.0.0.1:8080")},
        {"installs": [app("Reader", "succeeded"), app("Office", "succeeded", "16.2")],
         "settings": [setting("Defer", "0"), setting("Pause", "1")],
         "members": [PROXY_TEXT], "properties": proxy("192.0.2.7:8080")},
    )  # fmt: skip
    assert row["apps"] == "Reader failed / succeeded; Office 16.1 / 16.2"
    assert row["settings"] == "Update/Defer 3, in effect / 0, in effect"
    assert row["network"] == "proxy server 10.0.0.1:8080 / 192.0.2.7:8080"


def test_what_one_capture_alone_tells_of_is_no_difference(pair):
    row = pair({"settings": [setting("Defer", "3")]}, {"installs": [app("Reader", "failed")]})
    assert [row[name] for name in ("apps", "settings", "network")] == [NOTHING] * 3


def test_of_a_device_without_a_capture_nothing_is_known(pair):
    row = pair({"settings": [setting("Defer", "3")]}, None)
    assert [row[name] for name in ("apps", "settings", "network")] == [None] * 3


def test_five_differences_are_named_and_the_others_counted(pair):
    row = pair(*({"settings": [setting(f"S{each}", value) for each in range(7)]} for value in ("0", "1")))
    assert row["settings"].count(" / ") == MOST_NAMED == 5
    assert row["settings"].endswith("; 2 more")


def test_captures_and_a_dataset_of_them_tell_the_same_of_a_pair(undisturbed, captures):
    columns = ["device", "nearest_device", "apps", "settings", "network"]
    told = []
    for path in (captures, undisturbed):
        fleet = load_deployments(path)
        found = measure_nearest(fleet.deployments, fleet.deployments, captured=fleet.captured).select(columns)
        assert found.height >= 2
        assert found.drop_nulls("apps").height >= 1
        assert fleet.captured("nobody") is None
        told.append(found.sort("device").rows())
    assert told[0] == told[1]
