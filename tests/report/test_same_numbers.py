"""A number that stands on two pages of a fleet, or on a page and in `explain`, is the same."""

import json
import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from small_fleets import write_fleet

from autopilot_analysis import explain, load_deployments, wording
from autopilot_analysis.report import write_report

PAGES = ("02_stage_timings", "03_failure_distribution", "04_root_cause", "05_postmortem", "06_fleet_study")
STUDY = [page for page in PAGES if page != "05_postmortem"]


class Text(HTMLParser):
    """The words of a page, without scripts, styles and pictures."""

    def __init__(self, html):
        super().__init__()
        self.silent, self.parts = 0, []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.silent += tag in ("script", "style", "svg")

    def handle_endtag(self, tag):
        self.silent -= tag in ("script", "style", "svg")

    def handle_data(self, data):
        if not self.silent:
            self.parts.append(data)

    @property
    def words(self):
        return " ".join(" ".join(self.parts).split())


@pytest.fixture(scope="module", params=["stored", "fresh"])
def shown(request, tmp_path_factory, page_of):
    """The text of each page of a fleet, and what `explain` says of it."""
    if request.param == "stored":
        folder = "data/fleet"
        pages = {name: page_of(name, "fleet") for name in PAGES}
    else:
        folder, out = (
            write_fleet(tmp_path_factory.mktemp("fresh"), 900, seed=2718),
            tmp_path_factory.mktemp("pages"),
        )
        written = {name: write_report(name, export=folder, out=out / f"{name}.html") for name in PAGES}
        pages = {name: page.read_text("utf-8") for name, page in written.items()}
    fleet = load_deployments(folder)
    words = {name: Text(page).words for name, page in pages.items()}
    return words, explain(fleet.deployments, candidates=fleet.candidates)


def found(pages, names, pattern):
    """Return every different text that a pattern finds on these pages; each of them must have it."""
    each = {name: set(re.findall(pattern, pages[name])) for name in names}
    assert all(each.values()), {name: len(values) for name, values in each.items()}
    return set.union(*each.values())


def test_attempts_devices_and_failures_are_the_same_on_every_page(shown):
    pages, _ = shown
    attempts = found(pages, STUDY, r"([\d,]+) attempts on ([\d,]+) devices")
    assert len(attempts) == 1
    assert attempts == found(pages, ["05_postmortem"], r"([\d,]+) attempts of ([\d,]+) devices \(")
    assert len(found(pages, STUDY, r"[\d,]+ of [\d,]+ \([^)]*\) of those that ended failed")) == 1


def test_counts_and_shares_of_the_group_are_those_of_explain(shown):
    pages, explained = shown
    row = explained.contrasts.row(0, named=True)
    group = re.escape(wording.group(json.loads(row["where"]))[1:])
    share = wording.share(row["k"], row["n"], row["low"], row["high"])
    assert found(pages, STUDY, rf"{group}: ([\d,]+ of [\d,]+ \([^)]*\)) failed") == {share}
    chance = rf"(?:{group}, f|F)ailed: {row['n']:,} first attempts against the rest; (by chance .+?)\. "
    assert found(pages, STUDY, chance) == {wording.by_chance(row["q"])}


LEVEL = r"[\d.]+ %(?: \([\d,]+ of [^)]*\))?"
"""A share, and from how many it is where that is known."""


def test_the_day_and_the_levels_are_those_of_explain(shown):
    pages, explained = shown
    change = explained.changes.row(0, named=True)
    levels = found(pages, PAGES, rf"(?:failed|moved, of first attempts) (from {LEVEL} to {LEVEL})")
    assert levels == {wording.levels(change)}
    day = r"(\d{4}-\d\d-\d\d)(?: \([^)]*\))?:(?: [^:]+:)? of first attempts, share failed from"
    assert found(pages, STUDY, day) == {f"{change['at']:%Y-%m-%d}"}
    moved = found(pages, ["05_postmortem"], r"On (\d+ \w+ \d{4}) the level moved")
    assert moved == {f"{change['at']:%d %B %Y}"}


def test_how_many_times_as_often_is_that_of_explain(shown):
    pages, explained = shown
    lift = explained.contrasts["lift"][0]
    times = found(pages, ["05_postmortem"], r"([\d.]+) times as likely")
    assert times == {f"{lift:.1f}"}


def test_devices_hit_and_time_lost_are_those_of_explain(shown):
    pages, explained = shown
    row = explained.contrasts.row(0, named=True)
    lost = wording.span(timedelta(minutes=round(row["lost"])))
    costs = found(pages, STUDY, r"What it costs [^:]+: ([\d,]+) devices hit, (.+?) lost\.")
    assert costs == {(f"{row['devices']:,}", lost)}
    assert found(pages, ["05_postmortem"], r"What it cost About .*?; (.+?) \([^)]*\) spent") == {lost}
    hit = found(pages, ["05_postmortem"], r"Who was hit ([\d,]+) of the [\d,]+ devices")
    assert hit == {f"{row['devices']:,}"}
