"""For every rule that is a sign: a world that shows it, and one with a term less."""

import re
from datetime import UTC, datetime, timedelta

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings import RULES
from autopilot_analysis.findings.rules.switched_off import whole_sign
from autopilot_analysis.findings.signs.signs import answerable, below_of, terms_of
from autopilot_analysis.findings.words import AREA_STAGES

START = datetime(2026, 3, 2, 8, tzinfo=UTC)

FAMILIES = {
    "known_issues": ("KNOWN-", "sign"),
    "configuration_checks": ("CHECK-", "sign"),
    "network_signs": ("NETWORK-", "rule_sign"),
}
SIGNS = [
    (
        prefix + row["id"],
        row[column],
        AREA_STAGES.get(row["area"]) if facts == "known_issues" else row["stage"],
    )
    for facts, (prefix, column) in FAMILIES.items()
    for row in read_facts(facts).iter_rows(named=True)
    if answerable(row[column])
]
SIGNS += [
    (rule, whole_sign(place, failure), stage)
    for rule, place, failure, stage in read_facts("switched_off")
    .select("rule", "place", "failure", "stage")
    .iter_rows()
]
ONLY = {name: RULES[name] for name in ("KNOWN-ISSUES", "CONFIGURATION", "NETWORK-SIGNS", "SWITCHED-OFF")}
MATCHING = {
    "^YES$": "YES",
    "^NO$": "NO",
    "^$": "",
    "FAIL": "FAIL",
    "utf": "utf-8-bom",
    r"^https://enrollment\.manage\.microsoft\.com": "",
    "^11th Gen Intel": "11th Gen Intel(R) Core(TM)",
}


def asked(value):
    """Return the first name, a code and the words that a term with an origin asks for."""
    found = re.match(r"([^@~!,]+)[^@~!]*(?:@([^,~!]+)[^~!]*)?(?:~([^!]+))?", value)
    code = found[2] and found[2].replace("*", "7").ljust(10, "0")
    return found[1], code, found[3]


def _tell(parts, name, value):
    """Add to a world what one term asks for."""
    device = parts["device"]
    match name:
        case "event":
            names, code, words = asked(value)
            fields = {"Message": f"… {words} …"} if words else {}
            parts["events"].append((names, fields, 30, code))
        case "mark":
            name, code, words = asked(value)
            parts["marks"].append((name, None, 30, code, words and f"… {words} …"))
        case "failed":
            stage, code, _ = asked(value)
            parts["runs"].append((1, stage, "failed", 10, 60, code, None))
        case "install":
            kind, code, words = asked(value)
            name = {"name": words} if words else {}
            parts["installs"].append(
                {"kind": kind, "code": code, "ended_at": START + timedelta(minutes=30)} | name
            )
        case "line":
            parts["lines"].append(("error", f"… {value} …"))
        case "builds":
            device["build"] = value.split(",")[0].split("-")[0]
            parts["properties"].append(("CurrentBuild", device["build"]))
        case "scenario":
            device["scenario"] = value
            parts["attempts"] = [(o, f, value, *rest) for o, f, _, *rest in parts["attempts"]]
            parts["properties"].append(("TpmHLI Version", "2.0"))
        case "edition":
            device["edition"] = value
            parts["properties"].append(("EditionID", value))
        case "profile_name":
            device["profile_name"] = value.split(",")[0].title()
        case "tpm_version":
            device["tpm_version"] = f"{value}2"
        case "model":
            device["model"] = "Virtual Machine"
            parts["properties"].append(("Model", "Virtual Machine"))
        case "registered":
            device["registered"] = value == "yes"
        case "tpm_vendor":
            parts["properties"].append(("Manufacturer", value.split(",")[0]))
        case "tpm_firmware":
            parts["properties"].append(("Firmware Version", value))
        case "setting":
            path, _, wanted = value.partition("=")
            area, _, setting = path.partition("/")
            parts["settings"].append((area, setting.replace("*", "DevicePasswordEnabled"), wanted or "0"))
        case "registry":
            path, _, wanted = value.partition("=")
            key, _, last = path.rpartition("\\")
            parts["registry"].append((f"HKEY_LOCAL_MACHINE\\{key}", last, wanted or "1"))
        case "property":
            wanted, _, pattern = value.partition(":")
            parts["properties"].append((wanted, MATCHING[pattern]))
        case "property_not":
            parts["properties"].append((value.partition(":")[0], "https://mdm.example.com"))
        case "property_below":
            name, least, words = below_of(value)
            parts["properties"].append((name, f"Example, {least - 1:g} {words}"))
        case "missing_event":
            parts["events"].append((f"{value.partition(':')[0]}:1", {}, 30, None))
        case "missing_registry":
            key, _, _ = value.rpartition("\\")
            parts["registry"].append((f"HKEY_LOCAL_MACHINE\\{key}", "Beside", "1"))
        case "restart":
            parts["steps"].append(("boot", 40, None, None))
            parts["runs"].append((1, "device_setup", "failed", 20, 60, None, None))


def world_of(build, failure, sign, stage, skip=None, **more):
    names = ("events", "properties", "registry", "settings", "steps", "marks", "installs", "lines")
    parts = {name: [] for name in names} | failure(stage or "device_setup")
    parts["device"]["build"] = "30000.1"
    for number, (name, value) in enumerate(terms_of(sign.split(" | ")[0])):
        if number != skip:
            _tell(parts, name, value)
        elif name.startswith("missing_"):
            _tell(parts, name.removeprefix("missing_"), value)
    for name, rows in more.items():
        parts[name] = [*parts.get(name, ()), *rows]
    return build(**parts)
