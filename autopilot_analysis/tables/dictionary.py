"""What every column of every table means, as a frame and as docs/tables.md.

`python -m autopilot_analysis.tables.dictionary > docs/tables.md` writes the page anew.
"""

from __future__ import annotations

import sys

import polars as pl

from autopilot_analysis.clock.provenance import CLOCKS
from autopilot_analysis.defaults import Option
from autopilot_analysis.errors import UnknownName
from autopilot_analysis.tables import SCHEMAS, schema_of
from autopilot_analysis.tables.capture import KNOWN_BY
from autopilot_analysis.tables.personal import kind_of
from autopilot_analysis.tables.story import KINDS, ON_THE_PAGE, SELF_DEPLOYING, STEPS
from autopilot_analysis.tables.verdict import SEVERITIES
from autopilot_analysis.wording import clause, words

WITHOUT_A_USER = words(SELF_DEPLOYING)

_first, *_others = KNOWN_BY.values()
OF_EVERY_TABLE = {
    "device": f"Key of the device: {_first}, else {', '.join(_others)}",
    "member": "Path of the file inside the export; leads to its SHA-256 in `members`",
    "record": "Where in the member: text line, event record id, or position",
    "at": "Best instant in UTC; null when it cannot be known",
    "clock": "How the instant is known: " + ", ".join(f"{way} ({means})" for way, means in CLOCKS.items()),
    "code": "Result code in one spelling, like 0x80180014",
    "attempt": "Number of the attempt on its device, from 1; null when it belongs to none",
    "stage": "Stage of Autopilot, in the order of the flow",
    "failed_stage": "Stage that failed, null when none did or nobody can say",
    "started_at": "When it began, UTC; null when that was not seen",
    "ended_at": "When it ended, UTC; null when that was not seen or it had not ended",
    "waited": "From start to end; null unless both were seen",
    "outcome": "What it came to",
    "scenario": "user_driven, self_deploying, pre_provisioning, …: as the evidence tells",
    "serial": "Serial number, as firmware or service says it",
    "name": "Name, as the source writes it",
    "user": "User principal name or user id, as the export writes it",
    "manufacturer": "Maker of the device",
    "model": "Model of the device, as its maker spells it",
    "build": "Build and revision, like 22631.4037",
    "firmware": "Version of BIOS or UEFI, as an inventory has it",
    "tpm_version": "Version of the TPM as its maker counts, as an inventory has it",
    "group_tag": "Group tag of the Autopilot registration",
    "device_category": "Device category of Intune, such as a site or a department",
    "profile": "Autopilot or device preparation profile",
    "esp_profile": "Profile of the Enrollment Status Page",
    "enrollment_type": "How it was enrolled, in the service's own word",
    "failure_text": "What the service says of the failure",
    "intune_device_id": "Id of the managed device in Intune",
    "entra_device_id": "Id of the device in Entra ID",
    "tenant_id": "Id of the tenant",
    "tenant_domain": "Domain of the tenant",
    "detail": "What else the record says, in its own words",
    "item": "Id of the app, script, policy or certificate",
    "kind": "Kind of the item",
    "version": "Version, as the source writes it",
    "report": "Which export said so, a name of facts/report_columns.csv",
    "category": "Category, in the service's own word",
    "remedy": "What to do about it",
    "rule": "Id of the rule, in facts/rules.csv",
    "origin": "Kind of export that tells of the attempt",
    "total": "Length of the whole attempt, as the export says it",
    "computer": "Name of the device",
    **dict.fromkeys(ON_THE_PAGE, "Length of the phase; null when not measured"),
    **dict.fromkeys(("thread", "thread_id"), "Thread that wrote it"),
    "os": "Operating system, in the service's own word",
    "value": "Value, as the source writes it",
    "source": "Which known thing a member is, a name of facts/sources.csv",
}
"""Meanings of columns that are the same in every table; a schema's own description goes before."""

OF_TABLE = {
    "coverage": {
        "presence": "present, partial (cut, rolled over, damaged), absent (this export should hold it), "
        "not_applicable",
        "members": "How many members of that source were read",
        "records": "How many rows they gave",
        "first_at": "First instant in it, UTC",
        "last_at": "Last instant in it, UTC",
        "note": "Why it is partial or absent",
    },
    "devices": {
        "edition": "Edition of Windows",
        "tpm_version": "Version of the TPM's specification",
        "profile_name": "Autopilot profile that the device holds",
        "collected_at": "When the export was made, UTC",
    },
    "events": {
        "channel": "Channel, in the case of its first record",
        "provider": "Provider; events are told apart by channel, provider and id together",
        "event_id": "Event id of the provider",
        "version": "Version of the event's layout",
        "computer": "Computer name at that moment; it may change midway",
        "user_sid": "Security id of the user it was written for",
        "process_id": "Process that wrote it",
        "activity_id": "Id that ties events of one activity together",
    },
    "log_lines": {
        "severity": "info, warning or error, as the log says",
        "component": "Component that wrote it",
        "message": "The whole message, line ends included",
    },
    "settings": {
        "area": "Policy area or CSP",
        "name": "Policy or node",
        "status": "Status word of the report",
    },
    "properties": {"name": "Name of the fact"},
    "steps": {"kind": ", ".join(STEPS)},
    "stage_runs": {
        "started_member": "Member that proves the start",
        "started_record": "Record in it",
        "ended_member": "Member that proves the end",
        "ended_record": "Record in it",
    },
    "installs": {
        "kind": ", ".join(KINDS),
        "phase": "Phase of the status page that waits for it: device or account",
        "downloaded_bytes": "Bytes downloaded in this try",
        "download_started_at": "When the download began, UTC",
        "download_ended_at": "When the download ended, UTC",
        "exit_code": "What the installer or script returned",
        "required_at": "When the agent first named it as required, UTC",
    },
    "findings": {
        "severity": ", ".join(SEVERITIES),
        "confidence": "How often such a finding is right, 0 to 1",
        "title": "What went wrong, one line",
        "meaning": "What that means",
        "page": "Where the fact stands",
    },
    "identities": {
        "profile_state": "Assignment of the profile, in the service's own word",
        "profile_state_detail": "Why the profile could not be assigned, in the service's own word",
        "enrollment_state": "State of enrolment, in the service's own word",
        "enrolled_at": "When it enrolled, as the service says, UTC",
        "assigned_at": "When the profile was assigned, UTC",
        "contacted_at": "When the service last heard of it, UTC",
        "remediation_state": "Hardware change state, in the service's own word",
        "userless_state": f"Whether {WITHOUT_A_USER} enrolment is blocked, in the service's own word",
        "compliance_state": "What compliance policies found, in the service's own word",
        "management_state": "What management does with it, in the service's own word",
        "encrypted": "Whether its drive is encrypted, as an inventory has it",
        "retire_at": "From when on it is due to be retired, UTC",
    },
    "item_statuses": {"state": "State, in the service's own word"},
    "item_counts": {
        "publisher": "Publisher of the app",
        "installed": "Devices on which it is installed, or a policy met",
        "failed": "Devices on which it failed",
        "conflict": "Devices on which it is in conflict with another policy",
        "pending": "Devices on which it is pending",
        "not_installed": "Devices on which it is not installed",
        "not_applicable": "Devices it does not apply to",
    },
    "audit_changes": {
        "operation": "What was done, in the service's own word",
        "identity": "Who did it",
        "result": "Whether it succeeded",
    },
    "sign_ins": {
        "app_id": "Id of the app that asked",
        "state": "Success, failure or interrupted, in the service's own word",
        "conditional_access": "What Conditional Access came to, in the service's own word",
    },
}
"""Meanings of columns of one table, where its schema does not say."""

WORDS = {"String": "text", "Enum": "text", "Int64": "integer", "Float64": "number", "Boolean": "yes or no"}

HEAD = f"""# Tables

Every verb hands these frames on, and `autopilot-analysis tables EXPORT {Option.OUT} DIR` writes each as a
file. Instants are UTC and end in `_at` (or are `at`); spans are durations; what is not known is null.
Personal columns are what `share` and `privacy=True` replace. In Python, `describe_table("installs")` returns
the same.
"""


def describe_table(table: str) -> pl.DataFrame:
    """Return what each column of a table means.

    Args:
        table: A name such as events, installs or deployments.

    Returns:
        column, type, nullable, personal (it names a person, device or organisation) and meaning, one row a
        column, in the table's order.

    Raises:
        UnknownName: No table is called that.
    """
    if table not in SCHEMAS:
        raise UnknownName.among("table", table, SCHEMAS)
    own, types = OF_TABLE.get(table, {}), schema_of(table)
    rows = [
        {
            "column": name,
            "type": _type(types[name]),
            "nullable": column.nullable,
            "personal": kind_of(column) is not None,
            "meaning": column.description or own.get(name) or OF_EVERY_TABLE.get(name),
        }
        for name, column in SCHEMAS[table].columns().items()
    ]
    return pl.DataFrame(rows)


def dictionary() -> str:
    """Return the page of all tables, as Markdown."""
    parts = [HEAD]
    for table, schema in SCHEMAS.items():
        sentence = " ".join((schema.__doc__ or "").split())
        parts.append(f"## {table}\n\nOne row is: {clause(sentence)}\n")
        lines = ["| column | type | meaning |", "|---|---|---|"]
        for row in describe_table(table).iter_rows(named=True):
            marks = ("" if row["nullable"] else ", never null") + (", personal" if row["personal"] else "")
            lines.append(f"| `{row['column']}` | {row['type']}{marks} | {row['meaning']} |")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _type(kind: pl.DataType) -> str:
    """Return a type in an analyst's words."""
    if isinstance(kind, pl.Datetime):
        return "instant" if kind.time_zone else "local time"
    return WORDS.get(str(kind.base_type()), str(kind.base_type()).lower())


if __name__ == "__main__":
    sys.stdout.write(dictionary())
