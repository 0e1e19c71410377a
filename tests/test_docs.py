"""The commands of the README and of the walk-through run as they stand there."""

from __future__ import annotations

import ast
import re
import shlex
import shutil
import sys
from datetime import timedelta
from pathlib import Path

import nbformat
import pytest
from benchmark_scripts import script
from constants_page import PAGE, constants, of_body, of_script, page
from page_numbers import HELD, LISTED, renewed, written
from page_numbers import pages as held_pages
from snapshots import options
from test_homes import texts

import autopilot_analysis
from autopilot_analysis.cli import main
from autopilot_analysis.cli.entry import VERBS
from autopilot_analysis.colours import RESTART_LINE
from autopilot_analysis.defaults import EXPORT
from autopilot_analysis.findings.signs.signs import TERMS
from autopilot_analysis.fleet.dataset.manifest import SET_ASIDE
from autopilot_analysis.fleet.measures.durations import TAIL
from autopilot_analysis.fleet.postmortem.ruled_out import NO_SIGN
from autopilot_analysis.formats import TABLE_FORMATS, TIMELINE_ENDINGS
from autopilot_analysis.timeline.search import BY_CODE, BY_FINDING, BY_ID, HOW_TO_SEARCH
from autopilot_analysis.wording import NAMES, TITLES

ROOT = Path(__file__).parents[1]
OF_OTHERS = {"--check", "--nbval-lax", "--pre", "--scope", "--text", "--tl-font", "--upgrade"}
"""Options of ruff, pytest, pip and winget, and names of style sheets, that pages name."""


def commands(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    verbs = "report|findings|explain|ingest|share|tables|timeline"
    return re.findall(rf"^(?:.*&& )?autopilot-analysis ((?:{verbs}) .*)$", text, re.MULTILINE)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("walk")
    shutil.copytree(ROOT / "data", folder / "data")
    return folder


@pytest.mark.parametrize(
    "command", commands("docs/walkthrough.md") + commands("docs/timeline.md") + commands("README.md")
)
def test_a_command_of_the_documents_runs_as_it_stands(place, monkeypatch, command, capsys, tmp_path):
    monkeypatch.chdir(place)
    for variable in ("XDG_DATA_HOME", "APPDATA", "HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    words = shlex.split(command, comments=True)
    assert main(words) == 0, capsys.readouterr().err
    if "--out" in words:
        assert (place / words[words.index("--out") + 1]).exists()


def test_the_readme_says_of_every_verb_what_its_help_says():
    page = re.sub(r"<!--.*?-->", "", (ROOT / "README.md").read_text("utf-8"))
    rows = re.findall(r"(?m)^\| `(\w+) [^`]*` \| (.*) \|$", page)
    helps = {verb.__name__.rpartition(".")[2]: verb.HELP for verb in VERBS}
    assert len(rows) == len(helps)
    assert dict(rows) == helps


def test_the_documents_hold_commands():
    assert len(commands("docs/walkthrough.md")) >= 9
    assert len(commands("README.md")) >= 1


PAGES = ["README.md", "CONTRIBUTING.md", *sorted(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES)
def test_every_link_between_the_documents_leads_somewhere(page):
    path = ROOT / page
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


MAP = (ROOT / "docs" / "design.md").read_text("utf-8").split("## Where to change what")[1].split("\n## ")[0]


def test_every_place_that_the_map_names_for_a_change_exists():
    named = re.findall(r"`((?:autopilot_analysis|notebooks|tests)/[\w/]*(?:/|\.\w+))`", MAP)
    assert len(named) > 100
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_map_names_every_place_by_its_full_path():
    named = re.findall(r"`([\w/]+(?:/|\.(?:py|csv|css|js|md)))`", MAP.split("###", 1)[1])
    rooms = ("autopilot_analysis", "notebooks", "tests", "docs")
    assert [name for name in named if name.split("/")[0] not in rooms] == []


def test_the_map_names_every_table_of_facts():
    facts = {
        f"autopilot_analysis/facts/{path.name}"
        for path in (ROOT / "autopilot_analysis" / "facts").glob("*.csv")
    }
    assert {name for name in facts if f"`{name}`" not in MAP} == set()


def test_every_constant_of_the_map_stands_where_it_says():
    pairs = re.findall(
        r"((?:`\w+`(?:, | and its words beside it)?)+) in `(autopilot_analysis/[\w/]+\.py)`", MAP
    )
    named = [(name, place) for names, place in pairs for name in re.findall(r"`(\w+)`", names)]
    assert len(named) > 30
    lost = [
        (name, place) for name, place in named
        if not re.search(rf"(?m)^(?:\w+, )*(?:def |class )?{name}\b", (ROOT / place).read_text("utf-8"))
    ]  # fmt: skip
    assert lost == []


def test_the_page_of_constants_lists_every_named_number_as_it_is():
    assert PAGE.read_text("utf-8") == page(), "python tests/page_numbers.py"
    assert len(constants()) > 700


def test_a_named_number_is_found_in_a_module_in_a_class_and_in_a_script():
    body = (
        'MOST, _LEAST, NAME = 3, 2, "x"\nclass Limits:\n    depth: int = 4\n    """How deep. And more."""\n'
    )
    found = [(each.name, each.value, each.meaning) for each in of_body("m.py", ast.parse(body).body)]
    assert found == [("MOST", "3", ""), ("Limits.depth", "4", "How deep.")]
    script = '// Rows.\nconst LINES = 12, SIGN = "x", NARROWEST = 5e1;\n'
    assert [(each.name, each.value, each.meaning) for each in of_script("m.js", script)] == [
        ("LINES", "12", "Rows."), ("NARROWEST", "5e1", "Rows."),
    ]  # fmt: skip


@pytest.mark.parametrize("page", held_pages(), ids=lambda page: page.name)
def test_a_number_that_is_a_constant_of_the_package_is_as_the_constant_is(page):
    text = page.read_text("utf-8")
    assert renewed(text) == text, "python tests/page_numbers.py"


def test_pages_hold_numbers_by_their_constants():
    assert sum(len(HELD.findall(page.read_text("utf-8"))) for page in held_pages()) > 20


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (30, "", "30"), (20_000, "", "20,000"), (0.01, "", "0.01"), (200.0, "", "200"), (0.9, "%", "90"),
        (timedelta(days=3), "days", "3"), (timedelta(minutes=90), "minutes", "90"), (512 << 20, "MiB", "512"),
    ],
)  # fmt: skip
def test_a_constant_is_written_in_the_unit_behind_it(value, unit, text):
    assert written(value, unit) == text


def test_a_number_follows_its_constant_and_nothing_else_changes():
    held = "at most 3<!-- export/limits.py Limits.depth --> deep, 3 wide"
    assert renewed(held) == "at most 4<!-- export/limits.py Limits.depth --> deep, 3 wide"


def test_a_word_follows_its_constant_and_keeps_its_large_letter():
    held = "Wavy<!-- colours.py RESTART_LINE.words -->, a dot<!-- timeline/module/words.js SIGNS.finding -->"
    line = RESTART_LINE.words.capitalize()
    assert renewed(held) == held.replace("Wavy", line).replace("a dot", "a cross")


def test_several_words_follow_their_constant_between_what_stands_around_them():
    held = "*Nothing found*<!-- fleet/postmortem/ruled_out.py NO_SIGN --> says"
    assert renewed(held) == held.replace("Nothing found", NO_SIGN.capitalize())
    small = held.replace("*Nothing", '"nothing').replace("found*", 'found"')
    assert renewed(small) == held.replace("*Nothing found*", f'"{NO_SIGN}"')


def test_a_list_follows_its_constant_and_each_of_it_stands_as_the_first_did():
    held = "of <!-- fleet/measures/nearest.py COUNTED: -->{}<!-- end --> or not"
    assert renewed(held.format("maker and size")) == held.format("model, build, profile, group tag and week")
    marked = held.format("`maker:` or `size:`")
    assert renewed(marked) == held.format("`model:`, `build:`, `profile:`, `group_tag:` or `week:`")


def test_a_part_of_a_constant_an_id_in_words_and_a_column_of_facts_are_held(monkeypatch):
    held = "`x`<!-- timeline/module/words.js KEYS.all -->, *gone*<!-- tables/story.py OUTCOMES.skipped -->"
    assert renewed(held).startswith("`f`<!--")
    monkeypatch.setitem(NAMES, "skipped", "left out")
    assert ", *left out*<!--" in renewed(held)
    folder = "the folder `x`<!-- fleet/dataset/manifest.py SET_ASIDE -->"
    assert renewed(folder) == folder.replace("`x`", f"`{SET_ASIDE}`")
    tail = "to the <!-- fleet/measures/durations.py TAIL: -->{}<!-- end -->"
    assert renewed(tail.format("10th percentile")) == tail.format(TITLES[TAIL])
    rows = "<!-- facts/enums.csv AutopilotV2DeploymentStatus.DeploymentStatus.name: -->{}<!-- end -->"
    assert renewed(rows.format("one and another")) == rows.format("success and failure")
    listed = "in <!-- facts/list_states.csv language: -->Latin and Greek<!-- end -->"
    assert renewed(listed).startswith("in <!-- facts/list_states.csv language: -->English, German, ")


@pytest.mark.parametrize("page", held_pages(), ids=lambda page: page.name)
def test_no_line_begins_with_the_comment_before_a_list(page):
    assert re.findall(rf"(?m)^{LISTED.pattern}", page.read_text("utf-8")) == []


def test_the_glossary_says_what_an_export_may_be():
    assert f"a {EXPORT}." in " ".join(autopilot_analysis.__doc__.split())


def test_the_page_on_the_timeline_searches_by_the_words_that_a_search_knows():
    page = (ROOT / "docs" / "timeline.md").read_text("utf-8")
    examples = re.findall(r"`([a-z]+):\w+`", page)
    assert examples == [BY_ID, BY_CODE, BY_FINDING]
    assert [each for each in re.findall(r"\w+:\w+", HOW_TO_SEARCH) if f"`{each}`" not in page] == []


def test_every_term_of_a_sign_is_named_on_the_page_on_rules():
    page = (ROOT / "docs" / "rules.md").read_text("utf-8")
    assert [term for term in sorted(TERMS) if not re.search(rf"`{term}=", page)] == []


PROSE = {
    path.name: "\n".join(["", *words])
    for path, words in (
        *((page, [page.read_text("utf-8")]) for page in held_pages() if page != PAGE),
        *(
            (path, [cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "markdown"])
            for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
        ),
    )
}
"""Pages and the words of notebooks; the page of constants is written anew as a whole."""


def without_held(text: str) -> str:
    """Return a page without what a comment holds, and without its blocks of commands."""
    return re.sub(r"(?ms)^```.*?^```", "", LISTED.sub("", HELD.sub("", text)))


@pytest.mark.parametrize("page", PROSE)
def test_what_a_page_quotes_of_the_package_is_held_by_a_comment(page):
    known = {text.strip(" .,;:(").lower() for text in texts()}
    quoted = re.findall(r'"([^"`|]+ [^"`|]+)"', " ".join(without_held(PROSE[page]).split()))
    assert [text for text in quoted if text.lower() in known] == [], '"words"<!-- module.py NAME -->'


@pytest.mark.parametrize("page", PROSE)
def test_the_name_of_a_form_and_the_ending_of_a_file_are_held_by_a_comment(page):
    text = without_held(PROSE[page])
    forms = {*TABLE_FORMATS, *TIMELINE_ENDINGS}
    assert [form for form in forms if re.search(rf"`{form}`|(?m:^\| {form} \|)", text)] == []
    endings = re.findall(r"(?<![\w*])(\.(?:xls\w?|ods|jsonl|parquet|ipynb|html|pdf))\b", text)
    assert endings == [], "`.end`<!-- module.py NAME -->"


def test_every_option_that_a_page_names_is_one():
    scripts = [*(ROOT / "benchmarks").rglob("*.py"), *(ROOT / "tests" / "cases").rglob("*.py")]
    known = {option for path in scripts for option in re.findall(r"--[a-z-]+", path.read_text("utf-8"))}
    known |= set(re.findall(r"--[a-z-]+", " ".join(options()))) | OF_OTHERS
    named = {
        (page.name, option)
        for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
        for option in re.findall(r"(?<![\w<!-])--[a-z][a-z-]*", page.read_text("utf-8"))
    }
    assert {(page, option) for page, option in named if option not in known} == set()


def test_every_block_of_the_page_on_scale_is_a_measurement_and_every_measurement_has_its_block():
    scale = script("scale")
    shown = [name for _, name, _ in scale.BLOCK.findall((ROOT / "docs/scale.md").read_text("utf-8"))]
    assert shown == list(dict.fromkeys(shown))
    assert set(shown) == {measurement.name for measurement in scale.MEASUREMENTS}
    assert all((ROOT / "benchmarks" / m.words.split()[0]).exists() for m in scale.MEASUREMENTS)


def test_a_measurement_puts_what_it_prints_into_its_block_and_nothing_else(tmp_path, monkeypatch, capsys):
    scale = script("scale")
    page = tmp_path / "scale.md"
    page.write_text(
        "a\n<!-- measured: one -->\nold\n<!-- end -->\nb\n<!-- measured: two -->\nold\n<!-- end -->\n"
    )
    (tmp_path / "one.py").write_text("import sys; print('new', sys.argv[1])")
    monkeypatch.setattr(scale, "HERE", tmp_path)
    monkeypatch.setattr(scale, "PAGE", page)
    one, two = scale.Measurement("one", "one.py DUMP"), scale.Measurement("two", "one.py LOG")
    monkeypatch.setattr(scale, "MEASUREMENTS", (one, two))
    monkeypatch.setattr(sys, "argv", ["scale.py", "--dump", str(page)])
    scale.main()
    assert page.read_text() == (
        f"a\n<!-- measured: one -->\n`python benchmarks/one.py DUMP`\n\nnew {page}\n<!-- end -->\nb\n"
        "<!-- measured: two -->\nold\n<!-- end -->\n"
    )
    assert "two stays as it is: no LOG was given" in capsys.readouterr().out
