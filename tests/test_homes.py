"""One home for each idea: no two modules write the same constant down."""

from __future__ import annotations

import ast
import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import dataframely as dy
import pytest
from snapshots import options

import autopilot_analysis
from autopilot_analysis.facts import PATTERNS, read_facts
from autopilot_analysis.report.page.frames import NAMED
from autopilot_analysis.tables import timeline
from autopilot_analysis.tables.story import STEPS
from autopilot_analysis.tables.timeline import LANES, LEVELS, OCCURRENCES, Occurrence
from autopilot_analysis.timeline.packing import ERRORS
from autopilot_analysis.wording import NAMES

ROOM = Path(autopilot_analysis.__file__).parent
LEAST = 10
"""A shorter text may mean two things."""
NOT_THE_SAME = {
    "_KEYS": "columns that a join is made on",
    "ATTEMPT": "columns that a join is made on",
    "RECORD": "columns that a join is made on",
    "PLACE": "columns that a join is made on",
    "_TRY": "columns that a join is made on",
    "THREAD": "columns that a join is made on",
    "FILE": "columns that a join is made on",
}
"""Constants that may be written twice, and why."""
ANOTHER_NUMBER = {
    "DEEPEST": "elements of events and elements of a report of device management: two formats",
    "LARGE": "bytes that are not copied, and bytes that are not checked before they are read: two costs",
    "LEAST": "properties of an object, and records in vain",
    "LEAST_DAYS": "days beside a change, and days of an hour of the day",
    "LEAST_FACTOR": "hours of the day, and two devices",
    "LISTED": "each of another list: open devices, what went well, failed deployments",
    "LONGEST": "a paragraph, and a line of a census",
    "MEMORY": "of a process that unpacks, and of one that reads an export",
    "MOST": "each of another list, of groups, days, items, lines or properties",
    "MOSTLY": "more than half of something else each time",
    "MOST_CELLS": "attributes that are not searched, and values that are not counted by place",
    "MOST_FAILURES": "of two figures",
    "MOST_KINDS": "failures on a list of the service, and causes on many devices",
    "MOST_NAMED": "each of another list: files, kinds, differences, items",
    "MOST_NAMES": "apps, and properties of an object",
    "NAMED": "rows of a figure, and items left out",
    "REFUSED": "an exit status, and refusals of a network",
    "SEARCHED": "of a line with an error and of a screen a shorter part is looked at",
    "SHORTEST": "text within text, and the name of a log",
    "TRACE": "a weight that keeps a fit steady, and a weight that counts for nothing",
    "WELL": "what an app and what a setup returns: each program's own number",
}
"""Numbers that stand twice under one name, and what each is of."""
SENTENCE = re.compile(r"(?:[A-Za-z][a-z'-]*[,;:]? ){3}[A-Za-z][a-z'-]*")
"""Four words or more."""
EVERYDAY = {
    "could not be read": "ends a sentence about another thing each time",
    "portal: Device preparation deployments": "a name of an export, not words about it",
}
"""Phrases that may be written twice, and why."""


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the package by its path, samples apart, parsed once for all tests."""
    paths = sorted(set(ROOM.rglob("*.py")) - set((ROOM / "samples").rglob("*.py")))
    return {path.relative_to(ROOM).as_posix(): ast.parse(path.read_text("utf-8")) for path in paths}


def constants() -> dict[str, list[tuple[str, str]]]:
    """Values of constants at the top of modules -> where it stands, and under which name; samples apart."""
    found = defaultdict(list)
    for module, tree in modules().items():
        for node in tree.body:
            if isinstance(node, ast.Assign) and worth_a_home(node.value):
                found[ast.unparse(node.value)].append((module, ast.unparse(node.targets[0])))
    return found


def worth_a_home(value: ast.expr) -> bool:
    """Whether a value is a text, or a collection of texts, that says what it means."""
    texts = [each.value for each in ast.walk(value) if isinstance(each, ast.Constant) and each.value]
    long = sum(len(text) for text in texts if isinstance(text, str)) >= LEAST
    return long and not any(isinstance(each, ast.Call | ast.Name) for each in ast.walk(value))


def test_no_two_modules_write_the_same_constant_down() -> None:
    doubles = {
        value: places
        for value, places in constants().items()
        if len({module for module, _ in places}) > 1 and not {name for _, name in places} <= set(NOT_THE_SAME)
    }
    assert doubles == {}


@cache
def numbers() -> dict[tuple[str, str], list[str]]:
    """Numbers, spans and codes at the top of modules, by name and value, -> modules; samples apart."""
    found = defaultdict(list)
    for module, tree in modules().items():
        for node in tree.body:
            for name, value in assigned(node):
                if is_number(value):
                    found[name.strip("_"), ast.unparse(value)].append(module)
    return found


def assigned(node: ast.stmt) -> list[tuple[str, ast.expr]]:
    """Names that a statement gives, each with its value: one, or several side by side."""
    if not isinstance(node, ast.Assign):
        return []
    target, value = node.targets[0], node.value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        return [(ast.unparse(name), each) for name, each in zip(target.elts, value.elts, strict=True)]
    return [(ast.unparse(target), value)]


def is_number(value: ast.expr) -> bool:
    """Whether a value is made of numbers alone, a span of time, or a text of digits or with one."""
    nodes = [each for each in ast.walk(value) if isinstance(each, ast.Constant)]
    named = {each.id for each in ast.walk(value) if isinstance(each, ast.Name)}
    texts = [each.value for each in nodes if isinstance(each.value, str)]
    digits = all(any(sign.isdigit() for sign in text) for text in texts)
    return bool(nodes) and digits and named <= {"timedelta"} and not isinstance(value, ast.Dict | ast.Set)


def test_no_two_modules_write_the_same_number_under_the_same_name() -> None:
    doubles = {key: modules for key, modules in numbers().items() if len(set(modules)) > 1}
    assert {key: modules for key, modules in doubles.items() if key[0] not in ANOTHER_NUMBER} == {}
    assert {name for name, _ in doubles} >= set(ANOTHER_NUMBER)


@cache
def texts() -> dict[str, set[str]]:
    """Texts of code, wherever they stand, between braces of a format too -> modules; docstrings apart."""
    found = defaultdict(set)
    for module, tree in modules().items():
        remarks = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in remarks:
                found[node.value].add(module)
    return found


def sentences() -> dict[str, set[str]]:
    """Texts of four words or more -> modules."""
    found = defaultdict(set)
    for text, places in texts().items():
        bare = text.strip(" .,;:(")
        if SENTENCE.search(bare):
            found[bare] |= places
    return found


def test_no_two_modules_spell_the_same_sentence() -> None:
    doubles = {
        text: sorted(modules)
        for text, modules in sentences().items()
        if len(modules) > 1 and text not in EVERYDAY
    }
    assert doubles == {}


def test_a_phrase_that_may_be_written_twice_is_written_twice() -> None:
    assert {text for text in EVERYDAY if len(sentences()[text]) > 1} == set(EVERYDAY)


def literals(tree: ast.AST) -> list[ast.Constant]:
    """Texts of a piece of code, between braces of a format too; docstrings apart."""
    remarks = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in remarks]
    return [node for node in nodes if isinstance(node.value, str)]


def test_no_module_spells_a_sentence_twice() -> None:
    found = Counter(
        (module, text)
        for module, tree in modules().items()
        for text in (node.value.strip(" .,;:(") for node in literals(tree))
        if SENTENCE.search(text) and text not in EVERYDAY
    )
    assert {place for place, times in found.items() if times > 1} == {
        ("readers/mdm_report/mdm_report_html.py", "blocked gp value name")  # a heading of Windows
    }


OF_ERRORS = {
    "cannot be read", "cannot be written", "cannot be listed", "has no column", "is no XML", "is not a file",
}  # fmt: skip
"""Clauses of errors that each time lead on to something else."""


def test_no_two_errors_spell_the_same_clause() -> None:
    found = Counter(
        clause.strip()
        for tree in modules().values()
        for raised in ast.walk(tree)
        if isinstance(raised, ast.Raise)
        for text in literals(raised)
        for clause in re.split(r"[;:.,()]", text.value)
        if len(re.findall(r"[A-Za-z'-]+", clause)) > 2
    )
    assert {clause for clause, times in found.items() if times > 1} == OF_ERRORS


FEW_WORDS = 5
"""So many words behind each other are a phrase."""
OFTEN = {
    "cannot be read as a", "the file breaks off in", "is not in the export", "log or in an earlier",
    "the name of a new folder", "no capture of a device", "not in what was read", "of a text are read",
    "of the app that asked", "on one of these devices", "one an id of its own", "sources are not in the",
    "take it out of the", "that could not be rewritten", "that was read tells of", "a folder that is not",
    "was among what was read", "what could not be read", "whose end was not seen",
}  # fmt: skip
"""Phrases of everyday English that several modules write, each of another thing."""


def phrases() -> dict[str, set[str]]:
    """Phrases of texts -> modules; patterns and markup apart."""
    found = defaultdict(set)
    for text, places in texts().items():
        for part in re.split(r"[^A-Za-z' -]+", text) if not re.search(r"[\\<]", text) else ():
            words = part.lower().split()
            for place in range(len(words) - FEW_WORDS + 1):
                found[" ".join(words[place : place + FEW_WORDS])] |= places
    return found


def test_no_two_modules_spell_the_same_phrase() -> None:
    again = {phrase: sorted(places) for phrase, places in phrases().items() if len(places) > 1}
    assert {phrase: p for phrase, p in again.items() if not any(phrase in each for each in OFTEN)} == {}
    assert {each for each in OFTEN if not any(phrase in each for phrase in again)} == set()


SIGNS = {
    "the zone of an instant": (r"(?:^|[\d}]) UTC\b|\(UTC", "wording.py"),
    "percent": (r"(?:^|[\d}]) %(?:$|[ ,;.)])", "wording.py"),
    "an exit code": (r"(?i)(?:^|[a-z,:;(] )exit code(?:$| $| [\[{\d])", "wording.py"),
    "a day": (r"^(?:%Y-%m-%d|%d %B(?: %Y)?)$", "wording.py"),
    "an instant": (r"^%Y-%m-%d %H:%M(?::%S)?$", "wording.py"),
    "a time of day": (r"^%H:%M$", "wording.py"),
    "a week": (r"^\d+w$", "fleet/periods.py"),
    "how many more": (r"^ more(?:$| like| of )|[}\d] more$", "wording.py"),
    "minutes": (r"(?:^|[}\d]) min(?:$|[ ,;.)])", "wording.py"),
    "where a record stands": (r"^, record $|, record \{", "wording.py"),
    "what an attempt is called": (r"^Attempt (?:$|\{)", "wording.py"),
    "between parts of a title": (r" · ", "wording.py"),
    "no value": (r"^not known$", "wording.py"),
    "what was left out": (r"^(?:…| …|, …)$", "quoting.py"),
    "what others wrote": (r"(?:^|[ (])“$|^”|“\{", "quoting.py"),
    "what nobody explains": (r"\bpublic source", "wording.py"),
    "a meaning that nothing knows": (r"^Unknown [{A-Z]|^Not a code of ", "codes/families.py"),
    "what to do behind a password": (r"unpack it with ", "export/walk.py"),
    "how an extra is installed": (r"\bpip install\b", "errors.py"),
    "what nothing tells": (r"^Not told, ", "fleet/explanation/visibility.py"),
}
"""What people read in many places: how it is written, and the module that writes it."""
OF_OTHERS = (
    "readers/",
    "findings/rules/token_errors.py",
    "trace/installs/installers/",
    "facts/",
    "errors.py",
)
"""Where it is read as Windows and other programs write it; and errors, which stand below all words."""


@pytest.mark.parametrize("sign", SIGNS)
def test_what_people_read_everywhere_is_written_in_one_module(sign: str) -> None:
    written, home = SIGNS[sign]
    again = {
        text: elsewhere
        for text, places in texts().items()
        if re.search(written, text)
        and (elsewhere := [place for place in places - {home} if not place.startswith(OF_OTHERS)])
    }
    assert again == {}


@pytest.mark.parametrize(
    ("sign", "text"),
    [
        ("the zone of an instant", "{}, not before {} UTC"), ("the zone of an instant", " UTC"),
        ("the zone of an instant", " (UTC)"), ("percent", "{} % charged"), ("percent", " % elsewhere"),
        ("an exit code", ", exit code "), ("an exit code", "exit code {}"), ("a day", "%Y-%m-%d"),
        ("an instant", "%Y-%m-%d %H:%M"), ("a time of day", "%H:%M"), ("a week", "1w"), ("a day", "%d %B"),
        ("how many more", " more"), ("minutes", "it ended {} min after"), ("minutes", " min on average of "),
        ("where a record stands", ", record "), ("what an attempt is called", "Attempt "),
        ("between parts of a title", " · "), ("no value", "not known"), ("what others wrote", ": “"),
        ("what was left out", ", …"), ("what was left out", "…"),
        ("what nothing tells", "Not told, "),
        ("how an extra is installed", "run: python -m pip install"),
        ("what nobody explains", "no public source explains this code"),
        ("a meaning that nothing knows", "Unknown Entra sign-in error"),
        ("what to do behind a password", "unpack it with the password and pass the folder"),
    ],
)  # fmt: skip
def test_what_is_written_again_is_found(sign: str, text: str) -> None:
    assert re.search(SIGNS[sign][0], text)


def test_one_module_writes_a_text_as_it_stands_within_a_sentence() -> None:
    lowered = re.compile(r"\[(?:0|:1)\]\.lower\(\)\}")
    assert [path.name for path in ROOM.rglob("*.py") if lowered.search(path.read_text("utf-8"))] == []
    assert lowered.search('f"{first[:1].lower()}{first[1:]}"')


def test_the_page_writes_no_sign_that_it_is_handed() -> None:
    handed = re.compile(r"""["'`} ]UTC["'`]| · |records and spans|without an instant|no time known""")
    scripts = {path.name: path.read_text("utf-8") for path in (ROOM / "timeline" / "module").glob("*.js")}
    assert {name for name, text in scripts.items() if handed.search(text)} == set()


def test_the_module_of_the_timeline_asks_for_values_by_names_that_it_is_handed() -> None:
    valued = re.compile(r'(?:=== |indexOf\(|includes\(|into\(-1, )("(?:' + "|".join(HANDED) + r')")')
    scripts = {path.name: path.read_text("utf-8") for path in (ROOM / "timeline" / "module").glob("*.js")}
    assert {name: valued.findall(text) for name, text in scripts.items() if valued.search(text)} == {}


def test_the_page_writes_the_sign_of_many_on_one_spot_in_one_place() -> None:
    scripts = {path.name: path.read_text("utf-8") for path in (ROOM / "timeline" / "module").glob("*.js")}
    assert {name: text.count("×") for name, text in scripts.items() if "×" in text} == {"words.js": 1}


def named_options() -> dict[str, list[str]]:
    """Options of the command line -> modules whose texts name them, as often as they do."""
    found = {name: [] for name in re.findall(r"--[a-z-]+", " ".join(options())) if name != "--help"}
    for text, places in texts().items():
        for name in found.keys() & set(re.findall(r"(?<![\w-])--[a-z-]+", text)):
            found[name] += places
    return found


def test_an_option_of_the_command_line_is_named_in_one_module() -> None:
    again = {name: places for name, places in named_options().items() if len(places) > 1}
    assert again == {}, "named by defaults.Option"


HANDED = {*OCCURRENCES, *LANES, *LEVELS, *STEPS, ERRORS} - set(Occurrence.column_names())
"""Values that the module of the timeline has of Python, save those that are names of columns as well."""
ADVICE = {
    "make it first": "errors.py",
    "damaged report of": "export/opening.py",
    "save the log as": "readers/local_times.py",
    "before looking at": "fleet/explanation/lists/questions.py",
    "works until it is mended": "fleet/explanation/failures/app_changes.py",
    "and pass the folder": "errors.py",
    "declares a document type": "errors.py",
    "what follows is missing": "readers/reading.py",
    "of this text only": "readers/reading.py",
    "records and spans": "wording.py",
    "without an instant": "wording.py",
    "no time known": "wording.py",
    "name a version of Windows": "fleet/explanation/failures/app_changes.py",
}
"""What to do, and what is missing, of which several modules tell, and the module that words it."""


@pytest.mark.parametrize("advice", ADVICE)
def test_advice_that_several_modules_give_is_worded_in_one(advice: str) -> None:
    worded = {module for text, places in texts().items() if advice in text for module in places}
    assert worded == {ADVICE[advice]}


def test_what_is_not_of_a_format_is_named_in_one_place() -> None:
    assert texts()["the file"] == {"errors.py"}, "NotThisFormat.of"


def test_the_digits_of_a_ratio_are_written_in_one_place() -> None:
    assert texts()[".1f"] == {"wording.py", "fleet/postmortem/comparison.py"}, "minutes of a comparison, too"


def colon_before_a_meaning(tree: ast.AST) -> list[str]:
    """Texts in braces in which a meaning stands behind a colon that is written by hand."""
    pairs = [
        pair
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for pair in zip(node.values, node.values[1:], strict=False)
    ]
    return [
        ast.unparse(then)
        for before, then in pairs
        if isinstance(before, ast.Constant) and before.value.endswith(": ") and "meaning" in ast.unparse(then)
    ]


def test_what_a_code_means_is_put_behind_it_in_one_place() -> None:
    assert colon_before_a_meaning(ast.parse('f"{code}: {known.meaning}"'))
    found = {module for module, tree in modules().items() if colon_before_a_meaning(tree)}
    assert found == {"fleet/postmortem/ruled_out.py"}, "what two values of an attribute mean, no code"


def test_a_first_letter_is_made_large_in_one_place() -> None:
    large = re.compile(r"\[:1\]\.upper\(\)")
    assert [module for module, tree in modules().items() if large.search(ast.unparse(tree))] == ["wording.py"]


def alternatives() -> dict[frozenset[str], set[str]]:
    """Three alternatives or more that a pattern of facts or of code lists -> rows and lines; samples apart.

    Cells that name reports or providers have blanks between the names.
    """
    texts = [
        (f"{path.name}:{number}", cell)
        for path in sorted((ROOM / "facts").glob("*.csv"))
        for number, row in enumerate(csv.reader(path.read_text("utf-8").splitlines(True)))
        for cell in row
    ]
    for module, tree in modules().items():
        literals = [node for node in ast.walk(tree) if isinstance(node, ast.Constant)]
        texts += [(f"{module}:{one.lineno}", one.value) for one in literals if isinstance(one.value, str)]
    found = defaultdict(set)
    for place, text in texts:
        for listed in re.split(r"[()]", text) if text.count("|") > 1 and " | " not in text else ():
            words = frozenset(re.sub(r"^\?[:\w]*:|^\?P<\w+>", "", listed).lower().split("|")) - {""}
            if len(words) > 2 and sum(map(len, words)) >= LEAST and any(word.isalpha() for word in words):
                found[words].add(place)
    return found


def test_no_two_patterns_list_the_same_alternatives() -> None:
    doubles = {"|".join(sorted(words)): places for words, places in alternatives().items() if len(places) > 1}
    assert doubles == {}


HOW_PEOPLE_WRITE = re.compile(
    r"(?i)(?<![\w(])(?:no longer|nicht mehr|keine?|bedeutet|heißt|warum|jamais|nunca|signifie|"
    r"quiere decir|vuol dire|usually|typically|instead of|sometimes|könnte|sollte|in this article|"
    r"not any \?more|fixed|resolved|behoben|gelöst|somebody|years? ago)(?![\w)])"
)
"""Words of questions, denials, conditions and articles, of which facts/phrases.csv is the home."""


def test_how_people_write_stands_in_one_table() -> None:
    patterns = [
        (module, node.value)
        for module, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "|" in node.value
    ]
    asked = [(module, set(map(str.lower, HOW_PEOPLE_WRITE.findall(text)))) for module, text in patterns]
    assert {module: found for module, found in asked if len(found) > 1} == {}


def test_the_families_of_personal_sids_are_listed_in_one_place() -> None:
    facts = {path.name: path.read_text("utf-8") for path in (ROOM / "facts").glob("*.csv")}
    assert {name for name, text in facts.items() if "83[-_]1" in text} == {"shared_patterns.csv"}
    assert {module for text, places in texts().items() if "5-83-1" in text for module in places} == set()


STATE_BY_NUMBER = re.compile(r"""(?:Update|New)State"?\)?"+:(?:\\s\*"*\??)?\d""")
"""In a table of facts, the state of a profile by its number, named in facts/shared_patterns.csv."""


@pytest.mark.parametrize("text", [r'''"""UpdateState"":\s*""?3\b"''', r'''"""(?:newState|NewState)"":1\b"'''])
def test_the_state_of_a_profile_is_known_by_its_number(text: str) -> None:
    assert STATE_BY_NUMBER.search(text)


def test_the_number_of_a_state_of_a_profile_is_written_in_one_place() -> None:
    facts = {path.name: path.read_text("utf-8") for path in (ROOM / "facts").glob("*.csv")}
    assert {name for name, text in facts.items() if STATE_BY_NUMBER.search(text)} == set()


def uses(name: str, text: str) -> int:
    """How often a text takes a shared pattern: in facts by its name, in code by a call."""
    return text.count(f"<{name}>") + len(re.findall(rf"shared_pattern\(['\"]{name}", text))


def test_every_shared_pattern_is_shared() -> None:
    texts = [path.read_text("utf-8") for path in ROOM.rglob("*") if path.suffix in (".py", ".csv")]
    used = {name: sum(uses(name, text) for text in texts) for name in read_facts(PATTERNS)["name"]}
    assert {name for name, times in used.items() if times < 2} == set()


MOST_MODULES = 2
"""Of more an id of facts or of NAMES gets a constant, in facts/marks.py, facts/source_names.py or tables/."""
ID = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+|[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+")
"""Two words or more: one alone may be a word of another thing."""
ASKED_FOR_BY_NAME = {
    "pre_provisioning": "a module of rules as well",
    "os_version": "a column of reports that is turned into build",
    "esp_app": "a scale of facts/install_states.csv",
    "toolkit_exit": "a scale of facts/install_states.csv",
}
"""Ids that more modules may write, and what they are there."""


def schemas(kind: type[dy.Schema] = dy.Schema) -> list[type[dy.Schema]]:
    """Every schema of the package; that of the timeline stands above all others and is imported for them."""
    assert issubclass(timeline.Occurrence, dy.Schema)
    return [each for found in kind.__subclasses__() for each in (found, *schemas(found))]


def of_schemas() -> set[str]:
    """Names of columns, whose home is the schema, and values of enums, of which polars refuses any other."""
    columns = [(name, column) for schema in schemas() for name, column in schema.columns().items()]
    values = {value for _, column in columns if isinstance(column, dy.Enum) for value in column.categories}
    return {name for name, _ in columns} | values


def test_a_value_of_ours_is_shown_in_words_wherever_it_stands_in_a_frame() -> None:
    ids = {
        name
        for schema in schemas()
        for name, column in schema.columns().items()
        if isinstance(column, dy.Enum) and any("_" in value for value in column.categories)
    }
    assert ids - NAMED == {"lane"}, "LANE_NAMES has the words of lanes"


OF_PEOPLE = ("cli/", "findings/", "fleet/", "report/", "widgets/")
"""Rooms that write what people read."""
ONE_THING = {"outcome", "severity", "role", "presence", "failed_stage", "scenario"}
"""Enums whose name is that of nothing else, wherever it stands."""


def shown_bare(tree: ast.AST) -> Iterator[str]:
    """Values of enums, by the column they are of, that a text takes between braces without `words`."""
    columns = {
        name
        for schema in schemas()
        for name, column in schema.columns().items()
        if isinstance(column, dy.Enum)
    }
    for node in ast.walk(tree):
        value = node.value if isinstance(node, ast.FormattedValue) else None
        while isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and not value.args:
            value = value.func.value
        named = getattr(value, "attr", None) or getattr(getattr(value, "slice", None), "value", None)
        if named in columns or getattr(value, "id", None) in ONE_THING:
            yield ast.unparse(value)


def test_a_value_of_ours_is_shown_in_words_wherever_it_stands_in_a_sentence() -> None:
    assert list(shown_bare(ast.parse("""f'{row["severity"].upper()}, {one.role}: {outcome}'"""))) == [
        "row['severity']",
        "one.role",
        "outcome",
    ]
    found = {
        module: list(shown_bare(tree)) for module, tree in modules().items() if module.startswith(OF_PEOPLE)
    }
    assert {module: values for module, values in found.items() if values} == {}


def ids() -> set[str]:
    """Ids that are rows of a table of facts, by its first column, or of NAMES."""
    paths = sorted((ROOM / "facts").glob("*.csv"))
    rows = [row for path in paths for row in csv.reader(path.read_text("utf-8").splitlines(True))]
    return {word for word in (*(row[0] for row in rows if row), *NAMES) if ID.fullmatch(word)} - of_schemas()


def written_ids() -> dict[str, set[str]]:
    """Ids -> modules that write them; a table of facts that is read by its name apart, samples apart."""
    known, found = ids(), defaultdict(set)
    for module, tree in modules().items():
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        tables = {
            id(given) for call in calls if ast.unparse(call.func) == "read_facts" for given in call.args
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and id(node) not in tables and isinstance(node.value, str):
                found[node.value].add(module)
    return {word: modules for word, modules in found.items() if word in known}


def test_no_id_is_written_in_more_than_two_modules() -> None:
    often = {word: places for word, places in written_ids().items() if len(places) > MOST_MODULES}
    assert {word: places for word, places in often.items() if word not in ASKED_FOR_BY_NAME} == {}
    assert set(often) >= set(ASKED_FOR_BY_NAME)


NAMED_VALUES = {
    "afterwards": "tables/story.py",
    "download_outcome": "tables/outcomes.py",
    "origin": "tables/fleet.py",
    "presence": "tables/capture.py",
    "profile_state": "tables/capture.py",
    "role": "tables/verdict.py",
    "severity": "tables/verdict.py",
}
"""Columns whose values have names in a table: modules ask for them, and give them, by these."""
NAMED_WORDS = {
    "report_v2": "tables/fleet.py",
    "absent": "tables/capture.py",
    "boot": "tables/story.py",
    "clock_step": "tables/story.py",
}
"""Values that are words of nothing else, but where Windows writes them: no other module does at all."""
NAMED_COLUMNS = {
    "undetected": "fleet/measures/items.py",
    "critical_time": "fleet/measures/items.py",
    "critical_devices": "fleet/measures/items.py",
    "why it matters": "fleet/postmortem/unseen.py",
    "because": "fleet/postmortem/citations.py",
    "in_words": "fleet/postmortem/impact.py",
}
"""Columns of measures and of the postmortem that are written out once, where they have their name."""
EVERYDAY_VALUES = {"succeeded", "failed", "unfinished", "partial"}
"""Outcomes of everything, of a download too, and what is there in part, a file too."""
ASKS = ("is_in", "eq", "ne", "eq_missing", "ne_missing")


def texts_of(node: ast.AST) -> set[str]:
    """Texts that stand within a piece of code."""
    found = [each.value for each in ast.walk(node) if isinstance(each, ast.Constant)]
    return {text for text in found if isinstance(text, str)}


def asked_or_given(node: ast.AST) -> Iterator[set[str]]:
    """Texts of a comparison, or of a value that a column or a key is given, and that; none of other code."""
    is_question = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    if isinstance(node, ast.Compare) or (is_question and node.func.attr in ASKS):
        yield texts_of(node)
    elif isinstance(node, ast.keyword) and node.arg:
        yield texts_of(node.value) | {node.arg}
    elif isinstance(node, ast.Dict):
        yield from (
            texts_of(each) | texts_of(key) for key, each in zip(node.keys, node.values, strict=True) if key
        )


def bare_values(tree: ast.AST) -> set[tuple[str, str]]:
    """Columns of NAMED_VALUES with those of their values that are written beside them as bare text."""
    found = set()
    for texts in (each for node in ast.walk(tree) for each in asked_or_given(node)):
        found |= {(name, value) for name in texts & set(NAMED_VALUES) for value in texts & values_of(name)}
    return found


@cache
def values_of(name: str) -> frozenset[str]:
    """Values that a column may hold, by all schemas that have it and list them."""
    columns = [schema.columns().get(name) for schema in schemas()]
    values = {value for column in columns if isinstance(column, dy.Enum) for value in column.categories}
    return frozenset(values - EVERYDAY_VALUES)


def test_a_module_asks_for_a_value_by_the_name_that_its_table_has_for_it() -> None:
    bare = {module: found for module, tree in modules().items() if (found := bare_values(tree))}
    assert {module: found for module, found in bare.items() if module not in NAMED_VALUES.values()} == {}
    assert all(values_of(name) for name in NAMED_VALUES)


@pytest.mark.parametrize("word", NAMED_WORDS)
def test_a_value_that_is_a_word_of_nothing_else_is_written_in_its_table(word: str) -> None:
    assert {place for place in texts()[word] if not place.startswith("readers/pasted")} == {NAMED_WORDS[word]}


@pytest.mark.parametrize(
    "code",
    [
        'attempt["afterwards"] != "continued"', 'pl.col("afterwards").is_in(["reset", RETRIED])',
        'pl.col("download_outcome").cast(pl.String) == "cached"',
        'f(afterwards=pl.when(x).then(pl.lit("reset")))', '{"title": "", "role": "cause" if x else y}',
    ],
)  # fmt: skip
def test_a_value_that_is_written_as_bare_text_is_found(code: str) -> None:
    assert bare_values(ast.parse(code))


@cache
def spelt() -> dict[object, list[str]]:
    """Modules of the fleet by each text, number and keyword that they write, as often as they do."""
    found = defaultdict(list)
    for module, tree in modules().items():
        for node in ast.walk(tree) if module.startswith("fleet/") else ():
            if isinstance(node, ast.keyword | ast.Constant):
                found[node.arg if isinstance(node, ast.keyword) else node.value].append(module)
    return found


@pytest.mark.parametrize("column", NAMED_COLUMNS)
def test_a_column_that_has_a_name_is_written_out_once(column: str) -> None:
    assert spelt()[column] == [NAMED_COLUMNS[column]]


NO_IDS_OF_OURS = {
    "codes/families.py": "the symbol of a code, as its family spells it",
    "findings/rules/package_deployments.py": "the name of a package of Windows",
    "findings/rules/quotes.py": "the name of a log, which PSAppDeployToolkit calls after an app",
    "widgets/picker.py": "the name of a notebook",
}
"""Modules that write a blank for "_" in names of others."""


def test_ids_become_words_in_one_place() -> None:
    calls = {
        module: [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        for module, tree in modules().items()
    }
    blank = {
        module
        for module, made in calls.items()
        if any([getattr(given, "value", None) for given in call.args] == ["_", " "] for call in made)
    }
    assert blank == set(NO_IDS_OF_OURS)


def test_no_two_figures_write_the_same_colour_down() -> None:
    found = defaultdict(set)
    for path in [ROOM / "colours.py", *sorted((ROOM / "figures").glob("*.py"))]:
        for colour in re.findall(r'"(#[0-9a-fA-F]{6})"', path.read_text("utf-8")):
            found[colour.lower()].add(path.name)
    assert {colour: places for colour, places in found.items() if len(places) > 1} == {}


MADE_UP = re.compile(
    r"Example .+|Sample .+|Desk .+|Slate .+|\d{5}\.\d+|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|https://.+"
)
"""What a sample makes up (apps, models), and ids and builds, in texts without or with values in braces."""


def test_no_two_modules_of_samples_make_the_same_up() -> None:
    found = defaultdict(set)
    for path in sorted((ROOM / "samples").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            text = (
                ast.unparse(node)[2:-1] if isinstance(node, ast.JoinedStr) else getattr(node, "value", None)
            )
            if isinstance(text, str) and MADE_UP.fullmatch(text):
                found[text].add(path.name)
    assert {text: places for text, places in found.items() if len(places) > 1} == {}


VAGUE = {"told", "said", "seen", "spoken", "untold"}


def names(module: Path) -> set[str]:
    """Names that a module gives: of variables, arguments and functions."""
    nodes = list(ast.walk(ast.parse(module.read_text("utf-8"))))
    stored = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    taken = {node.arg for node in nodes if isinstance(node, ast.arg)}
    made = {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    return {name.strip("_") for name in stored | taken | made}


def test_a_name_says_what_it_holds_and_not_that_somebody_said_it() -> None:
    vague = {str(module.relative_to(ROOM)): names(module) & VAGUE for module in ROOM.rglob("*.py")}
    assert {name: found for name, found in vague.items() if found} == {}
