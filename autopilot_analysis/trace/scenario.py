"""Which Autopilot scenario an attempt ran through, from its own marks and the device's settings."""

from __future__ import annotations

import polars as pl

SIGNS = {
    "prepared": ["preparation_page_finished", "preparation_page_failed", "agent_preparation_mode"],
    "existing": ["configuration_file_used", "configuration_file_failed"],
    "gloved": ["white_glove", "white_glove_succeeded"],
    "userless": ["device_enrollment_began"],
    "hybrid": ["offline_join_awaited", "offline_join_applied", "offline_join_timed_out"],
    "profiled": ["profile_available", "profile_saved", "profile_cached"],
    "refused": ["profile_not_provisioned", "profile_empty"],
    "given_up": ["autopilot_not_used"],
    "online": ["internet_available"],
    "unanswered": ["profile_download_failed", "profile_download_retried", "profile_service_answered"],
    "enrolled": ["enrollment_began", "join_began", "join_prepared"],
    "cached": ["profile_cached"],
    "in_esp": ["device_setup_step_began", "esp_page_left"],
}
"""Marks (facts/stages.csv) that speak for a scenario."""


def find_scenarios(numbered: pl.DataFrame, devices: pl.DataFrame) -> pl.DataFrame:
    """Return device, attempt and scenario; scenario is null where nothing speaks for one.

    Args:
        numbered: What `number_attempts` returned.
        devices: Rows of `devices`, whose scenario settles what an attempt's marks leave open.

    A retry runs through the scenario of the attempt before; later_user is another user's first sign-in on a
    device that was deployed before. Source: Microsoft's descriptions of each scenario; which evidence tells
    them apart stands in facts/scenarios.csv and facts/stages.csv.
    """
    told = numbered.group_by("device", "attempt").agg(
        *(pl.col("mark").is_in(marks).any().alias(sign) for sign, marks in SIGNS.items()),
        opening=pl.col("opening").first(),
    )
    known = devices.select("device", known="scenario")
    sealed = pl.col("gloved").cast(pl.Int8).cum_sum().over("device", order_by="attempt") > pl.col(
        "gloved"
    ).cast(pl.Int8)
    hybrid = pl.col("hybrid") | (pl.col("known") == "hybrid_join").fill_null(value=False)
    any_progress = pl.col("enrolled") | pl.col("userless")
    # giving up says "no profile for this device" only where the service was reached and raised no error
    heard_no = pl.col("refused") | (pl.col("given_up") & pl.col("online") & ~pl.col("unanswered"))
    return (
        told.join(known, on="device", how="left")
        .with_columns(
            scenario=pl.when(pl.col("opening") == "later_user").then(pl.lit("later_user"))
            .when(pl.col("opening") == "retry").then(None)
            .when(pl.col("prepared")).then(pl.lit("device_preparation"))
            .when(pl.col("gloved")).then(pl.lit("pre_provisioning_technician"))
            .when(sealed).then(pl.lit("pre_provisioning_user"))
            .when(pl.col("userless")).then(pl.lit("self_deploying"))
            .when(pl.col("existing")).then(pl.lit("existing_device"))
            .when(pl.col("cached") & pl.col("in_esp") & ~any_progress).then(pl.lit("autopilot_reset"))
            .when(any_progress & hybrid).then(pl.lit("hybrid_join"))
            .when(any_progress & pl.col("known").is_not_null()).then("known")
            .when(any_progress & pl.col("profiled")).then(pl.lit("user_driven"))
            .when(heard_no & ~any_progress).then(pl.lit("not_autopilot"))
            .when(pl.col("known").is_not_null()).then("known")
            .when(any_progress).then(pl.lit("user_driven"))
        )
        .sort("device", "attempt")
        .with_columns(
            scenario=pl.when(pl.col("opening") == "retry")
            .then(pl.col("scenario").forward_fill().over("device"))
            .otherwise("scenario")
        )
        .select("device", "attempt", "scenario")
    )  # fmt: skip


def add_untold(scenarios: pl.DataFrame, runs: pl.DataFrame, devices: pl.DataFrame) -> pl.DataFrame:
    """Return the scenarios and, for attempts that no dated mark tells of, what the device's settings say.

    Args:
        scenarios: What `find_scenarios` returned.
        runs: Stage runs, those that only the registry tells of among them.
        devices: Rows of `devices`.
    """
    untold = runs.select("device", "attempt").unique().join(scenarios, on=["device", "attempt"], how="anti")
    known = untold.join(devices.select("device", "scenario"), on="device", how="left")
    return pl.concat([scenarios, known], how="vertical_relaxed").sort("device", "attempt")
