from __future__ import annotations

import importlib.util
import re
import tomllib
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_conda_people_get_the_package_through_pip_with_extras_that_exist():
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    extras = re.search(r"-e \.\[([\w,]+)\]", text).group(1).split(",")
    assert set(extras) <= set(PROJECT["optional-dependencies"])


def test_conda_people_get_the_python_that_the_project_asks_for():
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert f"python{PROJECT['requires-python']}" in text


def test_conda_installs_nothing_but_python_and_pip_itself():
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    listed = re.findall(r"^  - ([\w-]+)", text.split("dependencies:")[1], flags=re.MULTILINE)
    assert listed == ["python", "pip", "pip"]


def test_every_dependency_has_a_floor_and_no_ceiling():
    listed = [*PROJECT["dependencies"], *chain(*PROJECT["optional-dependencies"].values())]
    assert [d for d in listed if "<" in d or "==" in d.split(";")[0]] == []


def test_there_are_at_most_eighteen_direct_dependencies():
    assert len(PROJECT["dependencies"]) <= 18


def test_every_dependency_is_among_the_lowest_versions_that_are_tested():
    spec = importlib.util.spec_from_file_location("floors", ROOT / "tests" / "floors.py")
    floors = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(floors)
    named = {line.partition("==")[0] for line in floors.floors()}
    assert {re.split("[>=]", line)[0] for line in PROJECT["dependencies"]} <= named


def test_the_page_of_dependencies_tells_each_with_its_floor_licence_and_what_would_replace_it():
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if line[:2] == "| "
    ]
    head, _, *listed = rows
    assert head == ["package", "for", "licence", "floor", "what would replace it"]
    assert {name: floor for name, _, _, floor, _ in listed} == dict(
        line.split(">=") for line in PROJECT["dependencies"]
    )
    assert all(all(row) for row in listed)
