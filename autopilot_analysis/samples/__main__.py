"""Rebuilds the sample data that ships with the project: `python -m autopilot_analysis.samples FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from autopilot_analysis.samples.writing import write_data

if __name__ == "__main__":
    write_data(Path(sys.argv[1] if len(sys.argv) > 1 else "data"))
