"""Hostile text in every field: inert on the page, in figures, on a terminal and in a spreadsheet."""

import csv
import io
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser

import matplotlib as mpl
import polars as pl
import pytest
from hostile_inputs import ROOT, sound_tables
from matplotlib import pyplot as plt

from autopilot_analysis import build_trace, cli, figures, find
from autopilot_analysis.errors import AnalysisError
from autopilot_analysis.export.names import safe_name
from autopilot_analysis.facts import read_facts
from autopilot_analysis.tables import SCHEMAS, Tables
from autopilot_analysis.tables.writing import write_frames

EVIL = (
    " $\\frac{x^2$ \x1b[2J\u202e"
    "<script>alert('PWNED')</script></style></title>"
    "<img src=x onerror=\"document.title='PWNED'\"><svg/onload=alert(1)>"
    " $\\frac{x^2$ \\$ \x1b]8;;http://evil.example.com\x07click\x1b]8;;\x07\x1b[2J\x9b2J \u202egnp.exe\u2066"
    " [link](javascript:alert(1)) ![i](http://evil.example.com/i.png) `{{7*7}}` {% raw %} ${7*7} %s %n {0}"
    "\nCRITICAL forged line\r"
)
BROWSER = ["chromium", "--headless", "--no-sandbox", "--disable-gpu"]
FORMULAS = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "\r=1"]


def hostile(tables, text):
    """Put the text into every free text cell that is not a key, an identifier of a source, or JSON."""
    frames = tables.frames()
    kept = {
        "source",
        "channel",
        "provider",
        "kind",
        "code",
        "state",
        "key",
        "clock",
        "scope",
        "build",
        "sha256",
        "time_zone",
    }
    for name, frame in frames.items():
        columns = [
            c
            for c, t in frame.schema.items()
            if t == pl.String and c not in kept | set(SCHEMAS[name].primary_key())
        ]
        frames[name] = frame.with_columns(
            _in_json(frame[c], text) if c == "data" else (pl.col(c) + pl.lit(text)).alias(c)
            for c in columns
            if c != "device"
        ).with_columns(
            (pl.col("device") + pl.lit(text[:160])).alias("device") if "device" in frame.columns else []
        )
    return Tables.of(frames)


def _in_json(column, text):
    def spoilt(cell):
        fields = json.loads(cell)
        if not isinstance(fields, dict):
            return cell
        return json.dumps(
            {
                k: v + text if isinstance(v, str) and v[:2] != "0x" and not v.isdigit() else v
                for k, v in fields.items()
            }
        )

    return column.map_elements(spoilt, return_dtype=pl.String).alias("data")


@pytest.fixture(scope="module")
def spoilt():
    tables = hostile(sound_tables(), EVIL)
    trace = build_trace(tables)
    return tables, trace, find(tables, trace)


DATA = {"application/octet-stream"}
"""Types of script elements that no browser runs."""


class Page(HTMLParser):
    """What a browser would do with a page: which elements, which attributes, which addresses."""

    def __init__(self):
        super().__init__()
        self.scripts, self.handlers, self.addresses, self.policy, self.text = 0, [], [], "", []

    def handle_starttag(self, tag, attrs):
        self.scripts += tag == "script" and dict(attrs).get("type") not in DATA
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        self.addresses += [
            value or ""
            for name, value in attrs
            if name in ("href", "src", "action", "xlink:href", "formaction", "data")
        ]
        given = dict(attrs)
        if tag == "meta" and (given.get("http-equiv") or "").lower() == "content-security-policy":
            self.policy = given["content"]

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The page of an export whose own files carry the text: names, registry, log messages, profile."""
    from autopilot_analysis.report import write_report
    from autopilot_analysis.samples import write_sample

    folder = tmp_path_factory.mktemp("page")
    write_sample(folder / "in", "esp_app_failure", layout="folder", seed=3)
    written = (
        EVIL.replace("\n", " ").replace("\r", " ").replace("\x1b", "").replace("\x07", "").replace("\x9b", "")
    )
    for path in (folder / "in").rglob("*"):
        if path.is_file() and path.suffix in (".log", ".json", ".txt", ".csv"):
            raw = path.read_bytes()
            quoted = written.replace("\\", "\\\\").replace('"', '\\"') if path.suffix == ".json" else written
            for word in (b"example.com", b"AP-0001", b"Contoso"):
                raw = raw.replace(word, word + quoted.encode())
            raw = re.sub(rb"<!\[LOG\[", b"<![LOG[" + written.encode(), raw, count=3)
            path.write_bytes(raw)
    name = "IntuneManagementExtension-<img src=x onerror=alert(1)>$x^2$.log"
    evil = next((folder / "in").rglob("IntuneManagementExtension*.log")).with_name(name)
    evil.write_bytes(
        b'<![LOG[x]LOG]!><time="01:00:00.0000000" date="3-4-2026" component="a" context="" type="1"'
        b' thread="1" file="">\r\n'
    )
    handed = next(path for path in (folder / "in").iterdir()) if (folder / "in").is_dir() else folder / "in"
    handed = handed.rename(folder / "<img src=x onerror=alert(1)>")
    return write_report("01_device_trace", out=folder / "page.html", export=str(handed))


def test_the_page_of_a_hostile_export_holds_no_foreign_element_or_address(page):
    parsed = Page()
    parsed.feed(page.read_text(encoding="utf-8"))
    own = Page()
    own.feed((ROOT / "autopilot_analysis/report/template/index.html.j2").read_text(encoding="utf-8"))
    assert "onerror=" in "".join(parsed.text)  # shown, as text
    assert parsed.scripts <= own.scripts
    assert parsed.handlers == []
    ours = re.compile(r"#|data:image/(?:png|svg\+xml|x-icon);base64,|data:,")
    foreign = {address for address in parsed.addresses if not ours.match(address)}
    assert foreign <= set(
        read_facts("pages")["address"]
    )  # Microsoft's pages, which are linked and never fetched
    assert "default-src 'none'" in parsed.policy


@pytest.mark.skipif(not shutil.which("chromium"), reason="no browser")
def test_a_browser_runs_nothing_of_a_hostile_export(page):
    seen = subprocess.run(
        [*BROWSER, "--virtual-time-budget=4000", "--dump-dom", page.as_uri()],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    if not seen.stdout:
        pytest.skip("the browser does not start here")
    title = re.search(r"<title>(.*?)</title>", seen.stdout, re.DOTALL)
    assert title is not None
    assert title[1].strip() != "PWNED"
    assert "onerror=" not in re.sub(r"&lt;.*?&gt;", "", re.sub(r">[^<]*<", "><", seen.stdout))


def test_a_terminal_is_never_steered(spoilt, monkeypatch, capsys):
    monkeypatch.setattr("autopilot_analysis.cli.findings.load", lambda *_, **__: spoilt)
    for arguments in (["findings", "x"], ["findings", "x", "--json"]):
        assert cli.main(arguments) == 0
        told = capsys.readouterr().out
        assert all(sign.isprintable() or sign == "\n" for sign in told)
        assert not re.search(r"^CRITICAL forged", told, re.MULTILINE)
    assert json.loads(told)


def test_an_error_that_quotes_the_input_is_one_plain_line(command, tmp_path):
    evil = tmp_path / "a\x1b[2J\u202e\nb.cab"
    evil.write_bytes(b"")
    status, out, said = command("findings", evil)
    assert (status, out) == (2, "")
    assert said.count("\n") == 1
    assert said[:-1].isprintable()


@pytest.mark.parametrize(
    "arguments",
    [
        ["tables", "EXPORT", "--out", "EVIL"],
        ["share", "EXPORT", "EVIL"],
        ["sample", "EVIL"],
        ["lab", "EVIL", "--no-start"],
        ["ingest", "EXPORT", "--into", "EVIL"],
        ["report", "EXPORT", "--out", "EVIL.html"],
        ["report", "EXPORT", "--out", "nowhere/EVIL"],
        ["report", "EXPORT", "-p", "EVIL=1"],
        ["report", "EXPORT", "-p", "EVIL"],
        ["report", "EXPORT", "--notebook", "EVIL"],
        ["findings", "EXPORT", "EVIL"],
        ["findings", "EXPORT", "--rules", "EVIL"],
        ["findings", "--EVIL"],
        ["explain", "EVIL"],
        ["ingest", "EVIL", "--into", "d"],
        ["sample", "s", "--incident", "EVIL"],
        ["EVIL"],
    ],
    ids=" ".join,
)
def test_no_path_or_word_of_the_command_line_steers_the_terminal(in_process, tmp_path, arguments):
    evil = "a\x1b[2J\x1b]8;;http:x\x07y\u202e\nFORGED=1"
    export = shutil.copyfile(ROOT / "data" / "mdm-enrollment-refused.cab", tmp_path / f"{evil}.cab")
    given = [a.replace("EVIL", evil).replace("EXPORT", str(export)) for a in arguments]
    _, out, said = in_process(*given)
    assert all(sign.isprintable() or sign == "\n" for sign in out + said)
    assert not re.search(r"^FORGED", out + said, re.MULTILINE)
    assert said.count("\n") <= 1


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_of_a_csv_is_a_formula(tmp_path, formula):
    tables = sound_tables()
    frames = {
        n: f.with_columns(pl.lit(formula).alias(c) for c, t in f.schema.items() if t == pl.String)
        for n, f in tables.frames().items()
    }
    write_frames(frames, tmp_path / "out", "csv")
    for path in (tmp_path / "out").iterdir():
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")):
            for cell in row:
                assert not re.match(r"[=+@\t\r]|-(?![\d.]+$)", cell), (path.name, cell)


def test_figures_draw_dollars_and_controls_as_text(spoilt):
    tables, trace, _ = spoilt
    drawn = 0
    for name in figures.__all__:
        if not name.startswith("draw_"):
            continue
        for given in (trace, tables, tables.coverage, trace.installs, trace.attempts):
            plt.close("all")
            try:
                ax = getattr(figures, name)(given)
            except (
                AnalysisError,
                AttributeError,
                TypeError,
                KeyError,
                ValueError,
                pl.exceptions.PolarsError,
            ):
                continue
            figure = ax.figure
            figure.canvas.draw()
            assert ax.get_window_extent().width > figure.bbox.width / 4, name  # text leaves room to draw in
            texts = [text.get_text() for text in figure.findobj(mpl.text.Text)]
            assert all("\x1b" not in text and "\u202e" not in text for text in texts)
            drawn += 1
            break
    assert drawn >= 4


@pytest.mark.parametrize("name", ["nul.tar", 'a<b>c:d"e|f?g*h\u202egpj' + "p" * 180])
def test_whatever_an_export_is_called_what_is_written_has_a_name_that_windows_takes(
    tmp_path, monkeypatch, capsys, name
):
    """Names of files come from tables, hashes and notebooks; of an export's own name only plain signs are taken."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path / "out")
    export = shutil.copyfile(ROOT / "data" / "mdm-enrollment-refused.cab", tmp_path / f"{name}.cab")
    for verb in (
        ["tables", str(export), "--out", "t", "--format", "csv"],
        ["share", str(export), "s"],
        ["ingest", str(export), "--into", "d", "--workers", "1"],
        ["report", str(export)],
    ):
        assert cli.main(verb) == 0, capsys.readouterr().err
    written = [path.relative_to(tmp_path / "out") for path in (tmp_path / "out").rglob("*")]
    assert len(written) > 20
    for path in written:
        assert safe_name(path.as_posix()) == path.as_posix()
        for part in path.parts:
            assert not set(part) & set('<>:"|?*\\'), path
            assert part == part.rstrip(". ")
            assert part.isprintable()
            assert len(part) < 120
