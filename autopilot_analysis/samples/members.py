"""The members of an export: what mdmdiagnosticstool would find on the device."""

from __future__ import annotations

from datetime import datetime

from autopilot_analysis.samples.device.oobe_pages import write_oobe_pages
from autopilot_analysis.samples.device.registry_state import device_registry, story_profile
from autopilot_analysis.samples.device.story import Story
from autopilot_analysis.samples.formats.channels import CHANNELS, RELEASES, exists
from autopilot_analysis.samples.formats.event_log import write_event_log
from autopilot_analysis.samples.formats.ime_log import write_ime_log
from autopilot_analysis.samples.formats.mdm_report import write_html_report, write_mdm_report
from autopilot_analysis.samples.formats.profile import empty_profile, write_configuration, write_profile
from autopilot_analysis.samples.formats.registry_dump import write_registry_dump
from autopilot_analysis.samples.formats.texts import (
    write_footprint,
    write_framework_data,
    write_hardware_hash,
    write_metadata,
    write_setup_log,
    write_tpm,
)


def cabinet_members(story: Story, at: datetime) -> dict[str, bytes]:
    """Return the content of a diagnostics cabinet under each member's name.

    Args:
        story: A told story.
        at: When the tool ran, UTC.
    """
    local = at.astimezone(story.device.zone)
    logs = [name for name in CHANNELS if CHANNELS[name].in_cabinet and _exists(story, name)]
    members = {CHANNELS[name].cabinet_file: write_event_log(story.records(name)) for name in logs}
    members |= agent_logs(story)
    members |= {"CloudExperienceHostOobe.etl.001": write_oobe_pages(story)} if story.scenario.traced else {}
    members |= _profile_members(story)
    members |= {
        f"DeviceHash_{story.computer}.csv": write_hardware_hash(story),
        "DiagnosticsFrameworkData.json": write_framework_data(story),
        "MDMDiagHTMLReport.html": write_html_report(story),
        "MDMDiagReport.xml": write_mdm_report(story, at),
        "MdmDiagLogMetadata.json": write_metadata(story),
        "MdmDiagReport_RegistryDump.reg": write_registry_dump(device_registry(story)),
        "MdmLogCollectorFootPrint.txt": write_footprint([CHANNELS[name].name for name in logs], local),
        "TpmHliInfo_Output.txt": write_tpm(story, local),
        "setupact.log": write_setup_log(story),
    }
    return dict(sorted(members.items()))


def agent_logs(story: Story) -> dict[str, bytes]:
    """Return the logs of the Intune Management Extension under their names; none when it never ran."""
    return {
        f"{name}.log": write_ime_log(sorted(records, key=lambda record: record.at), story.device.zone, name)
        for name, records in story.logs.items()
    }


def _exists(story: Story, name: str) -> bool:
    """Say whether a channel exists: some came with later releases, and AppX is told only where it is used."""
    if name == "APPX":
        return bool(story.records(name))
    first = story.device.release < RELEASES["10-1903"]
    return name != ("AP" if first else "APO") and exists(name, 0, story.device.release)


def _profile_members(story: Story) -> dict[str, bytes]:
    state = story.state
    if state.profile == "none":
        found = empty_profile(state.profile_at) if state.profile_at else None
        return {"AutopilotDDSZTDFile.json": write_profile(found)} if found else {}
    members = {"AutopilotDDSZTDFile.json": write_profile(story_profile(story))}
    if state.profile == "file":
        members = {"AutopilotConfigurationFile.json": write_configuration(story_profile(story))}
    return members
