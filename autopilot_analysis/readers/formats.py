"""Which reader reads which format; the names are those of the column `reader` in facts/sources.csv."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from autopilot_analysis.facts.source_names import (
    COLLECT_RESULTS,
    COMMAND_OUTPUTS,
    CONFIGURATION_FILE_JSON,
    GRAPH_JSON,
    LISTED_OBJECTS,
    MANAGE_BDE,
    MDM_REPORT_HTML,
    MDM_REPORT_XML,
    OWN_LOG,
    PAGE_STATUS,
    REGISTRY_DUMP,
    SYSTEMINFO,
    TPM_TEXT,
    WINHTTP_PROXY,
)
from autopilot_analysis.readers.beside import Beside, Read, unless_alone, with_beside
from autopilot_analysis.readers.diagnostics_screen import find_screen, read_diagnostics_screen
from autopilot_analysis.readers.event_log.event_log import read_event_log
from autopilot_analysis.readers.event_log.lists.event_text import find_events
from autopilot_analysis.readers.installer_logs.burn_log import read_burn_log
from autopilot_analysis.readers.installer_logs.msi_log import read_msi_log
from autopilot_analysis.readers.installer_logs.own_log import find_own_lines, read_own_log
from autopilot_analysis.readers.installer_logs.toolkit_log import read_toolkit_log
from autopilot_analysis.readers.installer_logs.winget_log import read_winget_log
from autopilot_analysis.readers.mdm_report.mdm_report_html import read_mdm_report_html
from autopilot_analysis.readers.mdm_report.mdm_report_xml import read_mdm_report_xml
from autopilot_analysis.readers.pasted.agent_lines import with_agent_lines
from autopilot_analysis.readers.pasted.pasted_outputs import apart_from_outputs, outputs_beside
from autopilot_analysis.readers.pasted.services import find_services
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.registry.registry_dump import read_registry_dump
from autopilot_analysis.readers.registry.registry_export import read_registry_export
from autopilot_analysis.readers.registry.registry_notes import read_registry_notes
from autopilot_analysis.readers.service.graph_pages import read_graph_json
from autopilot_analysis.readers.service.import_screen import read_import_screen
from autopilot_analysis.readers.service.report_csv import read_report_csv
from autopilot_analysis.readers.service.script_states import read_script_states
from autopilot_analysis.readers.text_logs.client_setup_log import read_client_setup_log
from autopilot_analysis.readers.text_logs.cmtrace import read_agent_log
from autopilot_analysis.readers.text_logs.dosvc_log import read_dosvc_log
from autopilot_analysis.readers.text_logs.netsetup_log import read_netsetup_log
from autopilot_analysis.readers.text_logs.setup_log import read_setup_log
from autopilot_analysis.readers.text_logs.transcript import read_transcript
from autopilot_analysis.readers.text_logs.update_log import read_update_log
from autopilot_analysis.readers.texts.answer_file import read_answer_file
from autopilot_analysis.readers.texts.certificates import read_certificates
from autopilot_analysis.readers.texts.collection import (
    read_collect_results,
    read_collection_footprint,
    read_collection_metadata,
)
from autopilot_analysis.readers.texts.command_outputs import find_commands, read_command_outputs
from autopilot_analysis.readers.texts.diagnostics_framework import read_diagnostics_framework
from autopilot_analysis.readers.texts.dsregcmd import read_dsregcmd
from autopilot_analysis.readers.texts.hardware.device_hash import read_device_hash
from autopilot_analysis.readers.texts.hardware.msinfo import read_msinfo
from autopilot_analysis.readers.texts.hardware.systeminfo import read_systeminfo
from autopilot_analysis.readers.texts.hardware.tpm import (
    is_of_collector,
    read_aik_text,
    read_tpm_text,
    read_uefi_text,
)
from autopilot_analysis.readers.texts.listed_objects import find_objects, read_listed_objects
from autopilot_analysis.readers.texts.manage_bde import read_manage_bde
from autopilot_analysis.readers.texts.network.network_text import (
    read_firewall,
    read_ipconfig,
    read_netsh_wlan,
    read_winhttp_proxy,
)
from autopilot_analysis.readers.texts.profile_json import read_configuration_file_json, read_profile_json
from autopilot_analysis.readers.texts.reported.asked_about import find_questions
from autopilot_analysis.readers.texts.reported.page_status import find_page_status, read_page_status
from autopilot_analysis.readers.texts.reported.quotes import find_quotes, read_quotes
from autopilot_analysis.readers.texts.reported.reported_codes import find_reported_codes
from autopilot_analysis.readers.texts.reported.shares import find_shares
from autopilot_analysis.readers.trace_log.trace_log import read_trace_log


class Reader(msgspec.Struct, frozen=True):
    """A reader, the tables its rows go to, and what is known of its files.

    Attributes:
        read: Reads the bytes of a member; its path is for messages.
        tables: The tables that its rows go to.
        form: "text", in which a hole of zeros shows, or "lines", a text of which each line has its end, the
            last one too; empty for what says itself where it is damaged.
        tells_who: Whether it is run whatever is asked for, since it tells whose device it is.
    """

    read: Callable[[bytes, str], Reading]
    tables: tuple[str, ...]
    form: Literal["", "text", "lines"] = ""
    tells_who: bool = False


OF_FLEETS = (
    "deployments",
    "identities",
    "enrollment_failures",
    "item_statuses",
    "item_counts",
    "audit_changes",
    "sign_ins",
)
"""Tables that only exports of the service fill; their rows name their own devices, which have no capture."""
FLEET = (*OF_FLEETS, "properties")
"""What exports of Graph, Intune and Log Analytics fill."""

FORMS = {
    "event_log": Beside(find_events),
    "diagnostics_screen": Beside(find_screen, alone=False),
    "quotes": Beside(find_quotes, alone=False),
    COMMAND_OUTPUTS: Beside(find_commands),
    LISTED_OBJECTS: Beside(find_objects),
    "services": Beside(find_services),
    "asked_about": Beside(find_questions),
    PAGE_STATUS: Beside(find_page_status),
    "reported_codes": Beside(find_reported_codes),
    "shares": Beside(find_shares, alone=False),
}
"""Forms that stand beside others in one text, under the reader that finds them by itself."""
OF_FORMS = ("properties", "events", "registry_values", "log_lines")
"""The tables that those forms fill, the outputs of commands beside them, and lines of the agent."""


def _pasted(own: str, read: Read, *without: str) -> Read:
    """Return a reader of what people paste, with every other form that stands in the same text.

    Lines of the agent are read apart from all of them.

    Args:
        own: Its name.
        read: Reads what the text is.
        without: Forms that it must not find, since its own lines look like them.
    """
    beside = [form for name, form in FORMS.items() if name not in (own, *without)]
    return with_agent_lines(with_beside(read, *beside, outputs_beside(own)))


def _lines(own: str, read: Read) -> Read:
    """Return such a reader of lines of name and value, which would take those of others for its own."""
    return _pasted(own, apart_from_outputs(read, own))


EVENTS_AND_REGISTRY = {
    "event_log": Reader(_pasted("event_log", read_event_log), OF_FORMS),
    "trace_log": Reader(read_trace_log, ("events", "properties")),
    REGISTRY_DUMP: Reader(read_registry_dump, ("registry_values",), form="lines", tells_who=True),
    "registry_export": Reader(read_registry_export, ("registry_values",), form="lines", tells_who=True),
    "registry_notes": Reader(read_registry_notes, ("registry_values",), tells_who=True),
    MDM_REPORT_XML: Reader(read_mdm_report_xml, ("settings", "properties"), form="text", tells_who=True),
    MDM_REPORT_HTML: Reader(read_mdm_report_html, ("settings", "properties"), form="text"),
}
"""What Windows records by itself, and the management report made of it."""

SERVICE = {
    GRAPH_JSON: Reader(read_graph_json, FLEET),
    "report_csv": Reader(read_report_csv, FLEET, form="lines"),
    "script_states": Reader(read_script_states, ("properties",), form="text"),
    "import_screen": Reader(
        with_agent_lines(read_import_screen), ("identities", "properties", "log_lines"), form="text"
    ),
}
"""What Graph, Intune and Log Analytics export or show."""

LOGS = {
    "cmtrace": Reader(read_agent_log, ("log_lines",), form="text"),
    "setup_log": Reader(read_setup_log, ("log_lines",), form="lines"),
    "netsetup_log": Reader(read_netsetup_log, ("log_lines",)),
    "client_setup_log": Reader(read_client_setup_log, ("log_lines",), form="text"),
    "update_log": Reader(read_update_log, ("log_lines",)),
    "msi_log": Reader(read_msi_log, ("log_lines",)),
    "burn_log": Reader(read_burn_log, ("log_lines",)),
    "toolkit_log": Reader(read_toolkit_log, ("log_lines",)),
    "winget_log": Reader(read_winget_log, ("log_lines",)),
    OWN_LOG: Reader(read_own_log, ("log_lines",)),
    "dosvc_log": Reader(read_dosvc_log, ("log_lines", "properties")),
    "transcript": Reader(read_transcript, ("log_lines", "properties")),
}
"""Logs of text, a line or a record each."""

NETWORK = {
    WINHTTP_PROXY: Reader(_lines(WINHTTP_PROXY, read_winhttp_proxy), OF_FORMS, form="lines"),
    "ipconfig": Reader(_lines("ipconfig", read_ipconfig), OF_FORMS, form="lines"),
    "firewall": Reader(_lines("firewall", read_firewall), OF_FORMS, form="text"),
    "netsh_wlan": Reader(_lines("netsh_wlan", read_netsh_wlan), OF_FORMS, form="lines"),
}
"""What commands say of the network."""

PASTED = {
    LISTED_OBJECTS: Reader(
        _lines(LISTED_OBJECTS, read_listed_objects),
        OF_FORMS,
        form="text",
        tells_who=True,
    ),
    "dsregcmd": Reader(_lines("dsregcmd", read_dsregcmd), OF_FORMS, form="lines", tells_who=True),
    "diagnostics_screen": Reader(
        _pasted("diagnostics_screen", read_diagnostics_screen, "event_log"), OF_FORMS, tells_who=True
    ),
    PAGE_STATUS: Reader(_pasted(PAGE_STATUS, read_page_status), OF_FORMS),
    "quotes": Reader(
        with_beside(_pasted("quotes", read_quotes), Beside(find_own_lines, alone=False)),
        OF_FORMS,
    ),
    COMMAND_OUTPUTS: Reader(_pasted(COMMAND_OUTPUTS, read_command_outputs), OF_FORMS, tells_who=True),
}
"""What people paste and quote, several forms in one text at times."""

DEVICE = {
    TPM_TEXT: Reader(
        unless_alone(is_of_collector, read_tpm_text, _lines(TPM_TEXT, read_tpm_text)),
        OF_FORMS,
        form="lines",
        tells_who=True,
    ),
    "aik_text": Reader(read_aik_text, ("properties",), form="lines"),
    "uefi_text": Reader(read_uefi_text, ("properties",), form="lines"),
    MANAGE_BDE: Reader(_lines(MANAGE_BDE, read_manage_bde), OF_FORMS, form="text"),
    "certificates": Reader(_lines("certificates", read_certificates), OF_FORMS, form="text"),
    SYSTEMINFO: Reader(_pasted(SYSTEMINFO, read_systeminfo), OF_FORMS, form="lines", tells_who=True),
    "msinfo": Reader(read_msinfo, ("properties",), form="lines", tells_who=True),
}
"""What commands say of the device."""

FILES = {
    "profile_json": Reader(read_profile_json, ("properties",), form="text", tells_who=True),
    CONFIGURATION_FILE_JSON: Reader(read_configuration_file_json, ("properties",), form="text"),
    "collection_metadata": Reader(read_collection_metadata, ("properties",), form="text", tells_who=True),
    "collection_footprint": Reader(read_collection_footprint, ("properties",), form="lines"),
    COLLECT_RESULTS: Reader(read_collect_results, ("properties",), form="text"),
    "device_hash": Reader(read_device_hash, ("properties",), form="text", tells_who=True),
    "diagnostics_framework": Reader(read_diagnostics_framework, ("properties",), form="text", tells_who=True),
    "answer_file": Reader(read_answer_file, ("properties",), form="text"),
}
"""Small files of the device: profiles, collections, hardware hashes, answers to Setup."""

OF_PASTES = frozenset(("event_log", "registry_notes", *SERVICE, *NETWORK, *PASTED, *DEVICE, *FILES))
"""Readers of what people paste: its marks are taken off first. A log and a registry file hold such signs."""
READERS = EVENTS_AND_REGISTRY | SERVICE | LOGS | NETWORK | PASTED | DEVICE | FILES
"""Every reader by its name."""
