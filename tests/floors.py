"""Print the lowest versions that pyproject.toml admits, as constraints for pip.

python tests/floors.py > floors.txt && python -m pip install -c floors.txt -e ".[test]"
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path


def floors() -> list[str]:
    """Return `name==version` for each dependency, those of the extras included, linters not."""
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    asked = [*project["dependencies"], *(line for name in extras if name != "lint" for line in extras[name])]
    found = (re.fullmatch(r"([\w.-]+)>=([\w.]+)", line) for line in asked)
    return sorted({f"{match[1]}=={match[2]}" for match in found if match})


if __name__ == "__main__":
    sys.stdout.write("\n".join(floors()) + "\n")
