"""An executed notebook becomes one page that asks nothing of the network and runs only its own script."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from importlib.resources import files
from typing import Any

import jinja2

from autopilot_analysis import wording
from autopilot_analysis.colours import coloured
from autopilot_analysis.errors import BadInput
from autopilot_analysis.quoting import cut, visible
from autopilot_analysis.report.answers import answer_html
from autopilot_analysis.report.cells import ANSWER, FRAME, ROWS
from autopilot_analysis.report.notebooks import WITHOUT_OUTPUT, Node
from autopilot_analysis.report.page.markup import clean, link, plain
from autopilot_analysis.report.page.parts import LIVE, cells_shown, is_empty
from autopilot_analysis.report.page.tables import table_html
from autopilot_analysis.report.page.vectors import as_vectors
from autopilot_analysis.timeline import page as timeline

HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)
ADDRESS = re.compile(r"^<(?:Axes|Figure|IPython\.)|\bat 0x[0-9a-fA-F]{6,}>")
"""The text form of a figure or an object, which says nothing to a reader."""
PICTURES = ("image/svg+xml", "image/png", "image/jpeg")
LEFT_OUT = "This notebook compares attempts. There is one here, so the parts that compare are left out."
SHADES = 'id="QuadMesh'
"""What stands in a picture whose colours are a scale: a dark page turns it around."""
LARGER = 1.08
"""How much larger than in a notebook a figure stands on a page: nine inches fill its column."""
MACHINERY = re.compile(r"(?<!\S)\S*(?:ipykernel_\d|site-packages|dist-packages|[/\\\\]lib[/\\\\]python)\S*")
"""Where a warning says it came from: this machine's own folders."""


HEAD = "font: 7.5pt sans-serif; color: #555"
LONGEST_HEAD = 70
"""Signs of a title at the head of a printed sheet."""
REST = "the verb tables writes them all"
"""How a page says where the rows are that it does not hold."""


@dataclass
class Block:
    """One piece of a page, in the order of the notebook; `html` is clean."""

    kind: str
    html: str
    opens: str = ""
    """Words of a part that is folded from here on."""
    closes: bool = False
    """Whether a folded part ends before it."""


@dataclass(frozen=True)
class Heading:
    """One line of the table of contents."""

    level: int
    anchor: str
    text: str


@dataclass
class Page:
    """What the template lays out."""

    title: str = ""
    subject: str = ""
    blocks: list[Block] = field(default_factory=list)
    answer: list[Block] = field(default_factory=list)
    """What the cell tagged `answer` shows: it stands above everything else."""
    answers: list[dict[str, Any]] = field(default_factory=list)
    """The answers as data; they are laid out last, when it is known which records the page shows."""
    anchors: set[str] = field(default_factory=set)
    zones: dict[str, str] = field(default_factory=dict)
    """The time zones of the devices that the answers are about, where they are known."""
    folded: int = 0
    """Level of the heading whose part is being folded; 0 outside of one."""
    footer: str = ""
    headings: list[Heading] = field(default_factory=list)
    settings: list[tuple[str, str, str]] = field(default_factory=list)
    hidden: tuple[tuple[str, str], ...] = ()
    place: str = ""
    sentence: str = ""

    def shown(self, text: str) -> str:
        """Return text with this machine's own paths cut to names and control characters made visible."""
        for path, name in self.hidden:
            text = text.replace(path, name)
        return visible(text)


def build_page(
    notebook: Node,
    *,
    subject: str = "",
    settings: Sequence[tuple[str, str, str]] = (),
    hidden: Iterable[tuple[str, str]] = (),
    footer: str = "",
) -> str:
    """Return the page of an executed notebook, as text.

    Args:
        notebook: The executed notebook; code is left out, what it showed is kept.
        subject: What the page is about, such as the export's name.
        settings: The parameters to list: name, value, help.
        hidden: Texts of this machine that no page may show, and what stands there instead.
        footer: What made the page, and from what.
    """
    longest = sorted(hidden, key=lambda pair: len(pair[0]), reverse=True)
    page = Page(
        subject=visible(subject), settings=list(settings), hidden=tuple(longest), footer=visible(footer)
    )
    cells, left_out = cells_shown(notebook.cells)
    for cell in cells:
        _add(page, cell)
    if left_out:
        led = bool(page.blocks) and page.blocks[0].kind == "lead"  # it tells what many attempts would show
        page.blocks[: int(led)] = [Block("lead", f"<p>{LEFT_OUT}</p>")]
    page.answer = [
        Block("answers", answer_html(data, shown=page.shown, anchors=page.anchors)) for data in page.answers
    ] + page.answer
    if page.folded:
        page.blocks.append(Block("end", "", closes=True))
    if not page.title:
        page.title = page.subject or "Report"
    return _render(page)


def refuse_misfit(name: str, notebook: Node) -> None:
    """Refuse an executed notebook whose answer says that the export does not fit it.

    Args:
        name: Of the notebook.
        notebook: The executed notebook.

    Raises:
        BadInput: It says so; the message names the notebook that fits.
    """
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", []))
    for data in (output.data[ANSWER] for output in outputs if ANSWER in output.get("data", {})):
        for one in data["answers"]:
            if one["outcome"] == "misfit":
                raise BadInput(f"{name} does not fit this export: {wording.clause(one['verdict'])}")


def _add(page: Page, cell: Node) -> None:
    tags = cell.metadata.get("tags", [])
    if "remove-cell" in tags:
        return
    if cell.cell_type == "markdown":
        _add_prose(page, cell.source, fold="fold" in tags)
    elif cell.cell_type == "code" and WITHOUT_OUTPUT not in tags:
        for output in cell.outputs:
            if is_empty(output.get("data", {})):
                continue
            if ANSWER in output.get("data", {}):
                page.answers.append(output.data[ANSWER])
                answers = output.data[ANSWER]["answers"]
                page.zones |= {device: zone for one in answers for device, zone in one["zones"].items()}
                titles = [one["title"] for one in answers if one["title"]]
                page.title = page.shown(titles[0]) if titles else page.title
                continue
            block = _shown(page, output, cell.metadata.get("alt", ""))
            if block is not None:
                (page.answer if "answer" in tags else page.blocks).append(block)


def _add_prose(page: Page, source: str, *, fold: bool) -> None:
    html = clean(_markdown(source, escape=False), label=page.place, trusted=True, shown=page.shown)
    level = min((int(found[1]) for found in HEADING.finditer(html)), default=9)
    if page.folded and level <= page.folded:
        page.blocks.append(Block("end", "", closes=True))
        page.folded = 0
    html = HEADING.sub(lambda found: _headed(page, found), html).strip()
    if fold and not page.folded:
        page.folded = level
        page.blocks.append(Block("begin", "", opens=page.place))
    if html:
        words = " ".join(_words(HEADING.sub("", html)).split())
        page.sentence = re.split(r"(?<=[.?!])\s", words, maxsplit=1)[0][:200]
        kind = "lead" if not page.blocks and not page.headings else "prose"
        page.blocks.append(Block(kind, html))


def _headed(page: Page, found: re.Match[str]) -> str:
    text = _words(found[2])
    page.place = text
    if found[1] == "1" and not page.title:
        page.title = text
        return ""
    level = max(2, int(found[1]))
    slug = re.sub(r"[^\w]+", "-", text.lower()).strip("-") or "part"
    anchor = (
        slug if slug not in {heading.anchor for heading in page.headings} else f"{slug}-{len(page.headings)}"
    )
    page.headings.append(Heading(level, anchor, text))
    return f'<h{level} id="{anchor}">{found[2]}</h{level}>'


def _shown(page: Page, output: Node, alt: str) -> Block | None:
    """Return what an output shows, in the richest form that is safe; widgets come as their text."""
    if output.output_type == "stream":
        text = MACHINERY.sub("notebook:", page.shown("".join(output.text))).strip("\n")
        return Block("text", f"<pre>{plain(text)}</pre>") if text.strip() else None
    content = output.get("data", {})
    if FRAME in content:
        html = table_html(
            content[FRAME],
            label=page.place,
            shown=page.shown,
            link=link,
            anchors=page.anchors,
            rest=REST,
            zones=page.zones,
        )
        return Block("html", html)
    if timeline.MIME in content:
        return Block("timeline-box", timeline.as_section(content[timeline.MIME]))
    live = LIVE in content
    for kind in PICTURES:
        if kind in content and "text/html" not in content:
            return _figure(page, output, kind, alt)
    if "text/html" in content and not live:
        html = clean("".join(content["text/html"]), label=page.place, shown=page.shown)
        return Block("html", html) if html.strip() else None
    if "text/markdown" in content and not live:
        html = clean(
            _markdown("".join(content["text/markdown"]), escape=True), label=page.place, shown=page.shown
        )
        return Block("prose", html)
    text = "".join(content.get("text/plain", ""))
    if not text.strip() or ADDRESS.search(text):
        return None
    if live:
        return Block("note", f"<p>{plain(page.shown(text))}</p>")
    return Block("text", f"<pre>{plain(page.shown(text))}</pre>")


def _figure(page: Page, output: Node, kind: str, alt: str) -> Block | None:
    about = output.metadata.get(kind, {})
    about = about if isinstance(about, dict) else {}
    shown = str(about.get("alt") or output.metadata.get("alt") or alt)
    label = ". ".join(part.rstrip(".") for part in (page.place, shown or page.sentence) if part) or "Figure"
    content = "".join(output.data[kind])
    if kind == "image/svg+xml":
        name = f"p{len(page.blocks) + len(page.answer)}"
        drawn = as_vectors(content, page.shown(label), name, page.shown)
        shades = " shades" if SHADES in content else ""
        return Block("figure", f'<figure class="figure drawn{shades}">{drawn}</figure>') if drawn else None
    content = re.sub(r"[^A-Za-z0-9+/=]", "", content)
    width = about.get("width")
    sized = f' width="{round(width * LARGER)}"' if isinstance(width, int) else ""
    image = f'<img src="data:{kind};base64,{content}" alt="{plain(page.shown(label))}"{sized}>'
    return Block("figure", f'<figure class="figure">{image}</figure>')


def _words(html: str) -> str:
    return unescape(re.sub(r"<[^<>]{0,2000}>", "", html)).strip()


@cache
def _markdown_writer(escape: bool) -> Callable[[str], str]:
    import mistune  # only reports need it

    writer: Any = mistune.create_markdown(escape=escape, plugins=["table", "strikethrough"])
    return lambda source: str(writer(source))


def _markdown(source: str, *, escape: bool) -> str:
    return _markdown_writer(escape)(source)


def _render(page: Page) -> str:
    style, script = f"{page_style()}\n{paper_style(page)}", _asset("page.js")
    drawn = any(block.kind == "timeline-box" for block in page.blocks)
    extra = (timeline.read_style(), timeline.read_module()) if drawn else ("", "")
    policy = (
        f"default-src 'none'; img-src data:; style-src {_hashes(style, extra[0])}; "
        f"script-src {_hashes(script, extra[1])}; "
        "base-uri 'none'; form-action 'none'"
    )
    own = {
        "page": page,
        "style": style,
        "script": script,
        "policy": policy,
        "timeline": extra,
    }
    return _template().render(own=own)


@cache
def _template() -> jinja2.Template:
    return jinja2.Environment().from_string(_asset("index.html.j2"))  # texts are escaped one by one


def page_style() -> str:
    """Return the style of every page: its sheet, with its colours and with how many rows a table shows."""
    return f":root {{ --rows: {ROWS}; }}\n{coloured(_asset('page.css'))}"


def paper_style(page: Page) -> str:
    """Return the style of a printed sheet: what it is about above, what made it and its number below.

    Args:
        page: What is printed.
    """
    subject = page.subject if page.subject != page.title else ""
    made = page.footer.partition(" from ")[0].rstrip(".")
    boxes = {
        "top-left": _quoted(page.title),
        "top-right": _quoted(subject),
        "bottom-left": _quoted(made),
        "bottom-right": "counter(page)",
    }
    own = " ".join(f"@{place} {{ content: {content}; {HEAD} }}" for place, content in boxes.items())
    return f"@page {{ size: A4; margin: 18mm 14mm 16mm; {own} }}"


def _quoted(text: str) -> str:
    """Return a text as a string of CSS in which nothing but letters, digits and spaces stands as it is."""
    short = cut(text, LONGEST_HEAD)
    signs = (
        sign if sign.isascii() and (sign.isalnum() or sign == " ") else f"\\{ord(sign):x} " for sign in short
    )
    return f'"{"".join(signs)}"'


@cache
def _asset(name: str) -> str:
    return files("autopilot_analysis.report").joinpath("template", name).read_text("utf-8")


def _hashes(*contents: str) -> str:
    """Return what a policy says to let these run and nothing else; an empty one is none."""
    digests = (hashlib.sha256(content.encode()).digest() for content in contents if content)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
