"""Which Autopilot scenario an attempt ran through, from its own marks and the device's settings."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts.marks import (
    CONFIGURATION_FILE_USED,
    DEVICE_ENROLLMENT_BEGAN,
    ESP_PAGE_LEFT,
    INTERNET_AVAILABLE,
    OFFLINE_JOIN_APPLIED,
    OFFLINE_JOIN_AWAITED,
    OFFLINE_JOIN_TIMED_OUT,
    PREPARATION_PAGE_FAILED,
    PROFILE_AVAILABLE,
    PROFILE_DOWNLOAD_FAILED,
    PROFILE_DOWNLOAD_RETRIED,
    PROFILE_EMPTY,
    PROFILE_NOT_PROVISIONED,
    PROFILE_SAVED,
    PROFILE_SERVICE_ANSWERED,
)
from autopilot_analysis.tables.story import PRE_PROVISIONING_TECHNICIAN, SELF_DEPLOYING

SIGNS = {
    "prepared": ["preparation_page_finished", PREPARATION_PAGE_FAILED, "agent_preparation_mode"],
    "existing": [CONFIGURATION_FILE_USED, "configuration_file_failed"],
    "gloved": ["white_glove", "white_glove_succeeded"],
    "userless": [DEVICE_ENROLLMENT_BEGAN],
    "hybrid": [OFFLINE_JOIN_AWAITED, OFFLINE_JOIN_APPLIED, OFFLINE_JOIN_TIMED_OUT],
    "profiled": [PROFILE_AVAILABLE, PROFILE_SAVED, "profile_cached"],
    "refused": [PROFILE_EMPTY],
    "blank": [PROFILE_NOT_PROVISIONED],
    "lost": [PROFILE_DOWNLOAD_FAILED],
    "given_up": ["autopilot_not_used"],
    "online": [INTERNET_AVAILABLE],
    "unanswered": [PROFILE_DOWNLOAD_FAILED, PROFILE_DOWNLOAD_RETRIED, PROFILE_SERVICE_ANSWERED],
    "enrolled": ["enrollment_began"],
    "joined": ["join_began", "join_prepared"],
    "cached": ["profile_cached"],
    "in_esp": ["device_setup_step_began", ESP_PAGE_LEFT],
    "automatic": ["enrolled_automatically"],
}
"""Marks (facts/stages.csv) that speak for a scenario."""
MDM_POLICY = r"policies\\microsoft\\windows\\currentversion\\mdm$"
"""Where group policy keeps what it wants of enrolment."""
CHOICES = [
    ("later", "later_user"),
    ("prepared", "device_preparation"),
    ("gloved", PRE_PROVISIONING_TECHNICIAN),
    ("sealed", "pre_provisioning_user"),
    ("userless", SELF_DEPLOYING),
    ("existing", "existing_device"),
    ("reset", "autopilot_reset"),
    ("by_policy", "not_autopilot"),
    ("joined_hybrid", "hybrid_join"),
    ("enrolled_as_known", "known"),
    ("by_profile", "user_driven"),
    ("turned_away", "not_autopilot"),
    ("settled", "known"),
    ("by_user", "user_driven"),
]
"""Condition -> scenario, the first that holds; "known" is what the device's settings say."""


def find_scenarios(
    numbered: pl.DataFrame, devices: pl.DataFrame, values: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return device, attempt and scenario; scenario is null where nothing speaks for one.

    Args:
        numbered: What `number_attempts` returned.
        devices: Rows of `devices`, whose scenario settles what an attempt's marks leave open.
        values: The table `registry_values`, which tells whether group policy enrols the device.

    A retry runs through the scenario of the attempt before; later_user is another user's first sign-in on a
    device that was deployed before. Source: Microsoft's descriptions of each scenario; which evidence tells
    them apart stands in facts/scenarios.csv and facts/stages.csv.
    """
    signs = (pl.col("mark").is_in(marks).any().alias(sign) for sign, marks in SIGNS.items())
    numbers = numbered.group_by("device", "attempt").agg(*signs, opening=pl.col("opening").first())
    policed = [] if values is None else _enrolled_by_policy(values)
    known = devices.select("device", known="scenario", policed=pl.col("device").is_in(policed))
    own = numbers.join(known, on="device", how="left").sort("device", "attempt").with_columns(**_conditions())
    choice = pl.coalesce(
        pl.when(condition).then(scenario if scenario == "known" else pl.lit(scenario))
        for condition, scenario in CHOICES
    )
    retried = pl.col("opening").eq_missing(pl.lit("retry"))
    named = own.with_columns(scenario=pl.when(~retried).then(choice))
    before = pl.col("scenario").forward_fill().over("device")
    scenario = pl.when(retried).then(before).otherwise("scenario")
    return named.select("device", "attempt", scenario=scenario)


def _enrolled_by_policy(values: pl.DataFrame) -> list[str]:
    """Return the devices whose group policy has them enrol by themselves: of such no profile is asked for."""
    asked = values.filter(
        pl.col("name").str.to_lowercase() == "autoenrollmdm",
        pl.col("key").str.to_lowercase().str.contains(MDM_POLICY),
    )
    return asked.filter(pl.col("value") == "1")["device"].unique().to_list()


def _conditions() -> dict[str, pl.Expr]:
    """Return what follows from the signs of an attempt, of those before it and of the device, by name."""
    progress = pl.col("enrolled") | pl.col("joined") | pl.col("userless")
    return {"progress": progress, **_of_its_way_in(~progress), **_of_its_progress(progress)}


def _of_its_way_in(unmoved: pl.Expr) -> dict[str, pl.Expr]:
    """Return what opened an attempt; `unmoved` is where nothing was joined or enrolled since."""
    gloved = pl.col("gloved").cast(pl.Int8)
    # giving up says "no profile for this device" only where the service was reached and raised no error
    heard_no = pl.col("refused") | (pl.col("given_up") & pl.col("online") & ~pl.col("unanswered"))
    # where the download failed, a state that stays blank is no answer: the service was never heard
    heard_no |= pl.col("blank") & ~pl.col("lost")
    return {
        "later": pl.col("opening").eq_missing(pl.lit("later_user")),
        "sealed": gloved.cum_sum().over("device", order_by="attempt") > gloved,
        "reset": pl.col("cached") & pl.col("in_esp") & unmoved,
        "by_policy": pl.col("automatic") & pl.col("policed") & ~pl.col("profiled") & ~pl.col("in_esp"),
        "turned_away": heard_no & unmoved,
    }


def _of_its_progress(progress: pl.Expr) -> dict[str, pl.Expr]:
    """Return what being joined or enrolled says together with the device's own settings."""
    hybrid = pl.col("hybrid") | (pl.col("known") == "hybrid_join").fill_null(value=False)
    return {
        "joined_hybrid": progress & hybrid,
        "enrolled_as_known": progress & pl.col("known").is_not_null(),
        "by_profile": progress & pl.col("profiled"),
        "by_user": pl.col("joined") | (pl.col("enrolled") & pl.col("in_esp")),
        "settled": pl.col("known").is_not_null(),
    }


def add_undated(scenarios: pl.DataFrame, runs: pl.DataFrame, devices: pl.DataFrame) -> pl.DataFrame:
    """Return the scenarios and, for attempts that no dated mark tells of, what the device's settings say.

    Args:
        scenarios: What `find_scenarios` returned.
        runs: Stage runs, those that only the registry tells of among them.
        devices: Rows of `devices`.
    """
    without = runs.select("device", "attempt").unique().join(scenarios, on=["device", "attempt"], how="anti")
    if without.is_empty():
        return scenarios.sort("device", "attempt")
    known = without.join(devices.select("device", "scenario"), on="device", how="left")
    return pl.concat([scenarios, known], how="vertical_relaxed").sort("device", "attempt")
