"""Which wheels lack, by system and Python: `python benchmarks/wheels.py [--extras lab,fast] [--python 3.14]`.

pip resolves the dependencies of pyproject.toml for each, from wheels alone, and downloads nothing but their
descriptions. It judges `; sys_platform == …` by the machine it runs on, so what is needed on the other system
only is judged here and resolved once more. Prints a table of what lacks, `-` where nothing does; status 1 if
something lacks that the package itself needs.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
PYTHONS = ("3.11", "3.12", "3.13", "3.14", "3.15")
GLIBC = (39, 34, 31, 28, 27, 26, 24, 17)
SYSTEMS = {
    "Windows x64": (["win_amd64"], {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"}),
    "macOS arm64": (
        [f"macosx_{major}_0_arm64" for major in (15, 14, 13, 12, 11)] + ["macosx_11_0_universal2"],
        {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    ),
    "Linux x64": (
        [f"manylinux_2_{minor}_x86_64" for minor in GLIBC] + ["manylinux2014_x86_64", "linux_x86_64"],
        {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    ),
}
"""Tags that pip asks for, and what the marks in requirements say there."""
MACHINE = {"Windows x64": "AMD64", "macOS arm64": "arm64", "Linux x64": "x86_64"}
MISSING = re.compile(r"No matching distribution found for ([A-Za-z0-9._-]+)")


def resolve(requirements: list[str], python: str, tags: list[str]) -> tuple[list[dict], str | None]:
    """Return what pip would install, or the name of the first of which there is no wheel."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet",
                   "--disable-pip-version-check", "--only-binary=:all:", "--implementation", "cp",
                   "--python-version", python, "--target", folder, "--report", str(report)]  # fmt: skip
        command += [word for tag in tags for word in ("--platform", tag)]
        done = subprocess.run([*command, *requirements], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return json.loads(report.read_text("utf-8"))["install"], None
    found = MISSING.search(done.stderr)
    return [], found[1] if found else (done.stderr.strip().splitlines() or ["pip failed"])[-1]


def environment(system: str, python: str) -> dict[str, str]:
    """Return the values of the marks in requirements on another machine."""
    marks = {"python_version": python, "python_full_version": f"{python}.0", "extra": "",
             "platform_machine": MACHINE[system], "implementation_name": "cpython",
             "platform_python_implementation": "CPython"}  # fmt: skip
    return {**marks, **SYSTEMS[system][1]}


def needed_there(installed: list[dict], marks: dict[str, str]) -> list[str]:
    """Return what the packages need on that machine and pip, on this one, did not see."""
    there = {_plain(package["metadata"]["name"]) for package in installed}
    needed = set()
    for package in installed:
        extras = {"", *package.get("requested_extras", [])}
        for text in package["metadata"].get("requires_dist", []):
            asked = Requirement(text)
            wanted = asked.marker is None or any(asked.marker.evaluate({**marks, "extra": e}) for e in extras)
            if wanted and _plain(asked.name) not in there:
                needed.add(f"{asked.name}{asked.specifier}")
    return sorted(needed)


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def lacking(requirements: list[str], system: str, python: str) -> list[str]:
    """Return the names of all packages without a wheel."""
    tags, marks = SYSTEMS[system][0], environment(system, python)
    asked, lacks = list(requirements), []
    while True:
        installed, missing = resolve(asked, python, tags)
        if missing is None:
            more = needed_there(installed, marks)
            if not set(more) - set(asked):
                return lacks
            asked += more
            continue
        lacks.append(missing)
        kept = [text for text in asked if _plain(Requirement(text).name) != _plain(missing)]
        if not kept or kept == asked:
            return lacks
        asked = kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--extras", default="", help="extras to resolve beside the package itself, by comma")
    parser.add_argument(
        "--python", default=",".join(PYTHONS), help="versions, by comma (default: %(default)s)"
    )
    args = parser.parse_args()
    pythons = args.python.split(",")
    extras = [extra for extra in args.extras.split(",") if extra]
    wanted = {"": PROJECT["dependencies"]}
    wanted |= {f"extra {extra}": PROJECT["optional-dependencies"][extra] for extra in extras}
    print(f"| what lacks | {' | '.join(f'Python {python}' for python in pythons)} |")
    print(f"| --- |{' --- |' * len(pythons)}", flush=True)
    broken = False
    for name, requirements in wanted.items():
        for system in SYSTEMS:
            cells = [", ".join(lacking(requirements, system, python)) or "-" for python in pythons]
            broken = broken or (not name and set(cells) != {"-"})
            print(f"| {system}{f', {name}' if name else ''} | {' | '.join(cells)} |", flush=True)
    return int(broken)


if __name__ == "__main__":
    raise SystemExit(main())
