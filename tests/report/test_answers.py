from __future__ import annotations

import re

from autopilot_analysis.facts.addresses import address_of
from autopilot_analysis.findings import Answer, Answers, Line, Section
from autopilot_analysis.report.answers import FEW_WELL, MOST_DEVICES, answer_html, answers_of
from autopilot_analysis.report.page.tables import record_anchor

PROOF = Section("Proof", (Line("HRESULT: <0x1>", "proof", "a.evtx, record 5"),))
ANSWER = Answer(
    "SN-<1>", "1 attempt failed", "failed", (Section("What happened", (Line("Refused."),)), PROOF)
)


def test_an_answer_is_a_list_of_its_parts_and_escapes_everything():
    html = answer_html(answers_of(ANSWER))
    assert (
        '<section class="answer bad"><p class="verdict"><strong>SN-&lt;1&gt;</strong>: 1 attempt failed</p>'
        in html
    )
    assert "<dt>What happened</dt><dd><p>Refused.</p></dd>" in html
    assert "&lt;0x1&gt;" in html
    assert "<0x1>" not in html


def test_a_proof_links_to_its_record_where_the_page_shows_it():
    anchor = record_anchor("a.evtx, record 5")
    assert f'<a href="#{anchor}">a.evtx, record 5</a>' in answer_html(answers_of(ANSWER), anchors={anchor})
    assert "<a " not in answer_html(answers_of(ANSWER))


def test_a_proof_among_many_devices_links_to_a_record_of_its_own_device_alone():
    told = Answers((ANSWER, Answer("SN-2", "1 attempt failed", "failed", ANSWER.sections)))
    own, others = record_anchor("a.evtx, record 5", "SN-2"), record_anchor("a.evtx, record 5")
    html = answer_html(answers_of(told), anchors={own, others})
    assert html.count(f'<a href="#{own}">') == 1
    assert f'href="#{others}"' not in html
    proof = Section("Proof", (Line("x", "proof", "a.evtx, record 5", device="SN-2"),))
    fleet = Answer("fleet", "many", "failed", (proof,))
    assert f'SN-2: <span class="place"><a href="#{own}">' in answer_html(answers_of(fleet), anchors={own})
    assert "- `SN-2: a.evtx, record 5`: x" in fleet.markdown()


def test_devices_that_went_well_are_one_line_when_they_are_many():
    well = tuple(Answer(f"SN-{n}", "fine", "succeeded", ANSWER.sections[:1]) for n in range(FEW_WELL + 1))
    html = answer_html(answers_of(Answers((ANSWER, *well))))
    assert f'<details class="device good"><summary>{FEW_WELL + 1} devices succeeded</summary>' in html
    assert "devices succeeded" not in answer_html(answers_of(Answers((ANSWER, *well[1:]))))


def test_many_devices_are_a_list_that_opens_and_the_rest_is_counted():
    html = answer_html(answers_of(Answers((ANSWER,) * (MOST_DEVICES + 1))))
    assert html.count('<details class="device bad">') == MOST_DEVICES - 1
    assert html.index('<details class="device bad" open>') < html.index('<details class="device bad">')
    assert f"{MOST_DEVICES + 1} devices, worst first." in html
    assert "and 1 more device<" in html
    assert "<strong>SN-&lt;1&gt;</strong>: 1 attempt failed. Refused.</summary>" in html


def test_the_ticket_lies_beside_the_answer_as_text():
    assert '<details class="ticket"><summary>As text for a ticket</summary><pre># SN-' in answer_html(
        answers_of(ANSWER)
    )


def test_quotes_and_commands_look_like_what_they_are():
    one = Section("x", (Line("No.", "quote"), Line("tool -x", "command")))
    html = answer_html(answers_of(Answer("d", "v", "succeeded", (one,))))
    assert "<blockquote>No.</blockquote><pre>tool -x</pre>" in html
    assert 'class="answer good"' in html


def test_a_remedy_leads_to_its_page_and_asks_for_nothing():
    page = "Microsoft: Windows Autopilot known issues"
    line = Line("Do this.", "remedy", page, address_of(page))
    told = Answer("SN-1", "failed", "failed", (Section("What to do", (line,)),))
    html = answer_html(answers_of(told))
    assert re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', html) == [(line.address, page)]
    assert "Do this. (Microsoft: Windows Autopilot known issues)" in repr(told)
    assert f"Do this. ([{page}](https://learn.microsoft.com/autopilot/known-issues))" in told.markdown()
