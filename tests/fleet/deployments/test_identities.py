from datetime import UTC, datetime

import polars as pl
import pytest

from autopilot_analysis.facts.guids import EMPTY_ID
from autopilot_analysis.fleet import explain, join_identities
from autopilot_analysis.fleet.deployments.identities import name_devices
from autopilot_analysis.tables.fleet import Identity, describing


def test_model_and_tag_come_from_the_registration_and_nothing_known_is_overwritten():
    deployments = pl.DataFrame({"device": ["SN-0001", "id-2", "SN-0003"], "model": [None, None, "Slate 13"]})
    identities = pl.DataFrame(
        {
            "device": ["SN-0001", "SN-0002", "SN-0003"],
            "serial": ["SN-0001", "SN-0002", "SN-0003"],
            "intune_device_id": [None, "id-2", None],
            "model": ["Note 7", "Note 9", "Kite X1"],
            "group_tag": ["NORTH", None, "EAST"],
            "at": [datetime(2026, 1, 1, tzinfo=UTC)] * 3,
        }
    )
    joined = join_identities(deployments, identities)
    assert joined["model"].to_list() == ["Note 7", "Note 9", "Slate 13"]
    assert joined["group_tag"].to_list() == ["NORTH", None, "EAST"]


def test_whatever_describes_a_device_is_taken_from_an_inventory_unless_it_is_personal():
    other = {"serial": "SN-1", "name": "AP-1", "user": "ann@example.com", "os": "Windows"}
    told = {name: f"the {name}" for name in describing() if name in Identity.columns()} | other
    row = join_identities(pl.DataFrame({"device": ["SN-1"]}), pl.DataFrame({"device": ["SN-1"], **told}))
    assert row.to_dicts() == [{"device": "SN-1"} | {n: v for n, v in told.items() if n not in other}]


def test_a_device_known_by_its_id_meets_the_model_by_that_id():
    deployments = pl.DataFrame({"device": ["SN-0001"], "intune_device_id": ["id-1"]})
    identities = pl.DataFrame({"device": ["id-1"], "intune_device_id": ["id-1"], "model": ["Slate 13"]})
    assert join_identities(deployments, identities)["model"].to_list() == ["Slate 13"]


def test_a_device_known_by_its_id_alone_is_called_by_its_one_serial():
    deployments = pl.DataFrame(
        {
            "device": ["id-1", "id-2", "id-3", "SN-0009"],
            "serial": [None, None, "Default string", "SN-0009"],
            "intune_device_id": ["id-1", "id-2", "id-3", "id-9"],
            "entra_device_id": pl.Series([None] * 4, dtype=pl.String),
            "origin": ["log_analytics"] * 4,
        }
    )
    identities = pl.DataFrame(
        {
            "intune_device_id": ["id-1", "id-2", "id-2", "id-3"],
            "entra_device_id": pl.Series([None] * 4, dtype=pl.String),
            "serial": ["SN-0001", "SN-0002", "SN-0003", "Default string"],
        }
    )
    named = name_devices(deployments, identities)
    assert named["device"].to_list() == ["SN-0001", "id-2", "id-3", "SN-0009"]
    assert named["serial"].to_list() == ["SN-0001", None, "Default string", "SN-0009"]


def failed_by(*keys):
    """Failures that name the device of Entra alone, one a key."""
    keyed = {name: list(keys) for name in ("device", "entra_device_id")}
    return pl.DataFrame(keyed | {"origin": ["log_analytics"] * len(keys)}).with_columns(
        serial=pl.lit(None, pl.String), intune_device_id=pl.lit(None, pl.String)
    )


@pytest.mark.parametrize(
    ("known", "called"),
    [
        ({"serial": ["SN-1"]}, "SN-1"),
        ({"intune_device_id": ["id-1"]}, "id-1"),
        ({"intune_device_id": [EMPTY_ID]}, "aad-1"),
        ({"serial": ["Default string"]}, "aad-1"),
    ],
)
def test_a_failure_that_names_the_device_of_entra_is_of_the_device_that_others_know(known, called):
    lacking = {"serial": [None], "intune_device_id": [None]}
    told = pl.DataFrame(
        {"entra_device_id": ["aad-1"], **lacking, **known},
        schema_overrides={"serial": pl.String, "intune_device_id": pl.String},
    )
    assert name_devices(failed_by("aad-1", "aad-2"), told)["device"].to_list() == [called, "aad-2"]


def test_an_inventory_describes_a_device_that_is_known_to_entra_alone():
    deployments = pl.DataFrame({"device": ["SN-1"], "entra_device_id": ["aad-1"]})
    identities = pl.DataFrame({"device": ["aad-1"], "entra_device_id": ["aad-1"], "model": ["Slate 13"]})
    assert join_identities(deployments, identities)["model"].to_list() == ["Slate 13"]


def fleet_with(tpm):
    """Forty deployments, of which ten failed, and an inventory that knows each by its Intune id alone."""
    rows = range(40)
    deployments = pl.DataFrame(
        {
            "device": [f"SN-{n:04}" for n in rows],
            "intune_device_id": [f"id-{n}" for n in rows],
            "started_at": [datetime(2026, 3, 2 + n % 20, 8, n, tzinfo=UTC) for n in rows],
            "outcome": ["failed" if n % 4 == 1 else "succeeded" for n in rows],
        }
    )
    identities = pl.DataFrame(
        {
            "device": [f"id-{n}" for n in rows],
            "intune_device_id": [f"id-{n}" for n in rows],
            "firmware": ["1.21.0"] * 40,
            "tpm_version": [tpm(n) for n in rows],
        }
    )
    return explain(join_identities(deployments, identities))


def test_what_an_inventory_knows_of_the_hardware_is_compared():
    found = fleet_with(lambda n: "7.2.0.1" if n % 4 == 1 or n == 2 else "403.1.0.0")
    assert found.contrasts.select("where", "k", "n").rows() == [('{"tpm_version": "7.2.0.1"}', 10, 11)]
    assert found.answers()[0].startswith("TPM version 7.2.0.1: 10 devices hit")


def test_hardware_that_is_mixed_or_the_same_for_all_is_no_group():
    assert fleet_with(lambda n: f"{n % 3}.0").contrasts.is_empty()
    assert fleet_with(lambda n: "403.1.0.0").contrasts.is_empty()
