"""The command line: one entry, one function a verb; every deliberate error is one line and exit status 2."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import webbrowser
from collections.abc import Callable, Sequence
from glob import has_magic
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from autopilot_analysis import windows
from autopilot_analysis.boundary import closed_to, folders_of, refuse_untrusted
from autopilot_analysis.errors import AnalysisError, BadInput, NothingToWrite

if TYPE_CHECKING:
    import polars as pl

    from autopilot_analysis.findings import Answers
    from autopilot_analysis.tables import Findings, Tables, Trace

MOST_LISTED = 20
MOST_UNREAD = 3
"""Gaps named one by one beside an explanation."""

FORMATS = ("parquet", "csv", "ndjson")
TIMELINE_FORMATS = ("timesketch", "perfetto", "csv")
DESCRIPTION = "Opens Windows Autopilot diagnostics on any machine and tells what happened, when, and why."
EPILOG = """examples:
  autopilot-analysis report mdm-diagnostics.cab          one page that tells the device's story
  autopilot-analysis findings DiagLogs.zip               what went wrong, with proof
  autopilot-analysis tables mdm-diagnostics.cab --out t  every table as a Parquet file
  autopilot-analysis sample try-me --devices 3           make-believe exports to practise on

EXPORT is a folder, ZIP, CAB or single file as Windows or Intune exported it; no Windows is needed."""


def _progress() -> Callable[[int, int, str], None] | None:
    """Return a progress line for a terminal; None in a pipe."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int, name: str) -> None:
        width = shutil.get_terminal_size().columns - 1
        text = f"reading {done + 1}/{total}  {_shown(name.rpartition('/')[2])}"[:width]
        print(
            f"\r{text:<{width}}", end="" if done + 1 < total else "\r" + " " * width + "\r", file=sys.stderr
        )

    return show


def _shown(text: object) -> str:
    """Return one line that cannot steer a terminal: what does not print becomes a visible stand-in."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(text))


def _load(path: str, names: str, *, privacy: bool = False) -> tuple[Tables, Trace, Findings]:
    """Return what an export or a dataset says; the fleet's room is imported only for a dataset."""
    from autopilot_analysis.export import is_dataset, open_export

    if is_dataset(path):
        from autopilot_analysis.fleet.dataset.story import load_story

        return load_story(path, names=names, privacy=privacy, progress=_progress())
    from autopilot_analysis.findings import find
    from autopilot_analysis.readers import read_tables
    from autopilot_analysis.trace import build_trace
    from autopilot_analysis.trace.installs.naming import count_nameless

    with open_export(path) as export:
        tables = read_tables(export, names=names, privacy=privacy, progress=_progress())
    trace = build_trace(tables)
    tables = count_nameless(tables, trace)
    return tables, trace, find(tables, trace)


def _parameters(pairs: Sequence[str]) -> dict[str, str]:
    parameters = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise BadInput(f"-p {pair!r} is not name=value; write it like -p device=SN-0001")
        parameters[name] = value
    return parameters


def _report(args: argparse.Namespace) -> None:
    from autopilot_analysis.report import find_notebook, fit_notebook, write_pdf, write_report
    from autopilot_analysis.report.notebooks import is_shipped
    from autopilot_analysis.report.place import choose_place

    parameters = _parameters(args.p)
    if "export" in parameters:
        raise BadInput("the export is the argument of report, not a parameter; leave -p export=… out")
    if not Path(args.export).exists():
        raise BadInput(f"{args.export} does not exist; check the path")
    if args.names:
        parameters["names"] = str(Path(args.names).resolve())
    notebook = find_notebook(args.notebook).resolve() if args.notebook else None
    if notebook and not is_shipped(notebook) and not args.trust:
        refuse_untrusted(args.notebook, args.export)
    choose_place(args.out, "page.html", overwrite=args.force)  # refused before an export is opened to fit it
    page = write_report(
        notebook or fit_notebook(args.export)["notebook"][0],
        out=args.out,
        overwrite=args.force,
        kernel=args.kernel,
        export=args.export,
        **parameters,
    )
    print(_shown(page))
    if args.pdf:
        print(_shown(write_pdf(page, overwrite=args.force)))
    if args.open:
        _open(page.resolve().as_uri())


def _open(address: str) -> None:
    """Show a page in the browser that the system names; Windows is asked itself, no program is looked up."""
    if sys.platform == "win32":
        os.startfile(address)
    else:
        webbrowser.open(address)


def _explain(args: argparse.Namespace) -> None:
    from autopilot_analysis.fleet.dataset.loading import load_deployments
    from autopilot_analysis.fleet.explanation.explain import explain

    fleet = load_deployments(
        args.export,
        names=args.names,
        privacy=args.privacy,
        time_zone=args.time_zone,
        words=args.words,
        progress=_progress(),
    )
    _say_unread(fleet.gaps, fleet.deployments.is_empty() and not fleet.coverage["records"].sum(), args.export)
    told = explain(fleet.deployments, outcome=args.outcome, candidates=fleet.candidates)
    if args.json:
        print(told.to_json())
        return
    print(f"{fleet.deployments.height:,} deployments; correlated is not caused")
    for line in told.lines():
        print(_shown(line))


def _say_unread(gaps: pl.DataFrame, nothing: bool, export: str) -> None:
    """Say on standard error what could not be read; refuse an export of which nothing could."""
    said = [
        f"{row['member']}: {row['reason']}" + (f"; {row['advice']}" if row["advice"] else "")
        for row in gaps.iter_rows(named=True)
    ]
    if nothing and said:
        raise BadInput(f"{export} tells of no deployment: {said[0]}")
    more = [f"and {len(said) - MOST_UNREAD} more"] if len(said) > MOST_UNREAD else []
    for line in (*said[:MOST_UNREAD], *more):
        print(f"not read: {_shown(line)}", file=sys.stderr)


def _ingest(args: argparse.Namespace) -> None:
    from autopilot_analysis.fleet.dataset.compact import compact
    from autopilot_analysis.fleet.dataset.ingest import ingest

    if not args.exports and not args.compact:
        raise BadInput("no export was named; name folders, ZIPs, CABs, files or patterns, or add --compact")
    if not args.exports:
        print(_shown(compact(args.into)))
        return
    for path in args.exports:
        if "://" not in path and not has_magic(path) and not Path(path).exists():
            raise BadInput(f"{path} does not exist; check the path, or name a pattern")
    executor = None
    if args.scheduler:
        from autopilot_analysis.fleet.dataset.pool import executor_of

        executor = executor_of("dask", args.scheduler)
    summary = ingest(
        args.exports,
        into=args.into,
        workers=args.workers,
        executor=executor,
        progress=_ingesting(),
        names=args.names,
    )
    for name, reason in summary.set_aside:
        print(_shown(f"set aside {name}: {reason}"), file=sys.stderr)
    print(_shown(summary))
    if args.compact:
        print(_shown(compact(args.into)))


def _ingesting() -> Callable[[int, int, str, float], None] | None:
    """Return a progress line with rate and remaining time for a terminal; None in a pipe."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int, name: str, rate: float) -> None:
        width = shutil.get_terminal_size().columns - 1
        left = f", {(total - done) / rate:,.0f} s left" if rate else ""
        text = f"{done:,}/{total:,}  {rate:,.1f} a second{left}  {_shown(name)}"[:width]
        print(f"\r{text:<{width}}", end="" if done < total else "\n", file=sys.stderr)

    return show


def _findings(args: argparse.Namespace) -> None:
    if args.rules:
        from autopilot_analysis.findings import is_code, load_rules

        if is_code(args.rules) and not args.trust:
            refuse_untrusted(args.rules, args.export)

        load_rules(args.rules)
    tables, trace, found = _load(args.export, args.names, privacy=args.privacy)
    if args.json:
        print(_json(_as_json(found)))
        return
    if tables.devices.is_empty() and tables.deployments.height:
        answers = _answers_of_fleet({**tables.frames(), **trace.frames(), **found.frames()})
    else:
        from autopilot_analysis.findings import answer

        answers = answer(tables, trace, found)
    if args.markdown:
        print(answers.markdown(), end="")
        return
    for line in answers.in_lines(whole=args.all):
        print(line)
    if args.all:
        _list_findings(found)


def _answers_of_fleet(frames: dict[str, pl.DataFrame]) -> Answers:
    """Return the answer on deployments of which the service tells and no device does."""
    from autopilot_analysis.findings import Answers
    from autopilot_analysis.fleet import answer_fleet
    from autopilot_analysis.fleet.dataset.loading import gather_fleet

    return Answers((answer_fleet(gather_fleet(frames)),))


def _list_findings(found: Findings) -> None:
    """Print every finding with all of its proofs."""
    from autopilot_analysis import wording
    from autopilot_analysis.findings import proofs_of

    for finding in found.findings.iter_rows(named=True):
        when = f"{finding['at']:%Y-%m-%d %H:%M:%S} UTC" if finding["at"] else "no time"
        sure = wording.percent(finding["confidence"], 0)
        print("\n" + _shown(f"{finding['severity'].upper():<8} {finding['device']}: {finding['title']}"))
        print(_shown(f"         {finding['role']}, confidence {sure}, {when}"))
        print(_shown(f"         {finding['meaning']}"))
        if finding["remedy"]:
            print(_shown(f"         Remedy: {finding['remedy']}"))
        for proof in proofs_of(finding, found.evidence).iter_rows(named=True):
            record = "" if proof["record"] is None else f" record {proof['record']}"
            print(_shown(f"         Proof: {proof['member']}{record}: {wording.fields(proof['quote'])}"))


def _one_line(text: str, length: int = 110) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= length else flat[: length - 1] + "…"


def _json(value: object) -> str:
    """Return JSON that cannot steer a terminal: signs it does not print or have are spelt by number."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    lacking = _not_in(getattr(sys.stdout, "encoding", None) or "utf-8", text)
    plain = (c in lacking or not (c.isprintable() or c == "\n") for c in text)
    return "".join(json.dumps(c)[1:-1] if spelt else c for c, spelt in zip(text, plain, strict=True))


def _not_in(encoding: str, text: str) -> frozenset[str]:
    """Return the signs of a text that an encoding, such as that of a console, does not have."""
    signs = set(text)
    return frozenset(c for c in signs if c.encode(encoding, "ignore") == b"")


def _as_json(found: Findings) -> list[dict[str, Any]]:
    """Return each finding as a dict with its list of evidence; instants as ISO 8601 in UTC."""
    from autopilot_analysis.findings import proofs_of

    rows = []
    for finding in found.findings.iter_rows(named=True):
        proofs = proofs_of(finding, found.evidence).to_dicts()
        rows.append({**finding, "evidence": proofs})
    return [_plain(row) for row in rows]


def _plain(value: Any) -> Any:  # JSON is what it is
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _tables(args: argparse.Namespace) -> None:
    from autopilot_analysis.facts.own_words import using_words
    from autopilot_analysis.tables.writing import write_frames
    from autopilot_analysis.timeline import build_timeline

    out = Path(args.out)
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not args.force)):
        raise NothingToWrite(f"{out} is there already and not empty; name another folder, or add --force")
    with using_words(args.words):
        tables, trace, found = _load(args.export, args.names, privacy=args.privacy)
    timeline = build_timeline(tables, trace, found)
    frames = {**tables.frames(), **trace.frames(), **found.frames(), "timeline": timeline}
    write_frames(frames, out, args.format)
    print(_shown(f"{len(frames)} tables in {out}"))


def _timeline(args: argparse.Namespace) -> None:
    from autopilot_analysis.fleet.dataset.story import load_story
    from autopilot_analysis.timeline import build_timeline, write_timeline
    from autopilot_analysis.timeline.writing import choose_file

    choose_file(args.out, args.format, overwrite=args.force)
    story = load_story(
        args.export, device=args.device, names=args.names, privacy=args.privacy, progress=_progress()
    )
    timeline = build_timeline(*story)
    undated = timeline["at"].null_count()
    placed, fate = (
        (timeline.height, "stand at its end")
        if args.format == "csv"
        else (timeline.height - undated, "are left out")
    )
    if not placed:
        raise NothingToWrite(f"{args.export} holds no record that a timeline could show")
    out = write_timeline(timeline, args.out, args.format, overwrite=args.force)
    print(_shown(f"{placed:,} records and spans in {out}"))
    if undated:
        print(f"{undated:,} without an instant {fate}")


def _share(args: argparse.Namespace) -> None:
    from autopilot_analysis.privacy import share
    from autopilot_analysis.privacy.keeping import fresh_key, read_key

    if args.ways_back or args.delete_way_back:
        _ways_back(args.delete_way_back)
        return
    if not (args.export and args.out):
        raise BadInput("share needs an export and the name of a new folder: share EXPORT OUT")
    key = fresh_key() if args.fresh_key else read_key(args.key) if args.key else None
    if Path(args.out).expanduser().exists():
        raise NothingToWrite(f"{args.out} is there already; choose the name of a new folder.")
    tables, trace, found = _load(args.export, args.names)
    shared = share({**tables.frames(), **trace.frames(), **found.frames()}, args.out, key=key)
    print(_shown(shared.folder))
    for table, column, cells in shared.hidden.rows():
        print(f"{cells:,} cells of {table}.{column} are hidden: a name in them could not be rewritten")


def _ways_back(delete: str | None) -> None:
    """List the ways back from pseudonyms to names, or delete one or all."""
    from autopilot_analysis.privacy.keeping import delete_ways_back, list_ways_back

    if delete:
        for name in delete_ways_back(delete):
            print(_shown(f"{name} is deleted"))
        return
    for name, names, at in list_ways_back().rows():
        print(_shown(f"{name}  {names:,} names  {at:%Y-%m-%d %H:%M} UTC"))


def _sample(args: argparse.Namespace) -> None:
    from autopilot_analysis.samples import write_samples

    written = write_samples(
        Path(args.out), devices=args.devices, incident=args.incident, seed=args.seed, graph=args.graph
    )
    for sample in written[:MOST_LISTED]:
        print(_shown(f"{sample.path}  {sample.scenario}"))
    if len(written) > MOST_LISTED:
        print(f"… {len(written):,} exports in all")
    print(_shown(f"truth in {Path(args.out) / 'truth.parquet'}"))


def _lab(args: argparse.Namespace) -> None:
    from autopilot_analysis.report import find_data, find_notebook, list_notebooks
    from autopilot_analysis.report.lab import start_lab

    target = Path(args.dir)
    (target / "notebooks").mkdir(parents=True, exist_ok=True)
    for name in list_notebooks():
        notebook = find_notebook(name)
        place = target / "notebooks" / notebook.name
        if not place.exists():
            shutil.copyfile(notebook, place)
    data = find_data()
    if not (target / "data").exists():
        shutil.copytree(data, target / "data")
    print(_shown(f"notebooks and sample data in {target.resolve()}"))
    if args.no_start:
        return
    raise SystemExit(start_lab(target, args.more))


def _text(path: str) -> str:
    """Return a path that the column engine can write to."""
    try:
        path.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError("the path holds bytes that are no text; name another") from None
    return _place(path)


def _place(path: str) -> str:
    """Return a path to write to that Windows takes for what it says."""
    try:
        return windows.check_name(path) if windows.HERE else path
    except BadInput as error:
        raise argparse.ArgumentTypeError(str(error)) from None


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"autopilot-analysis: {_shown(_one_line(message, 600))}; see {self.prog} --help\n")


class _Version(argparse.Action):
    """Prints the version and stops."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None) -> None:
        super().__init__(option_strings, dest=dest, default=argparse.SUPPRESS, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from autopilot_analysis.release import read_version

        print(f"autopilot-analysis {read_version()}")
        parser.exit()


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of all verbs."""
    shape = argparse.RawDescriptionHelpFormatter
    parser = _Parser(prog="autopilot-analysis", description=DESCRIPTION, epilog=EPILOG, formatter_class=shape)
    parser.add_argument("--version", action=_Version, help="print the version and stop")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True, parser_class=_Parser)

    def verb(name: str, run: Callable[[argparse.Namespace], None], text: str) -> argparse.ArgumentParser:
        sub = verbs.add_parser(name, help=text, description=text[:1].upper() + text[1:] + ".")
        sub.set_defaults(run=run)
        return sub

    report = verb("report", _report, "write one self-contained HTML page that tells an export's story")
    report.add_argument("export", metavar="EXPORT", help="folder, ZIP, CAB, single file or dataset")
    report.add_argument(
        "--notebook", metavar="NAME", help="notebook to run (default: the one that fits the input)"
    )
    report.add_argument(
        "-p", action="append", default=[], metavar="NAME=VALUE", help="set a parameter of the notebook"
    )
    report.add_argument(
        "--out",
        type=_place,
        metavar="FILE",
        help="where to write the page (default: beside you, named after the export)",
    )
    report.add_argument("--force", action="store_true", help="replace a page that is there already")
    trusted = "run a {} that lies with the export, as if you had written it"
    report.add_argument("--trust", action="store_true", help=trusted.format("notebook"))
    report.add_argument("--kernel", action="store_true", help="run the notebook in a process of its own")
    report.add_argument("--pdf", action="store_true", help="print the page to PDF beside it")
    report.add_argument("--open", action="store_true", help="open the page in the browser")

    findings = verb("findings", _findings, "say what went wrong, most severe first, with proof")
    findings.add_argument("export", metavar="EXPORT", help="folder, ZIP, CAB, single file or dataset")
    findings.add_argument(
        "--json", action="store_true", help="as JSON: a list of findings, each with its evidence"
    )
    findings.add_argument("--markdown", action="store_true", help="the answer as Markdown, for a ticket")
    findings.add_argument("--all", action="store_true", help="everything, not the answer alone")

    findings.add_argument(
        "--rules",
        metavar="FILE",
        help="rules of your own: a CSV of signs, or a Python file (docs/rules.md)",
    )

    findings.add_argument("--trust", action="store_true", help=trusted.format("file of rules"))

    words = "a CSV `text,means` for reports in a language not known here (docs/fleet.md)"
    tables = verb("tables", _tables, "write every table of an export as one file each")
    tables.add_argument("export", metavar="EXPORT", help="folder, ZIP, CAB, single file or dataset")
    tables.add_argument("--out", required=True, type=_text, metavar="DIR", help="folder for the files")
    tables.add_argument(
        "--format", choices=FORMATS, default="parquet", help="file format (default: %(default)s)"
    )
    tables.add_argument("--force", action="store_true", help="write into a folder that is not empty")
    tables.add_argument("--words", metavar="FILE", help=words)

    explain = verb(
        "explain", _explain, "say which groups of deployments differ from the rest, and since when"
    )
    explain.add_argument(
        "export", metavar="EXPORT", help="dataset, folder of captures, Graph or report export"
    )
    explain.add_argument(
        "--outcome",
        choices=("failed", "slow", "abandoned"),
        default="failed",
        help="what to explain (default: %(default)s)",
    )
    explain.add_argument(
        "--time-zone",
        default="",
        metavar="ZONE",
        help="where portal CSVs were downloaded, such as Europe/Berlin: their times are local",
    )
    explain.add_argument("--words", metavar="FILE", help=words)
    explain.add_argument("--json", action="store_true", help="as JSON: contrasts and changes")

    ingest = verb(
        "ingest", _ingest, "read many exports into a dataset: parallel, resumable, each once by content"
    )
    ingest.add_argument("exports", nargs="*", metavar="EXPORT", help="folders, ZIPs, CABs, files or patterns")
    ingest.add_argument(
        "--into", required=True, type=_place, metavar="DATASET", help="folder of the dataset; made when new"
    )
    ingest.add_argument("--workers", type=int, metavar="N", help="processes (default: by cores and memory)")
    ingest.add_argument(
        "--scheduler", metavar="ADDRESS", help="a Dask scheduler such as tcp://host:8786 (extra dask)"
    )
    ingest.add_argument(
        "--compact",
        action="store_true",
        help="merge the many small files into few afterwards, or now when no EXPORT is named",
    )

    sample = verb(
        "sample", _sample, "write make-believe exports in the real formats, with the truth beside them"
    )
    sample.add_argument("out", type=_text, metavar="OUT", help="folder for the exports")
    sample.add_argument(
        "--devices", type=int, default=1, metavar="N", help="how many devices (default: %(default)s)"
    )
    sample.add_argument(
        "--incident", metavar="NAME", help="plant one incident or scenario; an unknown name lists them"
    )
    sample.add_argument(
        "--seed", type=int, default=0, metavar="N", help="same seed, same bytes (default: %(default)s)"
    )

    sample.add_argument(
        "--graph", action="store_true", help="write beside the captures what Graph saw of the same devices"
    )

    timeline = verb(
        "timeline", _timeline, "write everything a device did on one wall-clock line, for other tools"
    )
    timeline.add_argument("export", metavar="EXPORT", help="folder, ZIP, CAB, single file or dataset")
    timeline.add_argument("out", type=_text, metavar="OUT", help="the file to write")
    timeline.add_argument(
        "--format",
        choices=TIMELINE_FORMATS,
        default="timesketch",
        help="timesketch (JSON lines), perfetto (Chrome trace) or csv (default: %(default)s)",
    )
    timeline.add_argument("--device", default="", metavar="NAME", help="key, serial or name of one device")
    timeline.add_argument("--privacy", action="store_true", help="write pseudonyms in place of names")
    timeline.add_argument("--force", action="store_true", help="replace a file that is there already")

    share = verb("share", _share, "write a pseudonymised copy of an export's tables, checked for leaks")
    share.add_argument("export", nargs="?", metavar="EXPORT", help="folder, ZIP, CAB, single file or dataset")
    share.add_argument("out", nargs="?", type=_text, metavar="OUT", help="folder for the copy; a new one")
    keys = share.add_mutually_exclusive_group()
    keys.add_argument(
        "--fresh-key", action="store_true", help="a key for this time only: joins to nothing else"
    )
    keys.add_argument(
        "--key", metavar="FILE", help="a key of 16 to 64 bytes, to give the same names as others do"
    )
    share.add_argument("--ways-back", action="store_true", help="list the ways back to names in your profile")
    share.add_argument("--delete-way-back", metavar="NAME", help="delete one way back, or all")
    for hides in (findings, tables, explain):
        hides.add_argument("--privacy", action="store_true", help="write pseudonyms in place of names")

    for reads in (report, findings, explain, tables, ingest, timeline, share):
        reads.add_argument(
            "--names",
            default="",
            metavar="FILE",
            help="a name book: CSV `id,name`, Intune's list of apps as CSV, or JSON of Graph",
        )

    lab = verb("lab", _lab, "copy the notebooks and sample data into a folder and start JupyterLab there")
    lab.add_argument(
        "dir",
        nargs="?",
        type=_place,
        default="autopilot-lab",
        metavar="DIR",
        help="folder (default: %(default)s)",
    )
    lab.add_argument(
        "more", nargs="*", metavar="-- OPTION", help="options for JupyterLab, such as --port=9999"
    )
    lab.add_argument("--no-start", action="store_true", help="copy only")
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit status.

    Args:
        argv: Arguments without the program's name; those of the process when None.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    args = build_parser().parse_args(argv)
    exports = [args.export] if getattr(args, "export", None) else getattr(args, "exports", [])
    try:
        with closed_to(*folders_of(exports)):
            args.run(args)
        sys.stdout.flush()
    except AnalysisError as error:
        print(f"autopilot-analysis: {_shown(_one_line(str(error), 600))}", file=sys.stderr)
        return 2
    except MemoryError:
        print("autopilot-analysis: this machine has too little free memory for that export", file=sys.stderr)
        return 2
    except BrokenPipeError:
        _drop_output()
        return 1
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        plain = f"{error.strerror or error}; check the path, the rights to it and the free space"
        words = where + (windows.too_long(str(error.filename or "")) or plain)
        print(f"autopilot-analysis: {_shown(_one_line(words, 600))}", file=sys.stderr)
        _drop_output()
        return 2
    except KeyboardInterrupt:
        print("autopilot-analysis: stopped", file=sys.stderr)
        return 130
    return 0


def _drop_output() -> None:
    """Let what could not be printed go nowhere, or Python tries once more at its end."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    raise SystemExit(main())
