"""Answers taken apart for tests."""

from __future__ import annotations

from autopilot_analysis.fleet import load_story
from autopilot_analysis.samples import write_sample


def story(folder, scenario):
    write_sample(folder / f"{scenario}.cab", scenario)
    return load_story(folder / f"{scenario}.cab")


def parts(answers, number=0):
    return {part.label: part.lines for part in answers.devices[number].sections}


def texts(lines):
    return [line.text for line in lines]
