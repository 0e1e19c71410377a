"""The small texts beside the logs: TPM, metadata, framework data, hash, results."""

import json

import pytest
from defusedxml.ElementTree import fromstring

from autopilot_analysis.samples.formats.texts import (
    write_footprint,
    write_framework_data,
    write_hardware_hash,
    write_metadata,
    write_results,
    write_tpm,
)


@pytest.mark.parametrize(("name", "fit"), [("user_driven_success", True), ("tpm_attestation_failure", False)])
def test_a_tpm_is_ready_for_attestation_unless_the_story_failed_on_it(told, name, fit):
    story = told(name)
    assert write_tpm(story, story.now).decode().splitlines()[-2] == f"Ready: {fit}"


def test_the_metadata_carry_build_and_revision_and_the_framework_data_the_device(told):
    story = told("user_driven_success")
    build, revision = story.device.build.split(".")
    metadata = json.loads(write_metadata(story))
    assert (metadata["CurrentBuild"], metadata["UBR"]) == (build, int(revision))
    assert story.device.serial in write_framework_data(story).decode()


def test_the_hash_is_of_the_serial_alone(told):
    story = told("user_driven_success")
    header, row = write_hardware_hash(story).decode().splitlines()
    assert header == "Device Serial Number,Windows Product ID,Hardware Hash"
    assert row.split(",")[0] == story.device.serial
    assert write_hardware_hash(story) == write_hardware_hash(told("not_autopilot"))


def test_the_footprint_counts_the_logs_that_were_collected(told):
    text = write_footprint(["System", "Application"], told("user_driven_success").now).decode()
    assert "--- 2 EventViewer entries are collected" in text
    assert "Collected EventViewer Entry: system" in text


@pytest.mark.parametrize("flattened", [True, False])
def test_each_directive_has_its_result_and_the_newer_layout_says_so(flattened):
    root = fromstring(write_results([("RegistryKey", -2147024893, "HKLM\\a&b")], "id", flattened=flattened))
    assert (root.find("RegistryKey").get("HRESULT"), root.findtext("RegistryKey")) == (
        "-2147024893",
        "HKLM\\a&b",
    )
    assert (root.findtext("OutputFileFormat") == "flattened") is flattened
