"""Every rule that is a sign: a world that shows it, and one with a term less that stays silent."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from autopilot_analysis.errors import BadInput
from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings import RULES, find
from autopilot_analysis.findings.signs import answerable, terms_of
from autopilot_analysis.findings.weighing import NEAR
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


def _asked(value):
    """Return the first name, a code and the words that a term with an origin asks for."""
    found = re.match(r"([^@~!,]+)[^@~!]*(?:@([^,~!]+)[^~!]*)?(?:~([^!]+))?", value)
    code = found[2] and found[2].replace("*", "7").ljust(10, "0")
    return found[1], code, found[3]


def _tell(parts, name, value):
    """Add to a world what one term asks for."""
    device = parts["device"]
    match name:
        case "event":
            names, code, words = _asked(value)
            fields = {"Message": f"… {words} …"} if words else {}
            parts["events"].append((names, fields, 30, code))
        case "mark":
            name, code, words = _asked(value)
            parts["marks"].append((name, None, 30, code, words and f"… {words} …"))
        case "failed":
            stage, code, _ = _asked(value)
            parts["runs"].append((1, stage, "failed", 10, 60, code, None))
        case "install":
            kind, code, _ = _asked(value)
            parts["installs"].append({"kind": kind, "code": code, "ended_at": START + timedelta(minutes=30)})
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


def _world(build, failure, sign, stage, skip=None, **more):
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
    assert answerable("app_id=x | install=win32@0x80070652")


@pytest.mark.parametrize("term", ["code=0x80070652", "text=One Time Limit"])
def test_a_bare_code_or_text_does_not_load(term):
    with pytest.raises(BadInput, match="names no origin"):
        answerable(f"scenario=hybrid_join; {term}")


CODED = [
    (rule, sign, stage, code)
    for rule, sign, stage in SIGNS
    for part in sign.split(" | ")[:1]
    for _, value in terms_of(part)
    if (code := _asked(value)[1])
]


@pytest.mark.parametrize("coded", CODED, ids=[rule for rule, *_ in CODED])
def test_its_code_written_by_an_unrelated_provider_or_in_another_stage_proves_nothing(world, failure, coded):
    """Store, Windows Update and the collector write every code sooner or later; so does a later stage."""
    rule, sign, stage, code = coded
    skip = next(n for n, (_, value) in enumerate(terms_of(sign.split(" | ")[0])) if _asked(value)[1])
    unrelated = [(key, {"errorCode": code}, 30, code) for key in ("wu:20", "power:1", "ap:1005")]
    tables, trace = _world(world, failure, sign, stage, skip, events=unrelated)
    assert rule not in set(find(tables, trace, rules=ONLY).findings["rule"])
    other = "desktop" if stage != "desktop" else "network"
    tables, trace = _world(world, failure, sign, stage, skip, runs=[(1, other, "failed", 10, 60, code, None)])
    assert rule not in set(find(tables, trace, rules=ONLY).findings["rule"])


def test_rules_with_a_code_are_all_tested_with_a_foreign_origin():
    assert len(CODED) >= 30


def test_terms_of_one_sign_meet_in_one_attempt(world):
    attempts = [("failed", "profile_download", "user_driven", 0, 60, None)] * 2
    attempts = [(*one[:3], 2000 * n, 2000 * n + 60, None) for n, one in enumerate(attempts)]
    internet, refused = ("ap:164", {}, 30, None), ("ap:706", {}, 31, "0x80072EE7")
    together = find(*world(attempts=attempts, events=[internet, refused]), rules=ONLY).findings
    assert "NETWORK-N2" in set(together["rule"])
    later = (*refused[:2], 2031, refused[3])
    apart = find(*world(attempts=attempts, events=[internet, later]), rules=ONLY).findings
    assert "NETWORK-N2" not in set(apart["rule"])


@pytest.mark.parametrize(
    "facts", ["known_issues", "configuration_checks", "network_signs", "policy_conflicts"]
)
def test_a_sign_without_a_stage_says_why_it_may_speak_of_any(facts):
    for row in read_facts(facts).iter_rows(named=True):
        stage = row.get("stage") or row.get("phase") or AREA_STAGES.get(row.get("area") or "")
        sign = row.get("sign") if facts != "network_signs" else row["rule_sign"]
        if not stage and (facts == "policy_conflicts" or answerable(sign)):
            assert row["any_stage"], row["id"]


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
    assert sum(answered) >= 49


def test_every_stage_a_sign_is_about_has_stages_near_it():
    assert {stage for *_, stage in SIGNS if stage} <= set(NEAR)


def test_signs_use_only_codes_in_canonical_spelling():
    for _, sign, _ in SIGNS:
        for code in re.findall(r"@([^;|~!]+)", sign):
            assert all(re.fullmatch(r"0x[0-9A-F*]{3,8}", part.strip()) for part in code.split(",")), sign
