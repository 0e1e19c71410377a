"""Every rule that is a sign: a world that shows it, and one with a term less that stays silent."""

import re

import pytest

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings import RULES, find
from autopilot_analysis.findings.signs import answerable, terms_of
from autopilot_analysis.findings.weighing import NEAR
from autopilot_analysis.findings.words import AREA_STAGES

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
ONLY = {name: RULES[name] for name in ("KNOWN-ISSUES", "CONFIGURATION", "NETWORK-SIGNS")}
MATCHING = {
    "^YES$": "YES",
    "^NO$": "NO",
    "^$": "",
    "FAIL": "FAIL",
    r"^https://enrollment\.manage\.microsoft\.com": "",
    r"\b1 Logical Processor": "Example CPU, 1 Core(s), 1 Logical Processor(s)",
    "^11th Gen Intel": "11th Gen Intel(R) Core(TM)",
}


def _tell(parts, name, value):
    """Add to a world what one term asks for."""
    device = parts["device"]
    match name:
        case "event":
            parts["events"].append((value.split(",")[0], {}, 30, None))
        case "code":
            parts["events"].append(("udr:500", {}, 30, value.split(",")[0].replace("*", "7").ljust(10, "0")))
        case "text":
            parts["events"].append(("udr:500", {"Message": f"… {value} …"}, 30, None))
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
            device["profile_name"] = f"the {value} profile"
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
        case "missing_event":
            parts["events"].append((f"{value.partition(':')[0]}:1", {}, 30, None))
        case "missing_registry":
            key, _, _ = value.rpartition("\\")
            parts["registry"].append((f"HKEY_LOCAL_MACHINE\\{key}", "Beside", "1"))
        case "restart":
            parts["steps"].append(("boot", 40, None, None))
            parts["runs"].append((1, "device_setup", "failed", 20, 60, None, None))


def _world(build, failure, sign, stage, skip=None):
    parts = {"events": [], "properties": [], "registry": [], "settings": [], "steps": []}
    parts |= failure(stage or "device_setup")
    parts["device"]["build"] = "30000.1"
    for number, (name, value) in enumerate(terms_of(sign.split(" | ")[0])):
        if number != skip:
            _tell(parts, name, value)
        elif name.startswith("missing_"):
            _tell(parts, name.removeprefix("missing_"), value)
    return build(**parts)


@pytest.mark.parametrize(("rule", "sign", "stage"), SIGNS, ids=[rule for rule, *_ in SIGNS])
def test_the_sign_shows_and_one_term_less_stays_silent(world, failure, rule, sign, stage):
    tables, trace = _world(world, failure, sign, stage)
    assert rule in set(find(tables, trace, rules=ONLY).findings["rule"])
    for skip in range(len(terms_of(sign.split(" | ")[0]))):
        tables, trace = _world(world, failure, sign, stage, skip)
        assert rule not in set(find(tables, trace, rules=ONLY).findings["rule"]), f"without term {skip}"


@pytest.mark.parametrize("rule", ["CHECK-CF7", "NETWORK-N13"])
def test_a_condition_rises_above_info_only_where_the_failed_stage_fits(world, failure, rule):
    sign, stage = next((s, st) for r, s, st in SIGNS if r == rule)
    stage = stage or "mdm_enrollment"
    weight = {}
    for failing in (stage, "desktop"):
        tables, trace = _world(world, failure, sign, failing)
        rows = find(tables, trace, rules=ONLY).findings
        weight[failing] = rows.filter(rows["rule"] == rule)["severity"][0]
    assert weight[stage] == "warning"
    assert weight["desktop"] == ("warning" if rule == "NETWORK-N13" else "info")


def test_a_known_issue_of_events_is_silent_on_a_device_that_did_not_fail(world):
    tables, trace = world(
        events=[("ap:171", {}, 30, "0x81039001")], attempts=[("succeeded", None, "user_driven", 0, 60, None)]
    )
    assert not [r for r in find(tables, trace, rules=ONLY).findings["rule"] if r.startswith("KNOWN-")]


def test_a_sign_with_a_term_no_table_answers_is_not_answered():
    assert not answerable("rows=50; has=@odata.nextLink")
    assert not answerable(None)
    assert answerable("app_id=x | code=0x80070652")


def test_absence_is_no_sign_where_it_could_not_have_been_seen(world, failure):
    parts = failure("network") | {"events": [("ap:165", {}, 30, None)]}
    rules = set(find(*world(**parts), rules=ONLY).findings["rule"])
    assert "KNOWN-AP-44" in rules
    parts |= {"device": {"scenario": "existing_device"}, "events": [("dm:1", {}, 30, None)]}
    parts["attempts"] = [("failed", "profile_download", "existing_device", 0, 60, None)]
    assert "KNOWN-AP-37" not in set(find(*world(**parts), rules=ONLY).findings["rule"])
    parts["events"].append(("ap:1", {}, 30, None))
    assert "KNOWN-AP-37" in set(find(*world(**parts), rules=ONLY).findings["rule"])


def test_every_detectable_issue_has_a_sign_a_rule_that_tells_it_or_is_listed_as_not_looked_at():
    issues = read_facts("known_issues")
    named = set(issues["told_by"].drop_nulls())
    rules = {name for name in named if not name.startswith(("deployments.flags", "gaps"))}
    assert rules <= set(RULES)
    answered = [
        answerable(sign) or by is not None for sign, by in issues.select("sign", "told_by").iter_rows()
    ]
    assert sum(answered) >= 50


def test_every_stage_a_sign_is_about_has_stages_near_it():
    assert {stage for *_, stage in SIGNS if stage} <= set(NEAR)


def test_signs_use_only_codes_in_canonical_spelling():
    for _, sign, _ in SIGNS:
        for code in re.findall(r"code=([^;|]+)", sign):
            assert all(re.fullmatch(r"0x[0-9A-F*]{3,8}", part.strip()) for part in code.split(",")), sign
