from datetime import timedelta

import polars as pl

from autopilot_analysis.fleet import measure_signatures


def deployments():
    return pl.DataFrame(
        {
            "device": list("abcde"),
            "deployment": ["d1", "d2", "d3", "d4", "d5"],
            "outcome": ["failed", "failed", "failed", "succeeded", "failed"],
            "failed_stage": ["device_setup", "device_setup", "device_setup", None, None],
            "code": ["0x800705B4", "0x800705B4", "0x800705B4", None, None],
            "failure_text": [None, None, None, None, "app 12 refused a.b@example.com"],
            "total": [timedelta(minutes=m) for m in (60, 61, 4, 30, 1)],
        }
    )


def test_deployments_with_one_code_but_another_stall_are_another_signature():
    found = measure_signatures(deployments())
    assert found.select("signature", "n", "exemplar").rows() == [
        ("device_setup, 0x800705B4, at the limit of 60 minutes", 2, "d1"),
        ("device_setup, 0x800705B4, early", 1, "d3"),
        ("unknown stage, app <n> refused <user>, at once", 1, "d5"),
    ]
    assert found["time"][0] == timedelta(minutes=121)


def test_the_item_that_failed_last_names_the_signature():
    installs = pl.DataFrame(
        {"device": ["c"], "item": ["app-1"], "name": ["Viewer"], "outcome": ["failed"], "ended_at": [None]}
    )
    found = measure_signatures(deployments(), installs)
    assert found.filter(pl.col("exemplar") == "d3")["item"].item() == "Viewer"


def test_an_attempt_that_has_not_ended_has_no_code_and_is_a_signature_of_its_own():
    running = deployments().with_columns(
        outcome=pl.lit("in_progress"), code=pl.lit(None, pl.String), failure_text=pl.lit(None, pl.String)
    )
    found = measure_signatures(pl.concat([deployments(), running.tail(1)]))
    row = found.filter(pl.col("outcome") == "in_progress").row(0, named=True)
    assert (row["signature"], row["code"], row["n"]) == ("unknown stage, in progress, at once", None, 1)
