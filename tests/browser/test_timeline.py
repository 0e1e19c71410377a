"""The timeline on a page, driven by mouse and keys: what it finds, shows and hands on is what polars says."""

from __future__ import annotations

import io
import json
import time
from datetime import timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import nbformat
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from autopilot_analysis import build_timeline, load_story, wording
from autopilot_analysis.codes import explain
from autopilot_analysis.report import find_data, write_report
from autopilot_analysis.report.page.page import build_page
from autopilot_analysis.timeline import search_timeline, write_timeline
from autopilot_analysis.timeline.packing import pack_timeline
from autopilot_analysis.timeline.page import MIME, as_output

EXPORT = find_data() / "mdm-enrollment-refused.cab"
VIEW = "document.querySelector('section.timeline').timeline"
HITS = "return view.hitRows.map((row) => row + 1)"
LISTED = "return view.listRows().map((row) => row + 1)"
PATIENCE, SHIFT = 20, 8


@pytest.fixture(scope="module")
def timeline():
    return build_timeline(*load_story(EXPORT))


@pytest.fixture(scope="module")
def page(selenium, tmp_path_factory):
    return write_report("01_device_trace", out=tmp_path_factory.mktemp("page"), export=str(EXPORT))


def page_of(frame, file, zone=None):
    """A page that shows a timeline and nothing else."""
    content = {MIME: as_output(pack_timeline(frame, zone=zone)), "text/plain": "timeline"}
    output = nbformat.v4.new_output("display_data", data=content)
    cells = [nbformat.v4.new_markdown_cell("# Timeline"), nbformat.v4.new_code_cell(outputs=[output])]
    file.write_text(build_page(nbformat.v4.new_notebook(cells=cells)), encoding="utf-8")
    return file


class Line:
    """The timeline of an open page."""

    def __init__(self, driver, page, place=""):
        self.driver = driver
        driver.get("about:blank")
        driver.get_log("performance"), driver.get_log("browser")
        driver.get(page.as_uri() + place)
        self.wait(f"{VIEW}?.ready")
        self.canvas = driver.find_element("css selector", ".tl-canvas")

    def run(self, script, *values):
        return self.driver.execute_script(script.replace("view", VIEW), *values)

    def wait(self, condition):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.driver.execute_script(f"return {condition.replace('view', VIEW)}"):
                return
            time.sleep(0.05)
        pytest.fail(f"waited {PATIENCE} s in vain for {condition}")

    def find(self, query):
        """Type a search and return the ids of its hits."""
        field = self.driver.find_element("css selector", ".tl-search")
        field.clear()
        field.send_keys(query)
        self.wait(f"view.query === {json.dumps(query.strip())}")
        return self.run(HITS)

    def size(self):
        return self.run("return view.u1 - view.u0")

    def press(self, *keys):
        self.run("view.canvas.focus({preventScroll: true})")
        self.canvas.send_keys(*keys)

    def click(self, row):
        """Click the mark or bar of a row where it is drawn."""
        script = """
        const box = view.boxes.find((each) => each.row === arguments[0] && each.x1 > view.gutter);
        view.canvas.scrollIntoView({block: 'start'});
        const place = view.canvas.getBoundingClientRect();
        return box && [(Math.max(box.x0, view.gutter) + Math.min(box.x1, box.x0 + 8)) / 2 + place.left,
          (box.y0 + box.y1) / 2 + place.top];"""
        x, y = self.run(script, row)
        mouse = {"x": x, "y": y, "button": "left", "clickCount": 1}
        for kind in ("mousePressed", "mouseReleased"):
            self.driver.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": kind, **mouse})

    def panel(self):
        return self.driver.find_element("css selector", ".tl-panel").text


@pytest.fixture
def line(browser, page):
    return Line(browser, page)


def test_the_page_asks_nothing_of_the_network_and_has_no_errors(browser, page, line, shots):
    line.find("enrol")
    line.press("n")
    browser.save_screenshot(str(shots / "timeline.png"))
    sent = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [m["params"]["request"]["url"] for m in sent if m["method"] == "Network.requestWillBeSent"]
    assert [url for url in asked if not url.startswith("data:") and url != page.as_uri()] == []
    assert browser.get_log("browser") == []


@pytest.mark.parametrize(
    "query",
    [
        "enrol", "ENROL -failed", '"MDM enrolment"', "code:0x8018", "id:71", "channel:autopilot",
        "level:error", "kind:mark stage:mdm_enrollment", "-kind:event", "finding:1",
        "https://", "nothing-of-the-kind", "{",
    ],
)  # fmt: skip
def test_hits_are_the_rows_that_polars_finds(line, timeline, query):
    assert line.find(query) == search_timeline(timeline, query)["id"].to_list()


def test_the_csv_of_the_hits_is_the_filtered_frame(line, timeline, tmp_path):
    line.find("-level:info")
    found = search_timeline(timeline, "-level:info")
    expected = pl.read_csv(write_timeline(found, tmp_path / "t", "csv"), infer_schema=False)
    written = pl.read_csv(io.StringIO(line.run("return view.rows.csv(view.listRows())")), infer_schema=False)
    assert_frame_equal(written.fill_null(""), expected.fill_null(""))
    assert written.height > 5


def test_the_wheel_scrolls_the_page_until_the_picture_has_focus(browser, line):
    line.run("view.canvas.scrollIntoView({block: 'start'}); document.activeElement.blur()")
    x, y = line.run("const b = view.canvas.getBoundingClientRect(); return [b.left + 400, b.top + 100]")
    before, size = line.run("return scrollY"), line.size()
    turn = {"type": "mouseWheel", "x": x, "y": y, "deltaX": 0, "deltaY": -120}
    browser.execute_cdp_cmd("Input.dispatchMouseEvent", turn)
    line.wait(f"scrollY < {before}")
    assert line.size() == size
    line.run("view.canvas.scrollIntoView({block: 'start'}); view.canvas.focus({preventScroll: true})")
    before = line.run("return scrollY")
    browser.execute_cdp_cmd("Input.dispatchMouseEvent", turn)
    line.wait(f"view.u1 - view.u0 < {size}")
    assert line.run("return scrollY") == before


def test_keys_zoom_move_and_show_all(line):
    line.press("f")
    whole, start = line.size(), line.run("return view.u0")
    line.press("+", "+")
    assert line.size() == pytest.approx(whole / 1.6**2)
    line.press("\ue014")  # right
    assert line.run("return view.u0") > start
    line.press("f")
    assert (line.size(), line.run("return view.u0")) == (whole, start)


def test_zoom_goes_down_to_fifty_microseconds(line):
    line.press(*"+" * 80)
    assert line.size() == pytest.approx(50)


def test_keys_go_through_the_hits_and_a_click_shows_one(line, timeline):
    hits = line.find("kind:finding")
    line.press("n", "n")
    assert line.run("return view.chosen + 1") == hits[1]
    line.press("p")
    assert line.run("return view.chosen + 1") == hits[0]
    line.press("f")
    attempt = timeline.filter(kind="attempt").row(0, named=True)
    line.wait("!view.due")
    line.click(attempt["id"] - 1)
    line.wait(f"view.chosen === {attempt['id'] - 1}")
    assert attempt["title"] in line.panel()
    assert f"{attempt['at']:%Y-%m-%d %H:%M:%S}" in line.panel()


def test_a_record_shows_its_fields_code_and_neighbours(line, timeline):
    failed = timeline.filter(kind="event", event_id=71).row(0, named=True)
    line.run("view.choose(arguments[0])", failed["id"] - 1)
    assert f"0x80180014 {explain('0x80180014').symbol}" in line.panel()
    assert failed["member"] in line.panel()
    reach = timedelta(seconds=5)
    near = pl.col("at").is_between(failed["at"] - reach, failed["at"] + reach)
    line.wait("view.list === 'near' && view.shown")
    assert line.run(LISTED) == timeline.filter(near)["id"].to_list()


def test_a_finding_leads_to_its_records_and_back(browser, page, timeline):
    line = Line(browser, page, "#timeline-finding-1")
    assert line.run(HITS) == search_timeline(timeline, "finding:1")["id"].to_list()
    proof = timeline.filter(pl.col("findings").list.contains(1), pl.col("kind") == "event").row(0, named=True)
    line.run("view.choose(arguments[0])", proof["id"] - 1)
    back = browser.find_element("css selector", ".tl-panel a[href='#finding-1']")
    title = timeline.filter(pl.col("findings").list.contains(1), pl.col("kind") == "finding")["title"][0]
    assert back.text == title
    browser.execute_script("arguments[0].click()", back)
    assert browser.execute_script("return location.hash") == "#finding-1"
    assert title in browser.find_element("id", "finding-1").text
    forth = browser.find_element("css selector", "a[href='#timeline-finding-1']")
    line.find("nothing")
    browser.execute_script("arguments[0].click()", forth)
    line.wait("view.query === 'finding:1'")


TAB, ENTER, RIGHT, ESCAPE = "\ue004", "\ue007", "\ue014", "\ue00c"
FOCUSED = """const one = document.activeElement, look = getComputedStyle(one);
  return [one.tagName.toLowerCase(), one.getAttribute('aria-label') || one.textContent,
    one.matches(':focus-visible') && look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) >= 2];"""


class Keys:
    """A person who has keys alone."""

    def __init__(self, driver):
        self.driver = driver

    def press(self, *keys):
        for key in keys:
            self.driver.switch_to.active_element.send_keys(key)

    def here(self):
        return self.driver.execute_script(FOCUSED)

    def tab_to(self, name, most=60):
        """Press Tab until an element of that name has the focus; return the names that had it before."""
        passed = []
        for _ in range(most):
            self.press(TAB)
            _, label, is_visible = self.here()
            assert is_visible, f"nothing shows that {label} has the focus"
            passed.append(label)
            if label.startswith(name):
                return passed
        pytest.fail(f"{most} times Tab never reached {name}: {passed}")


def test_keys_alone_search_zoom_go_from_a_hit_to_its_evidence_and_back(browser, line, timeline):
    keys = Keys(browser)
    passed = keys.tab_to("Timeline of ")  # through the whole page above, each stop of it visible
    order = [name.partition(" (")[0] for name in passed[passed.index("Search all records") : -1]]
    zones = ["Show times in the device's zone or in UTC"] if line.run("return !view.zones.hidden") else []
    assert order == [
        "Search all records", "Previous hit", "Next hit", "Levels shown", "Stage shown",
        "Zoom out", "Zoom in", "Show the attempts", "Show everything", *zones,
    ]  # fmt: skip
    keys.press("f")
    whole = line.size()
    keys.press("+", "+", RIGHT)
    assert line.size() == pytest.approx(whole / 1.6**2)
    assert line.run("return view.u0") > 0
    keys.press("/")
    assert keys.here()[1] == "Search all records"
    keys.press("kind:finding")
    hits = search_timeline(timeline, "kind:finding")["id"].to_list()
    line.wait(f"view.hitRows.length === {len(hits)}")
    keys.press(ENTER)
    assert line.run("return view.chosen + 1") == hits[0]
    finding = line.run("return [...view.rows.byFinding].find(([, row]) => row === view.chosen)[0]")
    keys.tab_to("show ")
    keys.press(ENTER)
    line.wait(f"view.query === 'finding:{finding}'")
    proofs = search_timeline(timeline, f"finding:{finding}")["id"].to_list()
    assert line.run(HITS) == proofs
    assert keys.here()[1].startswith("Timeline of ")
    keys.press("n")
    title = timeline.filter(id=hits[0])["title"][0]
    keys.tab_to(title)
    keys.press(ENTER)
    line.wait(f"location.hash === '#finding-{finding}'")
    keys.tab_to("show ")
    line.find("nothing")
    keys.driver.find_element("css selector", f"#finding-{finding} a").send_keys(ENTER)
    line.wait(f"view.query === 'finding:{finding}'")
    keys.press(ESCAPE)
    line.wait("view.query === '' && view.chosen === -1")
    assert browser.get_log("browser") == []


def test_a_listed_record_keeps_the_focus_when_the_list_follows_it(browser, line):
    keys = Keys(browser)
    line.find("level:error")
    line.wait("view.shown && view.spacer.childElementCount > 2")
    line.run("view.scroll.focus()")
    keys.press(TAB, TAB, ENTER)
    line.wait("view.chosen === view.hitRows[1]")
    time.sleep(0.2)
    assert line.run("return document.activeElement.row === view.chosen")
    assert keys.here()[2]


def test_the_address_holds_the_view_so_that_it_can_be_shared(browser, page, line):
    line.find("enrol")
    line.press("f", "+", "n")
    line.wait("location.hash.includes('row=')")
    address = browser.execute_script("return location.hash")
    state = "return [view.query, view.chosen, ...[view.u0, view.u1].map((u) => Math.round(u / 1e4))]"
    before = line.run(state)
    again = Line(browser, page, address)
    assert again.run(state) == before


def test_a_stretch_selected_with_shift_is_listed(line, timeline):
    line.press("f")
    line.run("view.canvas.scrollIntoView({block: 'start'})")
    left, top = line.run("const b = view.canvas.getBoundingClientRect(); return [b.left, b.top]")
    mouse = {"y": top + 120, "button": "left", "buttons": 1, "clickCount": 1, "modifiers": SHIFT}
    for kind, x in (("mousePressed", 300), ("mouseMoved", 500), ("mouseReleased", 500)):
        line.driver.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": kind, "x": left + x, **mouse})
    line.wait("view.list === 'span'")
    start, end = line.run("return view.stretch.map((u) => view.rows.toT(u))")
    inside = timeline.filter(pl.col("at").dt.epoch("us").is_between(start, end))
    assert line.run(LISTED) == inside["id"].to_list()
    assert inside.height > 0


def test_levels_and_stages_are_filters(line, timeline):
    line.run("view.levels.value = 'error'; view.levels.dispatchEvent(new Event('change'))")
    grave = timeline.filter(pl.col("level").is_in(["critical", "error"]))
    assert line.run("return view.mask.reduce((sum, each) => sum + each, 0)") == grave.height
    line.run("view.stages.value = 'mdm_enrollment'; view.stages.dispatchEvent(new Event('change'))")
    both = grave.filter(stage="mdm_enrollment")
    assert line.run("return view.mask.reduce((sum, each) => sum + each, 0)") == both.height > 0


def test_the_list_of_stages_names_them_as_python_does(line, timeline):
    stages = timeline["stage"].cast(pl.String).drop_nulls().unique().to_list()
    listed = line.run("return Array.from(view.stages.options, (each) => [each.value, each.text])")
    assert {value: text for value, text in listed if value} == {each: wording.words(each) for each in stages}
    assert "MDM enrolment" in dict(listed).values()


def test_an_idle_stretch_is_short_until_it_is_opened(browser, timeline, tmp_path):
    apart = [
        pl.when(pl.col("id") > timeline.height // 2).then(pl.col(name) + timedelta(days=3)).otherwise(name)
        for name in ("at", "ended_at")
    ]
    line = Line(browser, page_of(timeline.with_columns(apart), tmp_path / "t.html"))
    days = 86_400 * 10**6
    assert line.run("return view.rows.folds.length") == 1
    assert line.run("return view.rows.length") < days
    line.press("f")
    line.wait("view.boxes.some((box) => box.fold)")
    line.run("const box = view.boxes.find((each) => each.fold); view.click((box.x0 + box.x1) / 2, 40)")
    assert line.run("return view.rows.folds.length") == 0
    assert line.run("return view.rows.length") > 2 * days


def test_undated_rows_are_counted_searched_and_listed(browser, timeline, tmp_path):
    lost = timeline.with_columns(at=pl.when(pl.col("event_id") != 71).then("at"), ended_at=None)
    rows = lost.sort("at", nulls_last=True, maintain_order=True).with_columns(
        id=pl.int_range(1, pl.len() + 1, dtype=pl.Int64)
    )
    undated = rows.filter(pl.col("at").is_null())["id"].to_list()
    line = Line(browser, page_of(rows, tmp_path / "t.html"))
    line.run("view.turn('undated')")
    assert line.run(LISTED) == undated
    assert line.find("code:0x80180014") == search_timeline(rows, "code:0x80180014")["id"].to_list()
    assert "without an instant" in browser.find_element("css selector", ".tl-count").text


def test_times_can_be_read_in_the_devices_zone(browser, timeline, tmp_path):
    line = Line(browser, page_of(timeline, tmp_path / "t.html", zone="Asia/Kolkata"))
    line.run("view.choose(0)")
    first = timeline["at"][0]
    assert f"{first:%Y-%m-%d %H:%M:%S}" in line.panel()
    line.run("view.zones.click()")
    assert f"{first.astimezone(ZoneInfo('Asia/Kolkata')):%Y-%m-%d %H:%M:%S}" in line.panel()


def test_hostile_rows_stay_text(browser, timeline, tmp_path):
    evil = '</script><img src=x onerror="window.owned=1">\u202eevil\x1b[31m'
    rows = timeline.with_columns(title=pl.lit(evil[:70]), text=pl.lit(evil), track=pl.lit(evil))
    line = Line(browser, page_of(rows, tmp_path / "evil.html"))
    line.run("view.choose(0)")
    assert "\\u202eevil\\u001b[31m" in line.panel()
    assert line.run("return [window.owned, view.root.querySelectorAll('img').length]") == [None, 0]
    assert browser.get_log("browser") == []


def test_it_fits_a_phone_turns_dark_and_prints_light(browser, page, shots):
    phone = {"width": 390, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    dark = [{"name": "prefers-color-scheme", "value": "dark"}]
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": dark})
    corner = "return Math.max(...view.canvas.getContext('2d').getImageData(2, 2, 1, 1).data.slice(0, 3))"
    try:
        line = Line(browser, page)
        assert browser.execute_script("return document.documentElement.scrollWidth") <= 390
        line.run("view.root.scrollIntoView()")
        browser.save_screenshot(str(shots / "timeline-phone-dark.png"))
        assert line.run(corner) < 60
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print", "features": dark})
        line.wait("view.printing")
        assert line.run(corner) == 255
        assert not browser.find_element("css selector", ".tl-search").is_displayed()
        wide, high = line.run("return [view.width, view.height]")
        assert wide == pytest.approx(min(1100, max(760, high * 0.78)))
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
    line.wait("!view.printing")


def apps(world_rows, count):
    """So many apps, each installed for a minute, as rows of a timeline."""
    row = world_rows.filter(kind="stage").head(1)
    return pl.concat(
        row.with_columns(
            lane=pl.lit("apps", dtype=row.schema["lane"]),
            kind=pl.lit("install", dtype=row.schema["kind"]),
            track=pl.lit(f"App {number}"),
            ended_at=pl.col("at") + timedelta(minutes=1),
        )
        for number in range(count)
    )


@pytest.mark.parametrize(("count", "rows"), [(12, 12), (13, 1)])
def test_more_than_twelve_apps_share_a_row_until_their_lane_is_opened(
    browser, timeline, tmp_path, count, rows
):
    line = Line(browser, page_of(apps(timeline, count), tmp_path / "t.html"))
    shown = "return view.lanes.find((each) => each.lane === 'apps').tracks.length"
    assert line.run(shown) == rows
    line.run(
        "const box = view.boxes.find((each) => each.lane === 'apps'); if (box) view.click(5, box.y0 + 5)"
    )
    assert line.run(shown) == count


@pytest.mark.parametrize(("minutes", "folds"), [(9.9, 0), (10.1, 1)])
def test_ten_minutes_without_a_record_are_idle(browser, timeline, tmp_path, minutes, folds):
    start = timeline["at"][0]
    times = [start + timedelta(minutes=minutes * place) for place in (0, 1)]
    rows = timeline.filter(kind="mark").head(2).with_columns(at=pl.Series(times, dtype=timeline.schema["at"]))
    line = Line(browser, page_of(rows, tmp_path / "t.html"))
    assert line.run("return view.rows.folds.length") == folds


def test_what_a_stage_waited_through_stays_wide(browser, timeline, tmp_path):
    start = timeline["at"][0]
    marks = timeline.filter(kind="mark").head(4)
    at = [start + timedelta(minutes=minutes) for minutes in (0, 5, 245, 485)]
    rows = marks.with_columns(at=pl.Series(at, dtype=marks.schema["at"]))
    stage = (
        timeline.filter(kind="stage")
        .head(1)
        .with_columns(
            at=pl.lit(at[1]).cast(marks.schema["at"]), ended_at=pl.lit(at[2]).cast(marks.schema["at"])
        )
    )
    line = Line(browser, page_of(pl.concat([rows, stage]).sort("at"), tmp_path / "t.html"))
    waited, idle = line.run("return view.rows.folds.map((fold) => fold.v - fold.u)")
    assert waited > 5 * idle


def test_without_any_instant_it_draws_no_line_and_lists_the_records(browser, timeline, tmp_path):
    rows = timeline.with_columns(at=pl.lit(None, dtype=timeline.schema["at"]), ended_at=None)
    line = Line(browser, page_of(rows, tmp_path / "t.html"))
    assert not line.canvas.is_displayed()
    assert "No record here has an instant" in browser.find_element("css selector", ".timeline").text
    assert line.run(LISTED) == timeline["id"].to_list()
    assert browser.get_log("browser") == []


@pytest.mark.parametrize(("outcome", "whole"), [("failed", False), ("skipped", True)])
def test_it_opens_on_the_attempts_unless_autopilot_did_not_run(browser, timeline, tmp_path, outcome, whole):
    later = timeline.filter(kind="mark").with_columns(at=pl.col("at") + pl.col("id") * timedelta(minutes=9))
    rows = pl.concat([timeline, later]).with_columns(
        outcome=pl.when(pl.col("kind") == "attempt").then(pl.lit(outcome)).otherwise("outcome")
    )
    line = Line(browser, page_of(rows.sort("at"), tmp_path / "t.html"))
    assert (line.size() >= line.run("return view.rows.length")) == whole


def test_devices_are_shown_one_at_a_time(browser, timeline, tmp_path):
    other = timeline.with_columns(device=pl.lit("SN-other"), at=pl.col("at") + timedelta(days=400))
    line = Line(browser, page_of(pl.concat([timeline, other]).sort("at"), tmp_path / "t.html"))
    assert line.run("return [view.mask.reduce((sum, each) => sum + each, 0), view.devices.hidden]") == [
        timeline.height,
        False,
    ]
    assert line.run("return view.rows.length") < 86_400e6
    line.run("view.devices.value = '1'; view.devices.dispatchEvent(new Event('change'))")
    assert line.run("return [...new Set(view.listRows().map((row) => view.rows.said('device', row)))]") == [
        "SN-other"
    ]


def test_a_label_is_whole_or_shortened_at_its_parts_and_never_cut_to_a_few_letters(line):
    text = "Entra join · succeeded · 15 s"
    line.run("view.type()")
    wide = [line.run("return view.c.measureText(arguments[0]).width", part) for part in (text, "Entra join")]
    shown = [line.run("return view.label(arguments[0], arguments[1])", text, room + 1) for room in wide]
    assert shown == [text, "Entra join"]
    assert line.run("return view.label(arguments[0], arguments[1])", text, wide[1] - 4) == ""
    long = "The installer ended with an exit code of its own"
    cut = line.run("return view.label(arguments[0], 160)", long)
    assert (cut[-1], cut[:12]) == ("…", long[:12])
    assert line.run("return view.label(arguments[0], 160, false)", long) == ""


def test_the_name_of_a_narrow_bar_stands_beside_it(line):
    narrow = """
    const texts = [], c = view.canvas.getContext('2d'), own = c.fillText.bind(c);
    c.fillText = (text, x, y) => { texts.push([text, x]); own(text, x, y); };
    view.paint();
    delete c.fillText;
    const stage = (box) => box.row !== undefined && view.rows.said('kind', box.row) === 'stage';
    const bars = view.boxes.filter(stage);
    return bars.map((bar) => [bar.x1, texts.filter(([text]) => text.includes(' · ')).map(([, x]) => x)
      .filter((x) => Math.abs(x - bar.x1 - 5) < 0.01).length]);"""
    beside = line.run(narrow)
    assert beside
    assert any(found for _, found in beside)


def test_a_span_reads_alike_in_the_timeline_and_in_sentences(browser):
    lengths = [0.1, 0.44, 9.9, 9.96, 10, 59.4, 59.6, 61, 3599, 3600, 86_400, 108_000, 172_800, 200_000, 9e7]
    words = (files("autopilot_analysis.timeline") / "module" / "words.js").read_text("utf-8")
    shared = f"const IN_MINUTES = {json.dumps(wording.IN_MINUTES)};"
    script = f"{shared}\n{words}\nreturn arguments[0].map((seconds) => span(seconds * 1e6));"
    expected = [wording.span(timedelta(seconds=length)) for length in lengths]
    assert browser.execute_script(script, lengths) == expected


def test_its_font_is_that_of_its_page_and_its_own_where_it_stands_alone(line):
    fonts = """
    document.documentElement.style.setProperty('--text', arguments[0]);
    view.recolour(); view.type();
    return [getComputedStyle(view.root).fontFamily, view.font, view.c.font];"""
    page = line.run("return getComputedStyle(document.body).fontFamily")
    assert line.run("return [getComputedStyle(view.root).fontFamily, view.font]") == [page, page]
    changed = line.run(fonts, "Courier, monospace")
    assert changed[:2] == ["Courier, monospace"] * 2
    assert changed[2].endswith("Courier, monospace")
    alone, drawn, _ = line.run(fonts, "initial")
    assert (alone.split(",")[0], drawn) == ('"Segoe UI"', alone)
