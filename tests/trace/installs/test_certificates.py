"""Certificates: each request is a try, named by its own events or by the only one that can be meant."""

import json

import polars as pl
import pytest

from autopilot_analysis.readers.event_log.event_fields import DEVICE_MANAGEMENT as DM
from autopilot_analysis.trace.installs.certificates import read_certificates

ONE, TWO = (f"./Device/Vendor/MSFT/ClientCertificateInstall/SCEP/{name}" for name in ("One", "Two"))


def expected(*items):
    return pl.DataFrame(
        {"device": ["SN-0001"] * len(items), "item": items, "kind": ["certificate"] * len(items)},
        schema={"device": pl.String, "item": pl.String, "kind": pl.String},
    )


def told(events, *items):
    rows = read_certificates(events, expected(*items))
    return rows.select("item", "try_number", "outcome", "code").rows()


def test_a_request_runs_from_its_taking_up_to_the_installed_certificate(happened):
    made = {"Message1": "1.3.6.1.5.5.7.3.2", "Message2": "https://ndes.example.com"}
    steps = [(0, 306, {"Message1": "One"}), (1, 36, made), (2, 37, {}), (3, 38, {}), (4, 39, {})]
    rows = read_certificates(happened(DM, *steps), expected(ONE, TWO))
    assert rows.select("item", "outcome", "detail").rows() == [
        (ONE, "succeeded", '{"server": "https://ndes.example.com"}')
    ]
    assert (rows["ended_at"] - rows["started_at"]).dt.total_minutes().to_list() == [4]


def test_a_failure_ends_a_request_and_the_next_is_another_try(happened):
    named = {"Message1": "One"}
    events = happened(DM, (0, 306, named), (1, 32, named, "0x80094004"), (9, 306, named))
    assert told(events, ONE) == [(ONE, 1, "failed", "0x80094004"), (ONE, 2, "unfinished", None)]


@pytest.mark.parametrize(
    ("items", "name"),
    [([ONE], ONE), ([ONE, TWO], "certificate request of event 1"), ([], "certificate request of event 1")],
)
def test_a_request_without_a_name_is_the_only_one_that_can_be_meant_or_none(happened, items, name):
    assert told(happened(DM, (0, 36, {"Message1": "1.3.6.1"}), (1, 39, {})), *items)[0][0] == name


def test_a_request_that_stopped_says_after_which_step(happened):
    rows = read_certificates(happened(DM, (0, 306, {"Message1": "One"}), (1, 37, {})), expected())
    assert rows["reason"].to_list() == ["the request was sent, nothing came after"]


@pytest.mark.parametrize(("code", "outcome"), [(None, "succeeded"), ("0x80070057", "failed")])
def test_a_pfx_certificate_failed_where_it_carries_a_code(happened, code, outcome):
    assert told(happened(DM, (0, 310, {"Message1": "Mail"}, code))) == [("Mail", 1, outcome, code)]


def test_requests_without_a_name_to_one_server_are_tries_at_one_certificate(happened):
    made = {"Message1": "1.3.6.1.5.5.7.3.2", "Message2": "https://ndes.example.com/mscep.dll"}
    events = happened(
        DM,
        (0, 36, made),
        (1, 32, {}, "0x801901F7"),
        (9, 36, made),
        (10, 32, {}, "0x801901F7"),
        (20, 36, made | {"Message2": "ScepRoot"}),
    )
    ndes = "certificate of ndes.example.com"
    assert told(events) == [
        (ndes, 1, "failed", "0x801901F7"),
        (ndes, 2, "failed", "0x801901F7"),
        ("certificate request of event 5", 1, "unfinished", None),
    ]


BROKE = {
    "Message1": "SCEPInstallCertificateWithScepHelper:Failed to Initialize SCEP enrollment with NDES Server "
    "'https://scep.example.com/mdm/pkiclient.exe', CA cert thumbprint " + "3F1C" * 10
}
HASH = {"RenderedMessage": "SCEP: Certificate enroll failed. Result: (The hash value is not correct.)."}


def test_where_a_request_broke_and_that_it_failed_are_one_try_at_the_certificate_of_its_server(happened):
    steps = [(0, 307, BROKE), (0.05, 32, HASH, "0x80091007"), (15, 307, BROKE), (15, 32, HASH, "0x80091007")]
    rows = read_certificates(happened(DM, *steps), expected())
    scep = "certificate of scep.example.com"
    assert rows.select("item", "try_number", "outcome", "code").rows() == [
        (scep, 1, "failed", "0x80091007"),
        (scep, 2, "failed", "0x80091007"),
    ]
    assert json.loads(rows["detail"][0]) == {
        "server": "https://scep.example.com/mdm/pkiclient.exe",
        "authority": "3F1C" * 10,
        "words": "The hash value is not correct",
    }


def test_a_failure_that_comes_later_is_of_another_request(happened):
    assert len(told(happened(DM, (0, 307, BROKE), (1, 32, HASH, "0x80091007")))) == 2
    assert len(told(happened(DM, (0, 32, HASH, "0x80091007"), (0, 32, HASH, "0x80091007")))) == 2
