"""The tables of facts: every row names its page, every reference leads somewhere."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from importlib.resources import files
from itertools import chain

import polars as pl
import pytest

from autopilot_analysis import facts
from autopilot_analysis.codes import code_of, explain, find_codes, names_in_words
from autopilot_analysis.codes.families import family_of, rows_of
from autopilot_analysis.facts import BY_NAME, SHARED_VALUES, read_facts, shared_pattern, shared_remedies
from autopilot_analysis.tables import ROLES, SEVERITIES, STAGES

COUNTS = {
    "known_issues": 84,
    "endpoints": 24,
    "network_signs": 14,
    "policy_conflicts": 26,
    "configuration_checks": 42,
    "statements": 36,
    "switched_off": 28,
}
TEXTS = ["codes", "code_families", "service_codes", "rules", *COUNTS]
GIVE_REMEDIES = [
    "codes",
    "service_codes",
    "enrollment_reasons",
    "enrollment_categories",
    "policy_conflicts",
    "registration_states",
    "inventory_records",
    "inventory_states",
]
"""Tables whose rows give remedies; those of rules and known issues name limits too."""
SHOW_VALUES = [
    "codes", "configuration_checks", "inventory_states", "known_issues", "own_answers", "registration_states",
    "remedies", "rules", "service_codes", "switched_off",
]  # fmt: skip
"""Tables whose cells name values of facts/shared_values.csv."""
FILLED = {column for home, *_, columns in BY_NAME if home == SHARED_VALUES for column in columns}
"""Columns in which such a value may be named."""
ALIKE, OTHER_TEXTS = 10, {"report_columns"}
"""So many words are a sentence that a value may hold; its tables of headers hold none."""
KEYS = {
    "answer_file_settings": ["setting"],
    "assemblies": ["begins"],
    "awaited_programs": ["program"],
    "blocking_events": ["provider", "event_id"],
    "certificate_refusals": ["code"],
    "code_families": ["prefix"],
    "csp_kinds": ["part"],
    "device_facts": ["field", "place", "name"],
    "domain_join_errors": ["code"],
    "dsregcmd_fields": ["field"],
    "enrollment_answers": ["code"],
    "enrollment_categories": ["category"],
    "enrollment_reasons": ["word"],
    "enrollment_scenarios": ["enrollment_type"],
    "enums": ["enum", "name"],
    "event_block_words": ["word"],
    "event_document_names": ["name"],
    "event_failures": ["event", "code", "says"],
    "event_layouts": ["provider", "event_id"],
    "event_list_headers": ["header"],
    "event_messages": ["provider", "event_id", "field"],
    "event_titles": ["provider", "event_id"],
    "explained_codes": ["cause", "code"],
    "explains": ["cause", "consequence"],
    "half_days": ["word"],
    "hello_conditions": ["field"],
    "hello_prerequisites": ["field"],
    "http_refusals": ["status"],
    "content_failures": ["pattern"],
    "identifier_shapes": ["shape"],
    "identifier_tails": ["tail"],
    "identifiers": ["label"],
    "ime_patterns": ["id"],
    "implies": ["rule", "implied"],
    "install_states": ["scale", "value"],
    "inventory_records": ["column", "value"],
    "inventory_states": ["column", "value"],
    "join_steps": ["key"],
    "known_roots": ["thumbprint"],
    "level_words": ["word"],
    "listed_objects": ["kind", "name"],
    "manage_bde": ["begins"],
    "named_values": ["key", "name"],
    "oobe_bits": ["bit"],
    "pages": ["page"],
    "phrases": ["name", "language"],
    "placeholder_models": ["value"],
    "placeholder_serials": ["serial"],
    "registration_states": ["column", "value"],
    "remedies": ["name"],
    "report_columns": ["report", "alias"],
    "shared_patterns": ["name"],
    "shared_values": ["name"],
    "scenario_skips": ["scenario", "stage"],
    "screen_words": ["name", "language"],
    "screens": ["screen"],
    "service_codes": ["code", "name"],
    "surface_rules": ["id"],
    "switched_off": ["rule"],
    "switches": ["switch"],
    "symptom_words": ["name", "language"],
    "time_units": ["unit", "language"],
    "timeline_lanes": ["of", "name"],
    "tpm_makers": ["maker"],
    "tpm_tool": ["line"],
    "trace_providers": ["provider", "event"],
    "workloads": ["bit"],
    "zone_resources": ["resource"],
}
"""Columns by which a row is found, for tables of which a second row of the same would win or lose unseen."""
IN_ANY_CASE = {"listed_objects"}
"""Those whose keys are compared in lower case."""
CERTAINTIES = {"documented", "header", "third_party", "conflicting"}


@pytest.mark.parametrize("name", TEXTS)
def test_no_cell_has_blanks_around_it(name):
    table = read_facts(name)
    padded = table.filter(pl.any_horizontal(pl.all().str.contains(r"^\s|\s$")))
    assert padded.height == 0, padded


@pytest.mark.parametrize("name", ["codes", "service_codes", "rules", *COUNTS])
def test_every_row_names_its_page(name):
    assert read_facts(name)["page"].null_count() == 0


@pytest.mark.parametrize(("name", "count"), COUNTS.items())
def test_no_documented_row_is_missing(name, count):
    table = read_facts(name)
    assert table.height == count
    assert table[table.columns[0]].is_unique().all()


@pytest.mark.parametrize(("name", "key"), KEYS.items())
def test_no_two_rows_have_one_key(name, key):
    rows = read_facts(name)
    rows = rows.with_columns(pl.col(key).str.to_lowercase()) if name in IN_ANY_CASE else rows
    twins = rows.group_by(key).len().filter(pl.col("len") > 1)
    assert twins.is_empty(), f"{name}.csv says {twins.select(key).rows()} twice: one row would win silently"


def test_codes_are_canonical_and_ranked_without_repeats():
    codes = read_facts("codes")
    assert codes["code"].n_unique() >= 1300
    assert codes.filter(~pl.col("code").str.contains(r"^0x[0-9A-F]{8}$")).height == 0
    assert codes.select("code", "rank").is_unique().all()
    assert codes.filter(pl.any_horizontal(pl.col("meaning", "certainty", "rank").is_null())).height == 0
    assert set(codes["certainty"]) <= CERTAINTIES


def test_no_row_of_a_code_repeats_the_family_of_its_number():
    named = read_facts("codes").drop_nulls("family")
    repeated = [row for row in named.select("code", "family").rows() if family_of(row[0])["family"] == row[1]]
    assert repeated == []
    assert named.height > 50


def test_every_row_of_a_code_has_a_family_whoever_asks():
    assert {row["code"] for row in rows_of("0x80180014") if row["family"] != "MDM enrolment"} == set()
    assert {row["family"] for row in rows_of("0x80070774")} == {"Win32"}
    assert rows_of("0x00000AB2")[0]["family"] == explain("0x00000AB2").family == "Windows Installer"


LEAST_WORDS = 6
"""A remedy of fewer is as short as a name for it."""


def remedies_as_written():
    """Remedies of every table as its file has them: (table, remedy)."""
    for path in files(facts).iterdir():
        if path.name.endswith(".csv"):
            for row in csv.DictReader(path.read_text("utf-8").splitlines(keepends=True)):
                if remedy := row.get("remedy"):
                    yield path.name, remedy


def test_a_remedy_that_several_rows_give_is_written_down_once():
    times = Counter(remedy for _, remedy in remedies_as_written() if "{" not in remedy)
    doubles = [remedy for remedy, n in times.items() if n > 1 and len(remedy.split()) >= LEAST_WORDS]
    assert doubles == []
    homes = [remedy for table, remedy in remedies_as_written() if table == "remedies.csv"]
    spelt = [(table, text) for table, remedy in remedies_as_written() for text in homes if text in remedy]
    assert sorted(text for _, text in spelt) == sorted(homes), "a row spells out what remedies.csv says"


@pytest.mark.parametrize(
    ("name", "begins", "rows"),
    [
        ("TPM and BIOS firmware", "rules", ["TPM-ANSWER", "TPM-ATTESTATION-FAILED", "TPM-TOOL-AMISS"]),
        ("one app type", "known_issues", ["ESP-12"]),
        ("one app type", "policy_conflicts", ["PC20"]),
        ("one app type", "codes", ["0x80070652"]),
    ],
)
def test_advice_that_several_tables_give_reads_alike_in_each(name, begins, rows):
    table = read_facts(begins)
    alike = table.filter(pl.col("remedy").str.starts_with(shared_remedies()[name]))
    assert set(rows) <= set(alike[table.columns[0]])


def test_every_shared_remedy_is_asked_for_by_name_and_every_name_is_known():
    asked = Counter(
        name
        for table, remedy in remedies_as_written()
        for name in re.findall(r"\{([^{}]+)\}", remedy)
        if table != "remedies.csv"
    )
    shared = shared_remedies()
    assert {name: asked[name] for name in shared if asked[name] < 2} == {}
    shown = [remedy for name in GIVE_REMEDIES for remedy in read_facts(name)["remedy"].drop_nulls()]
    left = {name for remedy in shown for name in re.findall(r"\{[^{}]+\}", remedy)}
    assert left <= {*names_in_words(), "{item}"}


def test_a_rule_and_its_code_give_one_remedy():
    rule = read_facts("rules").filter(pl.col("rule") == "ESP-APP-NOT-DETECTED")["remedy"].item()
    code = (
        read_facts("codes").filter(pl.col("code") == "0x87D1041C", pl.col("when").is_null())["remedy"].item()
    )
    assert rule == code == shared_remedies()["app not detected"]


def cells_as_written():
    """Cells of every other table as its file has them."""
    for path in files(facts).iterdir():
        if path.name.endswith(".csv") and path.name != f"{SHARED_VALUES}.csv":
            yield from chain.from_iterable(csv.reader(path.read_text("utf-8").splitlines(keepends=True)))


def test_a_value_that_several_cells_name_is_written_down_once():
    cells = list(cells_as_written())
    for name, value in read_facts(SHARED_VALUES).select("name", "value").iter_rows():
        assert sum(cell.count(f"{{{name}}}") for cell in cells) > 1, name
        assert not any(value in cell for cell in cells if len(value) >= LEAST_WORDS), value
    names = [f"{{{name}}}" for name in read_facts(SHARED_VALUES)["name"]]
    shown = [value for table in SHOW_VALUES for column in read_facts(table) for value in column.drop_nulls()]
    assert [text for text in shown if any(name in text for name in names)] == []


def filled_cells():
    """Cells of every other table in which a shared value may be named, each with its place."""
    for path in files(facts).iterdir():
        if path.name.endswith(".csv") and path.stem not in {SHARED_VALUES, *OTHER_TEXTS}:
            rows = csv.DictReader(path.read_text("utf-8").splitlines(keepends=True))
            for number, row in enumerate(rows, 2):
                yield from (((path.name, number, column), row[column]) for column in FILLED & row.keys())


def test_no_three_cells_spell_ten_words_alike():
    places = defaultdict(set)
    for place, cell in filled_cells():
        for part in re.split(r"\{[^{}]*\}", cell):
            words = part.split()
            for first in range(len(words) - ALIKE + 1):
                places[" ".join(words[first : first + ALIKE])].add(place)
    assert {text: sorted(found) for text, found in places.items() if len(found) > 2} == {}


def test_the_name_of_a_maker_of_chips_is_written_down_once():
    makers = read_facts("tpm_makers").filter(pl.col("maker") != "MSFT")
    called = re.compile(rf"\b(?:{'|'.join(map(re.escape, makers['name']))})\b")
    texts = [re.sub(r"\{[^{}]*\}", "", cell) for cell in cells_as_written() if "TPM" in cell]
    of_chips = [
        text for text in texts if not text.startswith(("TPM maker: ", "Windows Autopilot known issues"))
    ]
    assert [text for text in of_chips if called.search(text)] == []
    known = read_facts("codes").filter(pl.col("code") == "0x81039001")["when"].drop_nulls().to_list()
    assert "STMicroelectronics or Nuvoton TPM" in known
    assert set(known) & set(read_facts("answer_words").filter(pl.col("code") == "0x81039001")["when"])


@pytest.mark.parametrize(
    ("table", "where"),
    [
        ("codes", pl.col("code") == "0x80180013"),
        ("codes", (pl.col("code") == "0x80180003") & (pl.col("when") == "user limit")),
        ("enrollment_reasons", pl.col("word").str.contains("DeviceCapReached")),
        ("enrollment_categories", pl.col("category") == "userValidation"),
    ],
)
def test_the_device_limit_has_one_remedy_wherever_it_is_met(table, where):
    (remedy,) = read_facts(table).filter(where)["remedy"]
    assert shared_remedies()["device limit of Intune"] in remedy


def test_every_code_has_a_cause_beside_its_headline():
    ranks = read_facts("codes").group_by("code").agg(pl.col("rank").cast(pl.Int64).sort())
    wrong = ranks.filter(
        pl.col("rank").list.last() != pl.col("rank").list.len() - (pl.col("rank").list.first() == 0)
    )
    assert wrong.height == 0, wrong


def test_every_code_can_be_explained_by_its_own_spelling():
    for code in read_facts("codes")["code"].unique():
        assert code_of(code) == code
        assert explain(code).certainty in CERTAINTIES, code


def test_meanings_begin_with_a_capital_and_end_without_a_full_stop():
    for name in ("codes", "service_codes"):
        meanings = read_facts(name)["meaning"]
        assert meanings.str.contains(r"^[A-Z]").all()
        assert not meanings.str.ends_with(".").any()


@pytest.mark.parametrize(
    "name", ["codes", "service_codes", "code_families", "endpoints", "network_signs", "rules", "switched_off"]
)
def test_stages_are_stages_of_the_trace(name):
    assert set(read_facts(name)["stage"].drop_nulls()) <= set(STAGES)


def test_phases_of_policy_conflicts_are_stages():
    assert set(read_facts("policy_conflicts")["phase"].drop_nulls()) <= set(STAGES)


def test_family_prefixes_are_hex_and_unique():
    prefixes = read_facts("code_families")["prefix"]
    assert prefixes.is_unique().all()
    assert prefixes.str.contains(r"^[0-9A-F]{1,8}$").all()


def test_a_check_asks_somebody_to_look_and_states_nothing():
    asked = read_facts("configuration_checks")["test"].drop_nulls()
    assert asked.filter(~asked.str.contains("^(?:Look|Check|Compare|Count|Resolve) ")).to_list() == []


@pytest.mark.parametrize(
    "name", ["known_issues", "network_signs", "configuration_checks", "endpoints", "switched_off"]
)
def test_every_code_named_in_a_table_is_known(name):
    text = "\n".join(value for column in read_facts(name).iter_columns() for value in column.drop_nulls())
    unknown = [code for code in find_codes(text) if explain(code).certainty == "unknown"]
    assert unknown == []


def test_known_issues_name_builds_as_closed_ranges():
    for sign in read_facts("known_issues")["sign"].drop_nulls():
        for ranges in re.findall(r"builds=([^;|]+)", sign):
            for span in ranges.split(","):
                low, high = ([int(part) for part in end.split(".")] for end in span.strip().split("-"))
                assert len(low) == len(high) == 2
                assert low <= high
    assert set(read_facts("known_issues")["detectable"]) == {"yes", "no"}


def test_undetectable_issues_promise_no_sign():
    issues = read_facts("known_issues")
    assert issues.filter((pl.col("sign_kind") == "none") & (pl.col("detectable") == "yes")).height == 0
    assert issues.filter((pl.col("detectable") == "yes") & pl.col("sign").is_null()).height == 0


@pytest.mark.parametrize("column", ["key_pattern", "name_pattern", "value_pattern"])
def test_conflict_patterns_compile_in_polars_too(column):
    for pattern in read_facts("policy_conflicts")[column].drop_nulls():
        re.compile(pattern)
        pl.Series(["probe"]).str.contains(pattern, strict=True)


@pytest.mark.parametrize(
    ("policy", "key", "name", "value", "hit"),
    [
        (
            "PC2",
            r"HKLM\software\microsoft\PolicyManager\current\device\DeviceLock",
            "DevicePasswordEnabled",
            "0",
            True,
        ),
        (
            "PC2",
            r"HKLM\software\microsoft\PolicyManager\default\DeviceLock",
            "DevicePasswordEnabled",
            "0",
            False,
        ),
        ("PC6", r"HKLM\SYSTEM\CurrentControlSet\Services\wlidsvc", "Start", "4", True),
        ("PC6", r"HKLM\SYSTEM\CurrentControlSet\Services\wlidsvc", "Start", "3", False),
        ("PC7", r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon", "AutoAdminLogon", "0", True),
        ("PC7", r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon", "AutoAdminLogon", "1", False),
        (
            "PC12",
            r"HKLM\SOFTWARE\Microsoft\PolicyManager\current\device\ControlPolicyConflict",
            "MDMWinsOverGP",
            "1",
            True,
        ),
        (
            "PC23",
            r"HKLM\SOFTWARE\Policies\Microsoft\Windows\CurrentVersion\MDM",
            "DisableRegistration",
            "1",
            True,
        ),
    ],
)
def test_a_conflicting_policy_is_recognised_by_its_registry_value(policy, key, name, value, hit):
    row = read_facts("policy_conflicts").row(by_predicate=pl.col("id") == policy, named=True)
    parts = [(row["key_pattern"], key), (row["name_pattern"], name), (row["value_pattern"], value)]
    assert all(pattern is None or re.search(pattern, text) for pattern, text in parts) is hit


def test_endpoints_are_host_names():
    hosts = read_facts("endpoints")["hosts"].drop_nulls().str.split(" ").explode()
    assert hosts.str.contains(r"^(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$").all()


def test_statements_are_numbered_as_in_the_overview():
    assert read_facts("statements")["id"].to_list() == [f"S{number}" for number in range(1, 37)]
    assert (read_facts("statements")["testable"] == "yes").sum() == 33


def test_rules_have_words_and_weights_in_their_ranges():
    rules = read_facts("rules")
    assert rules["rule"].is_unique().all()
    assert set(rules["severity"].drop_nulls()) <= set(SEVERITIES)
    assert set(rules["role"]) <= set(ROLES)
    assert rules["confidence"].cast(pl.Float64).is_between(0, 1).all()
    assert rules.filter(pl.any_horizontal(pl.col("title", "meaning").is_null())).height == 0


@pytest.mark.parametrize(("name", "column"), [("rules", "needs"), ("statements", "evidence")])
def test_needed_sources_exist(name, column):
    known = set(read_facts("sources")["source"]) | {"members", "devices", "coverage", "gaps"}
    assert set(read_facts(name)[column].drop_nulls().str.split(" ").explode()) <= known


@pytest.mark.parametrize("name", ["stages", "scenarios", "anchor_pairs", "event_titles"])
def test_an_event_of_a_page_has_the_id_of_what_it_reports(name):
    reports = set(read_facts("page_reports")["event_id"])
    cells = read_facts(name)["event_id"].drop_nulls()
    assert cells.str.contains(r"^\d+$").all()
    assert reports & set(cells)
    written = files(facts).joinpath(f"{name}.csv").read_text("utf-8")
    assert [number for number in reports if f",{number}," in written] == []


def test_a_sign_beside_which_a_page_must_report_has_its_event_too():
    beside = read_facts("scenarios")["beside"].drop_nulls()
    assert beside.str.contains("shell-core/62407 ", literal=True).any()
    assert not beside.str.contains("{said", literal=True).any()


def test_a_source_is_called_explained_and_expected_in_its_first_row_alone():
    rows = read_facts("sources")
    first = rows.unique("source", keep="first", maintain_order=True)
    assert first.select("title", "shows").null_count().row(0) == (0, 0)
    others = rows.filter(~pl.col("source").is_first_distinct())
    assert others.height
    assert set(others.select("title", "shows", "scenario_note", "expected_in").rows()) == {(None,) * 4}


def test_words_of_a_screen_are_known_in_every_language_of_their_table():
    words = read_facts("screen_words")
    for name, *languages in words.group_by("name").agg("pattern").iter_rows():
        assert shared_pattern(name) == f"(?:{'|'.join(*languages)})"
        assert len(*languages) > 1


def test_words_of_a_symptom_take_the_parts_that_several_have():
    assert read_facts("symptom_words")["pattern"].str.contains("<NOT THERE>").any()
    assert shared_pattern("NOT THERE") in shared_pattern("NO RESEAL BUTTON")


def test_a_pattern_takes_the_parts_that_several_have():
    patterns = read_facts("network_answers")["pattern"]
    assert patterns.str.contains(shared_pattern("ISSUER"), literal=True).sum() == 2
    assert not patterns.str.contains("<ISSUER>").any()


def test_all_rows_of_a_state_give_one_reason():
    states = read_facts("install_states").drop_nulls("symbol")
    asked = states.filter(pl.col("symbol").is_in(["ContentDownloadFailed", "DependencyFailed"]))
    reasons = asked.group_by("symbol").agg(pl.col("reason").unique())
    assert reasons["reason"].list.len().to_list() == [1, 1]


@pytest.mark.parametrize(
    ("table", "column", "home", "name", "said"),
    [
        ("hello_conditions", "words", "hello_prerequisites", "field", "words"),
        ("enrollment_reasons", "meaning", "enrollment_categories", "category", "meaning"),
    ],
)
def test_a_cell_that_names_a_row_of_another_table_reads_as_that_does(table, column, home, name, said):
    written = csv.DictReader(files(facts).joinpath(f"{table}.csv").read_text("utf-8").splitlines())
    words = dict(read_facts(home).select(name, said).iter_rows())
    named = [cell.strip("{}") if cell.startswith("{") else None for row in written for cell in [row[column]]]
    assert sum(cell is not None for cell in named) >= 3
    for cell, shown in zip(named, read_facts(table)[column], strict=True):
        assert shown == words[cell] if cell else shown not in words.values()


def test_a_header_without_a_meaning_is_one_that_is_ignored():
    rows = read_facts("report_columns")
    assert set(rows.filter(pl.col("meaning").is_null())["column"]) == {"ignored"}


def test_whoever_is_to_clear_a_tpm_is_to_save_the_recovery_key_first():
    for name in ("codes", "rules", "known_issues", "remedies", "deciding_properties", "registration_states"):
        for remedy in read_facts(name)["remedy"].drop_nulls():
            if re.search(r"(?i)\b(?:clear (?:it|the TPM|its TPM)\b|Clear-Tpm)", remedy):
                assert "recovery key" in remedy, (name, remedy)
    assert "clear the TPM and join again" in explain("0x80090016").remedy
