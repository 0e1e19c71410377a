from __future__ import annotations

import base64
import json
import re

from autopilot_analysis.colours import CLOCK_LINE, OPEN_LINE, RESTART_LINE
from autopilot_analysis.tables.timeline import MOST_TRACKS, PARTING
from autopilot_analysis.timeline import page
from autopilot_analysis.timeline.packing import pack_timeline
from autopilot_analysis.timeline.page import as_output, as_section, read_module, read_style
from autopilot_analysis.timeline.search import EQUALS, SEARCHED
from autopilot_analysis.wording import FAILED_SIGN

FORBIDDEN = (
    "innerHTML", "outerHTML", "insertAdjacent", "eval(", "Function(", "fetch(", "import(", "document.write",
    '"style"', "XMLHttpRequest", "WebSocket", "http:", "https:",
)  # fmt: skip


def test_a_section_holds_both_blocks_as_data(timeline):
    packed = pack_timeline(timeline)
    blocks = dict(re.findall(r'class="timeline-(\w+)">([^<]*)</script>', as_section(as_output(packed))))
    assert base64.b64decode(blocks["first"]) == packed.first
    assert base64.b64decode(blocks["rest"]) == packed.rest


def test_an_output_that_is_no_base64_cannot_leave_its_block():
    section = as_section({"first": 'AA</script><script>alert("x")</script>=', "rest": ""})
    assert re.findall(r"<script[^>]*>", section) == [
        '<script type="application/octet-stream" class="timeline-first">',
        '<script type="application/octet-stream" class="timeline-rest">',
    ]
    assert ">AA/scriptscriptalertx/script=</script>" in section


def test_the_module_needs_nothing_that_a_strict_page_forbids():
    module = read_module()
    for word in FORBIDDEN:
        assert word not in module, word
    assert "url(" not in read_style()
    assert "@import" not in read_style()
    assert "</script" not in module.lower()


def brightness(colour):
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(share * each for share, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    low, high = sorted((brightness(one), brightness(other)))
    return (high + 0.05) / (low + 0.05)


def test_every_word_stands_out_from_its_ground_in_light_and_in_dark():
    blocks = re.findall(r"\{([^{}]*--tl-paper:[^{}]*)\}", read_style())
    palettes = [dict(re.findall(r"--tl-(\w+): (#[0-9a-f]{6})", block)) for block in blocks]
    assert len(palettes) == 3  # light, dark by the system, dark by JupyterLab
    assert palettes[1] == palettes[2]
    for palette in palettes:
        for word in ("ink", "soft", "bad", "warn", "bar"):
            assert contrast(palette[word], palette["paper"]) >= 4.5, word


def test_the_module_has_its_constants_of_python_and_spells_none_again():
    parts = [page._read(f"{part}.js") for part in page.PARTS]
    shared = dict(
        re.findall(r"^const ([A-Z_]+) = (.+);$", read_module().removesuffix("".join(parts)), re.MULTILINE)
    )
    assert json.loads(shared["SEARCHED"]) == list(SEARCHED)
    assert json.loads(shared["EQUALS"]) == list(EQUALS)
    assert int(shared["MOST_TRACKS"]) == MOST_TRACKS
    assert not any(re.search(rf"\b{name} = ", part) for name in shared for part in parts)


def test_the_module_breaks_lines_and_names_failures_as_figures_do():
    module = read_module()
    for name, line in (("RESTART_LINE", RESTART_LINE), ("CLOCK_LINE", CLOCK_LINE), ("OPEN_LINE", OPEN_LINE)):
        assert f"const {name} = {json.dumps(line.page)};" in module
    assert f"const PARTING = {json.dumps(PARTING)};" in module
    assert f"const FAILED_SIGN = {json.dumps(FAILED_SIGN)};" in module
