"""The answer as HTML, for a page and a notebook alike."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from html import escape
from typing import Any

from autopilot_analysis import quoting, wording
from autopilot_analysis.findings import Answer, Answers
from autopilot_analysis.report.page.tables import page_link, record_anchor

MOST_DEVICES = 40
FEW_WELL = 5
"""Devices that went well listed one by one; more of them are folded into one line."""
FAILED = frozenset(["failed", "unfinished"])


def answers_of(shown: Answer | Answers) -> dict[str, Any]:
    """Return one answer or many as data: `answers`, and `more`, how many are left out.

    Args:
        shown: What `answer` or `answer_fleet` returned.
    """
    every = list(shown.devices) if isinstance(shown, Answers) else [shown]
    return {
        "answers": [one.to_dict() for one in every[:MOST_DEVICES]],
        "more": len(every) - min(len(every), MOST_DEVICES),
    }


def answer_html(
    data: Mapping[str, Any],
    *,
    shown: Callable[[str], str] = quoting.visible,
    anchors: Collection[str] = (),
) -> str:
    """Return answers as HTML: one whole, several as a list of devices that open.

    Args:
        data: What `answers_of` returned.
        shown: What to do to each text before it is escaped.
        anchors: Records that the page shows; proofs link to them.
    """
    answers = data["answers"]
    if len(answers) == 1:
        return _one(answers[0], shown, anchors)
    if not answers:
        return '<section class="answer"><p class="verdict">No device is named in what was read.</p></section>'
    well = [one for one in answers if one["outcome"] == "succeeded"]
    alike = well if len(well) > FEW_WELL else []
    worst = answers[0] if answers[0]["outcome"] in FAILED else None
    listed = "".join(
        _folded(one, shown, anchors, is_open=one is worst) for one in answers if one not in alike
    )
    if alike:
        inner = "".join(_folded(one, shown, anchors) for one in alike)
        summary = f"<summary>{wording.count(len(alike), 'device')} succeeded</summary>"
        listed += f'<details class="device good">{summary}{inner}</details>'
    more = f"<p>and {wording.count(data['more'], 'more device')}</p>" if data["more"] else ""
    total = wording.count(len(answers) + data["more"], "device")
    return f'<section class="answer"><p class="verdict">{total}, worst first.</p>{listed}{more}</section>'


def _one(answer: Mapping[str, Any], shown: Callable[[str], str], anchors: Collection[str]) -> str:
    subject, verdict = (escape(shown(answer[name])) for name in ("subject", "verdict"))
    named = wording.capital(verdict) if answer["title"] else f"<strong>{subject}</strong>: {verdict}"
    head = f'<p class="verdict">{named}</p>'
    parts = _parts(answer, shown, anchors, (answer["subject"], ""))
    return f'<section class="answer {_tone(answer)}">{head}{parts}</section>'


def _folded(
    answer: Mapping[str, Any],
    shown: Callable[[str], str],
    anchors: Collection[str],
    *,
    is_open: bool = False,
) -> str:
    subject, verdict = (escape(shown(answer[name])) for name in ("subject", "verdict"))
    first = escape(shown(answer["sections"][0]["lines"][0]["text"]))
    cause = f" {first}" if answer["outcome"] in FAILED and first.rstrip(".") not in verdict else ""
    summary = f"<summary><strong>{subject}</strong>: {verdict}.{cause}</summary>"
    state = " open" if is_open else ""
    parts = _parts(answer, shown, anchors, (answer["subject"],))
    return f'<details class="device {_tone(answer)}"{state}>{summary}{parts}</details>'


def _tone(answer: Mapping[str, Any]) -> str:
    return {"failed": "bad", "unfinished": "warn", "succeeded": "good"}.get(answer["outcome"], "calm")


def _parts(
    answer: Mapping[str, Any],
    shown: Callable[[str], str],
    anchors: Collection[str],
    owners: tuple[str, ...],
) -> str:
    rows = "".join(
        f"<div><dt>{escape(section['label'])}</dt>"
        f"<dd>{_lines(section['lines'], shown, anchors, owners)}</dd></div>"
        for section in answer["sections"]
    )
    ticket = escape(shown(answer["markdown"]))
    text = f'<details class="ticket"><summary>As text for a ticket</summary><pre>{ticket}</pre></details>'
    return f"<dl>{rows}</dl>{text}"


def _lines(
    lines: Sequence[Mapping[str, str]],
    shown: Callable[[str], str],
    anchors: Collection[str],
    owners: tuple[str, ...],
) -> str:
    """Return the lines of a part; the proofs behind the first can be folded, and are on a small screen."""
    html = [_line(line, shown, anchors, owners) for line in lines]
    if len(html) < 2 or lines[0]["kind"] != "proof":
        return "".join(html)
    summary = f"<summary>{wording.count(len(html) - 1, 'more line')}</summary>"
    return f'{html[0]}<details class="more" open>{summary}{"".join(html[1:])}</details>'


def _line(
    line: Mapping[str, str], shown: Callable[[str], str], anchors: Collection[str], owners: tuple[str, ...]
) -> str:
    text, place = escape(shown(line["text"])), escape(shown(line["place"]))
    if line["kind"] == "command":
        return f"<pre>{text}</pre>"
    if line["kind"] == "quote":
        return f"<blockquote>{text}</blockquote>"
    if line["kind"] == "remedy" and place:
        return f'<p>{text} <span class="page">{page_link(place, line.get("address"))}</span></p>'
    if line["kind"] != "proof":
        return f"<p>{text}</p>"
    device = line.get("device", "")
    named = (record_anchor(line["place"], owner) for owner in ((device,) if device else owners))
    anchor = next((each for each in named if each in anchors), "")
    who = f"{escape(shown(device))}: " if device else ""
    source = f'<a href="#{anchor}">{place}</a>' if anchor else place
    return f'<p class="proof">{who}<span class="place">{source}</span> <q>{text}</q></p>'
