"""Computers that hold one id: told apart by their names, where they cannot be one device that was renamed."""

import polars as pl
import pytest

from autopilot_analysis.readers.device.shared_ids import NAMES_OF_ONE, tell_apart
from autopilot_analysis.tables import schema_of

ID = "11111111-2222-3333-4444-555555555555"


def capture(name, *, key=ID, serial=None, model=None):
    device = pl.DataFrame(
        [{"device": key, "name": name, "serial": serial, "model": model}], schema=schema_of("devices")
    )
    events = pl.DataFrame([{"device": key, "member": f"{name}.evtx"}], schema=schema_of("events"))
    return {"devices": device, "events": events, "gaps": pl.DataFrame(schema=schema_of("gaps"))}


def keys(*captures):
    told = tell_apart(captures)
    assert all(one["events"]["device"].to_list() == one["devices"]["device"].to_list() for one in told)
    return [one["devices"]["device"][0] for one in told]


NAMES = [f"LT-{number}" for number in range(NAMES_OF_ONE + 1)]


def test_more_names_than_one_device_has_are_so_many_computers():
    captures = [capture(name) for name in NAMES]
    assert keys(*captures) == NAMES
    (reason,) = tell_apart(captures)[0]["gaps"]["reason"]
    assert reason == f"3 computers hold the id {ID}: they are told apart by their names"


@pytest.mark.parametrize(
    "captures",
    [
        [capture(name) for name in NAMES[:NAMES_OF_ONE]],
        [capture(NAMES[0]), capture(NAMES[0].lower()), capture(NAMES[1])],
        [capture(name, key="SN-0001", serial="SN-0001") for name in NAMES],
        [capture(NAMES[0]), capture(None), capture(None)],
    ],
    ids=["renamed", "spelt otherwise", "set up again under its serial", "without names"],
)
def test_a_device_that_was_renamed_or_set_up_again_stays_one(captures):
    assert len(set(keys(*captures))) == 1


@pytest.mark.parametrize("serial", [None, ID])
def test_two_models_are_two_computers_whatever_id_they_share(serial):
    pair = [capture(name, serial=serial, model=model) for name, model in zip(NAMES[:2], "AB", strict=True)]
    assert keys(*pair) == NAMES[:2]
    unnamed = [capture("LT-0", model=model) for model in "AB"]
    assert set(keys(*unnamed)) == {ID}
