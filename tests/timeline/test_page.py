from __future__ import annotations

import base64
import re

from autopilot_analysis.timeline.packing import pack_timeline
from autopilot_analysis.timeline.page import as_output, as_section, read_module, read_style

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
