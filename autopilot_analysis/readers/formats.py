"""Which reader reads which format; the names are those of the column `reader` in facts/sources.csv."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from autopilot_analysis.readers.event_log.event_log import read_event_log
from autopilot_analysis.readers.event_log.lists.event_beside import with_events
from autopilot_analysis.readers.installer_logs.burn_log import read_burn_log
from autopilot_analysis.readers.installer_logs.msi_log import read_msi_log
from autopilot_analysis.readers.installer_logs.own_log import read_own_log
from autopilot_analysis.readers.installer_logs.toolkit_log import read_toolkit_log
from autopilot_analysis.readers.mdm_report.mdm_report_html import read_mdm_report_html
from autopilot_analysis.readers.mdm_report.mdm_report_xml import read_mdm_report_xml
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.registry.registry_dump import read_registry_dump
from autopilot_analysis.readers.registry.registry_export import read_registry_export
from autopilot_analysis.readers.registry.registry_notes import read_registry_notes
from autopilot_analysis.readers.service.graph_pages import read_graph_json
from autopilot_analysis.readers.service.report_csv import read_report_csv
from autopilot_analysis.readers.text_logs.cmtrace import read_agent_log
from autopilot_analysis.readers.text_logs.dosvc_log import read_dosvc_log
from autopilot_analysis.readers.text_logs.netsetup_log import read_netsetup_log
from autopilot_analysis.readers.text_logs.setup_log import read_setup_log
from autopilot_analysis.readers.text_logs.transcript import read_transcript
from autopilot_analysis.readers.text_logs.update_log import read_update_log
from autopilot_analysis.readers.texts.answer_file import read_answer_file
from autopilot_analysis.readers.texts.collection import (
    read_collect_results,
    read_collection_footprint,
    read_collection_metadata,
)
from autopilot_analysis.readers.texts.device_hash import read_device_hash
from autopilot_analysis.readers.texts.diagnostics_framework import read_diagnostics_framework
from autopilot_analysis.readers.texts.dsregcmd import read_dsregcmd
from autopilot_analysis.readers.texts.msinfo import read_msinfo
from autopilot_analysis.readers.texts.network_text import read_ipconfig, read_netsh_wlan, read_winhttp_proxy
from autopilot_analysis.readers.texts.profile_json import read_configuration_file_json, read_profile_json
from autopilot_analysis.readers.texts.tpm import read_aik_text, read_tpm_text, read_uefi_text
from autopilot_analysis.readers.trace_log.trace_log import read_trace_log


@dataclass(frozen=True)
class Reader:
    """A reader, and the tables its rows go to."""

    read: Callable[[bytes, str], Reading]
    tables: tuple[str, ...]


FLEET = (
    "deployments",
    "identities",
    "enrollment_failures",
    "item_statuses",
    "item_counts",
    "audit_changes",
    "properties",
)
"""What exports of Graph, Intune and Log Analytics fill."""

TEXT_LOGS = {
    "cmtrace": read_agent_log,
    "setup_log": read_setup_log,
    "netsetup_log": read_netsetup_log,
    "update_log": read_update_log,
    "msi_log": read_msi_log,
    "burn_log": read_burn_log,
    "toolkit_log": read_toolkit_log,
    "own_log": read_own_log,
}

SMALL_FILES = {
    "profile_json": read_profile_json,
    "configuration_file_json": read_configuration_file_json,
    "collection_metadata": read_collection_metadata,
    "collection_footprint": read_collection_footprint,
    "collect_results": read_collect_results,
    "tpm_text": read_tpm_text,
    "aik_text": read_aik_text,
    "uefi_text": read_uefi_text,
    "winhttp_proxy": read_winhttp_proxy,
    "ipconfig": read_ipconfig,
    "netsh_wlan": read_netsh_wlan,
    "device_hash": read_device_hash,
    "diagnostics_framework": read_diagnostics_framework,
    "msinfo": read_msinfo,
    "answer_file": read_answer_file,
}
"""What is read into named facts."""

READERS = {
    "event_log": Reader(read_event_log, ("events",)),
    "trace_log": Reader(read_trace_log, ("events", "properties")),
    "registry_dump": Reader(read_registry_dump, ("registry_values",)),
    "registry_export": Reader(read_registry_export, ("registry_values",)),
    "registry_notes": Reader(read_registry_notes, ("registry_values",)),
    "mdm_report_xml": Reader(read_mdm_report_xml, ("settings", "properties")),
    "mdm_report_html": Reader(read_mdm_report_html, ("settings", "properties")),
    "graph_json": Reader(read_graph_json, FLEET),
    "report_csv": Reader(read_report_csv, FLEET),
    **{name: Reader(read, ("log_lines",)) for name, read in TEXT_LOGS.items()},
    "dosvc_log": Reader(read_dosvc_log, ("log_lines", "properties")),
    "transcript": Reader(read_transcript, ("log_lines", "properties")),
    "dsregcmd": Reader(with_events(read_dsregcmd), ("properties", "events")),
    **{name: Reader(read, ("properties",)) for name, read in SMALL_FILES.items()},
}
"""Every reader by its name."""
