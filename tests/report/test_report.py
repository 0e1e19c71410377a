from __future__ import annotations

import hashlib
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import polars as pl
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autopilot_analysis import report
from autopilot_analysis.errors import AnalysisError, BadInput, NotAnExport, NothingToWrite, UnknownName
from autopilot_analysis.figures.style import describe, new_axes, say_nothing
from autopilot_analysis.findings import Answer, Line, Section
from autopilot_analysis.report import find_browser, inspect_parameters, write_pdf, write_report
from autopilot_analysis.report.answers import answers_of
from autopilot_analysis.report.cells import ANSWER, FRAME
from autopilot_analysis.report.page.frames import lay_out
from autopilot_analysis.report.page.markup import clean
from autopilot_analysis.report.page.page import LONGEST_HEAD, Page, build_page, paper_style, refuse_misfit
from autopilot_analysis.report.page.pictures import as_png, as_svg
from autopilot_analysis.report.page.tables import record_anchor
from autopilot_analysis.report.run import run_shipped

HOSTILE = (
    "<script>alert(1)</script></style></td></table></main><img src=x onerror=alert(2)><svg onload=alert(3)>"
    "<a href='javascript:alert(4)'>x</a><iframe src=//evil.example></iframe> [m](https://evil.example) **b** "
    "![i](https://evil.example/a.png) \x1b[31mred\x1b]8;;https://evil.example\x07link \x00 \u202e "
    "$x$ {{ 7*7 }} {% raw %}"
)
PARAMETERS = (
    'export: str = "sample.zip"  # What to read.\ntop: int = 3  # Rows to show.\n'
    "share: float = 0.5  # A share.\n"
    "deep: bool = False  # Look closer.\nprivacy: bool = False  # Hide names."
)


def notebook(path, *cells):
    parts = [
        new_markdown_cell("# A page\n\nWhat it answers."),
        new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}),
    ]
    parts += [
        new_markdown_cell(cell[3:]) if cell.startswith("md:") else new_code_cell(cell) for cell in cells
    ]
    nbformat.write(new_notebook(cells=parts), path)
    return path


@pytest.fixture
def run_here(monkeypatch):
    """Run notebooks of others without a kernel: `test_in_process.py` holds that both ways show the same."""
    monkeypatch.setattr(report, "run_notebook", lambda path, values: run_shipped(path, values, []))


class Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def assert_inert(html):
    tags = Tags(html).found
    names = [tag for tag, _ in tags]
    assert names.count("script") == 1
    assert names.count("style") == 1
    assert not {"iframe", "object", "embed", "form", "base", "math", "template"} & set(names)
    assert not {"image", "foreignobject", "animate", "set"} & set(names)
    for tag, attrs in tags:
        assert not [
            name for name in attrs if name.startswith("on") or name in ("style", "srcset", "formaction")
        ]
        if tag in ("img", "link"):
            assert (attrs.get("src") or attrs.get("href")).startswith("data:")
        elif "href" in attrs:
            assert attrs["href"].startswith(("#", "https://learn.microsoft.com/"))
        assert "src" not in attrs or tag == "img"
        assert tag != "img" or attrs["alt"]
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]
    assert "url(" not in style
    assert "@import" not in style
    assert "default-src 'none'" in html


def test_parameters_are_read_with_their_types_and_words(tmp_path):
    found = inspect_parameters(notebook(tmp_path / "a{b}.ipynb"))
    assert {name: (p.type, p.default) for name, p in found.items()} == {
        "export": (str, "sample.zip"), "top": (int, 3), "share": (float, 0.5), "deep": (bool, False),
        "privacy": (bool, False),
    }  # fmt: skip
    assert found["top"].help == "Rows to show."


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"tops": 3}, UnknownName, "did you mean top"),
        ({"top": "many"}, BadInput, "top takes a whole number, not"),
        ({"top": 1.5}, BadInput, "top takes a whole number, not"),
        ({"share": "nan"}, BadInput, "share takes a number"),
        ({"deep": "perhaps"}, BadInput, "deep takes true or false"),
        ({"export": ["a"]}, BadInput, "export takes text"),
    ],
)
def test_a_parameter_that_does_not_fit_is_refused_before_anything_runs(tmp_path, given, error, words):
    with pytest.raises(error, match=words):
        write_report(notebook(tmp_path / "01_a.ipynb", "1/0"), out=tmp_path / "p.html", **given)
    assert not (tmp_path / "p.html").exists()


def test_an_unknown_notebook_is_refused(tmp_path):
    with pytest.raises(UnknownName, match="notebook"):
        write_report("99_nothing_like_it")
    with pytest.raises(BadInput, match="not a file"):
        write_report(tmp_path / "gone.ipynb")
    (tmp_path / "bad.ipynb").write_text("{")
    with pytest.raises(BadInput, match="cannot be read as a notebook"):
        write_report(tmp_path / "bad.ipynb")


def test_hostile_text_is_shown_and_does_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    source = notebook(
        tmp_path / "01_hostile_text.ipynb",
        f"import polars as pl\nimport sys\nbad = {HOSTILE!r}",
        "md:## A table",
        "pl.DataFrame({bad: [bad, None], 'page': ['https://learn.microsoft.com/x', 'https://evil.example/x']})",
        "import pandas as pd\npd.DataFrame({bad: [bad, [bad]], 'n': [1, 2]})",
        "print(bad); print(bad, file=sys.stderr)",
        "from IPython.display import HTML, Javascript, Markdown\n"
        "display(Markdown(bad), HTML(bad), Javascript('alert(5)'))",
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()",
        "from ipywidgets import Text\nText('w')",
        "import pathlib; print(export); print(pathlib.Path(export).exists(), top)",
        "export",
    )
    page = write_report(source, export="odd {dir}/x'\"\\ é {{1}} __import__('os').zip", top="7")
    html = page.read_text("utf-8")
    assert_inert(html)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "\\x1b[31mred" in html
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202e]", html)
    assert "evil.example" in html
    assert str(tmp_path) not in html
    assert "False 7" in html
    assert 'role="img" aria-label="A table' in html
    assert "49" not in re.sub(
        r"<style>.*?</style>|<script>.*?</script>|<svg.*?</svg>", "", html, flags=re.DOTALL
    )


def test_a_page_names_the_export_and_never_the_machine(tmp_path, monkeypatch, request):
    monkeypatch.chdir(tmp_path)
    source = notebook(
        tmp_path / "01_one_thing.ipynb",
        "print(export)",
        "import warnings; warnings.warn('careful', stacklevel=1)",
    )
    page = write_report(source, export="capture.v1.zip")
    assert page.name == "capture.v1-one-thing.html"
    html = page.read_text("utf-8")
    assert "capture.v1.zip" in html
    assert not [
        word for word in (str(tmp_path), str(Path.home()) + "/", "ipykernel", "site-packages") if word in html
    ]
    request.getfixturevalue("run_here")
    assert write_report(source, export="capture.v1.zip").name == "capture.v1-one-thing-2.html"


@pytest.mark.usefixtures("run_here")
def test_a_private_page_names_not_even_the_export(tmp_path):
    page = write_report(
        notebook(tmp_path / "01_one_thing.ipynb"), out=tmp_path, export="zquillon-pc.zip", privacy="yes"
    )
    assert page.name == "one-thing.html"
    assert "zquillon" not in page.read_text("utf-8")


@pytest.mark.usefixtures("run_here")
def test_a_failing_cell_gives_one_line_and_leaves_nothing(tmp_path):
    source = notebook(tmp_path / "01_a.ipynb", "md:## Dividing", "top / 0")
    with pytest.raises(
        AnalysisError, match="notebook 01_a failed in code cell 2, under 'Dividing': ZeroDivisionError"
    ) as seen:
        write_report(source, out=tmp_path / "p.html")
    assert "\n" not in str(seen.value)
    assert [path.name for path in tmp_path.iterdir()] == ["01_a.ipynb"]


@pytest.mark.usefixtures("run_here")
def test_an_error_of_this_package_keeps_its_class_and_words(tmp_path):
    code = "from autopilot_analysis.errors import NotAnExport\n"
    code += "raise NotAnExport('x.7z is a 7-Zip file; unpack it.')"
    with pytest.raises(NotAnExport, match=r"^x.7z is a 7-Zip file; unpack it.$"):
        write_report(notebook(tmp_path / "01_a.ipynb", code), out=tmp_path / "p.html")


@pytest.mark.skipif(os.name == "nt", reason="asks a process the POSIX way")
def test_the_kernel_is_gone_when_the_page_is_there(tmp_path):
    source = notebook(
        tmp_path / "01_a.ipynb", "import os, pathlib\npathlib.Path('pid').write_text(str(os.getpid()))"
    )
    write_report(source, out=tmp_path / "p.html")
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


@pytest.mark.usefixtures("run_here")
def test_a_page_that_is_there_stays_unless_asked(tmp_path):
    source = notebook(tmp_path / "01_a.ipynb")
    out = tmp_path / "p.html"
    out.write_text("mine")
    with pytest.raises(NothingToWrite, match="there already"):
        write_report(source, out=out)
    assert out.read_text() == "mine"
    assert write_report(source, out=out, overwrite=True).read_text("utf-8").startswith("<!DOCTYPE html>")
    with pytest.raises(BadInput, match="not a folder"):
        write_report(source, out=tmp_path / "no" / "p.html")


def test_markup_that_is_not_closed_stays_in_its_place():
    assert clean("<div><b>x</div></div>y<p>z") == "<div><b>x</b></div>y<p>z</p>"


def test_headings_become_contents_and_dollars_stay_dollars():
    cells = [
        new_markdown_cell("# T\n\nlead"),
        new_markdown_cell("## One\n\n$a_b$ and $5"),
        new_markdown_cell("## One"),
    ]
    html = build_page(new_notebook(cells=cells), subject="s")
    assert re.findall(r'<li class="l2"><a href="#([^"]+)">One</a>', html) == ["one", "one-1"]
    assert "$a_b$ and $5" in html


def test_a_page_prints_to_pdf(tmp_path):
    if find_browser() is None:
        pytest.skip("no Chromium, Chrome or Edge is installed")
    page = tmp_path / "p.html"
    page.write_text(build_page(new_notebook(cells=[new_markdown_cell("# T")])), "utf-8")
    assert write_pdf(page).read_bytes().startswith(b"%PDF")


def test_without_a_browser_the_line_says_how_to_print(tmp_path, monkeypatch):
    monkeypatch.setattr("autopilot_analysis.report.pdf.find_browser", lambda: None)
    (tmp_path / "p.html").write_text("x")
    with pytest.raises(AnalysisError, match="choose Print, Save as PDF"):
        write_pdf(tmp_path / "p.html")


def test_the_answer_stands_above_everything_else_and_links_to_the_records_that_the_page_shows():
    proof = Line("HRESULT: 0x1", "proof", "a.evtx, record 5")
    shown = Answer("SN-0001", "it failed", "failed", (Section("Proof", (proof,)),))
    cells = [new_markdown_cell("# A page\n\nWhat it answers."), new_code_cell("a"), new_code_cell("f")]
    frame = lay_out(pl.DataFrame({"member": ["a.evtx"], "record": [5]}), most=9)
    for cell, data in zip(cells[1:], ({ANSWER: answers_of(shown)}, {FRAME: frame}), strict=True):
        cell.outputs = [nbformat.v4.new_output("display_data", data=data)]
    page = build_page(new_notebook(cells=cells))
    assert page.index("it failed") < page.index("What it answers.")
    assert f'href="#{record_anchor("a.evtx, record 5")}"' in page
    assert f' id="{record_anchor("a.evtx, record 5")}">' in page


def test_a_part_tagged_fold_is_folded_until_the_next_heading_of_its_level():
    folded = new_markdown_cell("## Coverage\n\nWhat was read.", metadata={"tags": ["fold"]})
    cells = [folded, new_markdown_cell("### Gaps"), new_markdown_cell("## After")]
    page = build_page(new_notebook(cells=cells))
    start, end = page.index('<details class="fold"><summary>Coverage'), page.index("</details>\n<div")
    assert start < page.index(">Gaps</h3>") < end < page.index(">After</h2>")


def test_an_export_that_does_not_fit_is_refused_with_the_notebook_that_does():
    cell = new_code_cell("a")
    shown = Answer("export", "No device; 04_root_cause shows it", "misfit", ())
    cell.outputs = [nbformat.v4.new_output("display_data", data={ANSWER: answers_of(shown)})]
    with pytest.raises(BadInput, match=r"^01_device_trace does not fit this export: no device; 04_root"):
        refuse_misfit("01_device_trace", new_notebook(cells=[cell]))


@pytest.mark.usefixtures("run_here")
def test_a_page_says_what_made_it_and_from_which_file_or_folder(tmp_path):
    (tmp_path / "sample.zip").write_bytes(b"x")
    path = notebook(tmp_path / "01_a.ipynb", "1")
    page = write_report(path, export=tmp_path / "sample.zip", out=tmp_path / "a.html").read_text("utf-8")
    footer = re.search("<footer>(.*?)</footer>", page)[1]
    assert footer.startswith("Made by autopilot-analysis ")
    assert footer.endswith(f"from sample.zip, SHA-256 {hashlib.sha256(b'x').hexdigest()}.")
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / "b.log").write_bytes(b"x")
    whole = write_report(path, export=folder, out=tmp_path / "b.html").read_text("utf-8")
    line = f"{hashlib.sha256(b'x').hexdigest()} b.log\n"
    over = hashlib.sha256(line.encode()).hexdigest()
    assert re.search("<footer>(.*?)</footer>", whole)[1].endswith(
        f"from logs, SHA-256 over its files {over}."
    )
    private = write_report(path, export=tmp_path / "sample.zip", privacy=True, out=tmp_path / "p.html")
    assert "SHA-256" not in private.read_text("utf-8")


def test_a_page_without_a_verdict_has_no_headline():
    assert "In short" not in build_page(new_notebook(cells=[new_markdown_cell("# A page\n\nWhat.")]))


def test_a_part_that_shows_nothing_is_left_out():
    empty = {FRAME: lay_out(pl.DataFrame({"n": []}), most=9)}
    live = {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "Live in JupyterLab"}
    shown = {
        "Void": [empty],
        "Vain": [picture_of(say_nothing(None, "no attempt"))],
        "Elsewhere": [live],
        "Hidden": [],
        "Whole": [{FRAME: lay_out(pl.DataFrame({"n": [7]}), most=9)}, empty, live],
    }
    cells = [new_markdown_cell("# A page\n\nWhat it is."), new_code_cell("import x")]
    for name, contents in shown.items():
        cell = new_code_cell("f")
        cell.outputs = [nbformat.v4.new_output("display_data", data=data) for data in contents]
        cells += [new_markdown_cell(f"## {name}"), cell]
    page = build_page(new_notebook(cells=[*cells, new_markdown_cell("## Words alone")]))
    assert [name for name in (*shown, "Words alone") if f">{name}</h2>" in page] == ["Whole", "Words alone"]
    assert ("What it is." in page, "No rows" in page, "Live in JupyterLab" in page) == (True, False, True)


def picture_of(ax):
    return {"image/svg+xml": as_svg(ax.figure), "text/plain": "<Figure>"}


def test_a_picture_whose_colours_are_a_scale_is_marked_so_that_a_dark_page_can_turn_it_around():
    plain, shaded = new_axes(), new_axes()
    plain.bar([1], [1])
    shaded.pcolormesh([[0.0, 1.0]])
    cells = [new_code_cell("f", outputs=[]) for _ in range(2)]
    for cell, ax in zip(cells, (plain, shaded), strict=True):
        cell.outputs = [nbformat.v4.new_output("display_data", data=picture_of(ax))]
    page = build_page(new_notebook(cells=cells))
    first, second = page.split('<figure class="figure drawn')[1:]
    assert (first.startswith('">'), second.startswith(' shades">')) == (True, True)


def test_a_figure_is_announced_by_its_place_and_by_what_it_shows():
    cells = [new_markdown_cell("## What fails\n\nMost frequent first."), new_code_cell("f")]
    metadata = {"image/svg+xml": {"alt": "88 failures; the most frequent: <join>."}}
    data = picture_of(describe(new_axes(), "x"))
    cells[1].outputs = [nbformat.v4.new_output("display_data", data=data, metadata=metadata)]
    page = build_page(new_notebook(cells=cells))
    assert 'aria-label="What fails. 88 failures; the most frequent: &lt;join&gt;"' in page
    assert as_png(describe(new_axes(), "Three bars.").figure)[1]["alt"] == "Three bars."


def test_a_document_has_a_title_of_its_own_in_page_and_window():
    cells = [new_markdown_cell("# Postmortem"), new_code_cell("a")]
    shown = Answer("Device x fails", "critical; open", "failed", (), title="Device x fails")
    cells[1].outputs = [nbformat.v4.new_output("display_data", data={ANSWER: answers_of(shown)})]
    page = build_page(new_notebook(cells=cells))
    assert "<h1>Device x fails</h1>" in page
    assert "<title>Device x fails</title>" in page
    assert '<p class="verdict">Critical; open</p>' in page


def test_a_printed_sheet_says_what_it_is_about_and_a_title_cannot_leave_its_string():
    style = paper_style(
        Page(title='Why"; } </style>', subject="a.cab", footer="Made by x 1 from a.cab, SHA-256 0.")
    )
    assert '@top-left { content: "Why\\22 \\3b  \\7d  \\3c \\2f style\\3e ";' in style
    assert '@top-right { content: "a\\2e cab";' in style
    assert '@bottom-left { content: "Made by x 1";' in style
    assert "@bottom-right { content: counter(page);" in style
    assert "x" * LONGEST_HEAD not in paper_style(Page(title="x" * 200))
