"""Which run of an installer belongs to which try: by path, product code, log, process, time, result code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec
import polars as pl
from msgspec.structs import replace

from autopilot_analysis.codes import OWN_NUMBERS, code_of
from autopilot_analysis.trace.installs.installers.causes import NOT_FITTING_SAYS, OWN, UNSTARTED
from autopilot_analysis.trace.installs.installers.runs import CodedLine, InstallerRun, file_name

KINDS = ["win32", "winget", "msi", "office"]
"""Kinds of items that an installer with a log of its own may stand behind."""
OPEN = ["failed", "unfinished"]
"""Outcomes that an installer's log may explain."""
SLACK = timedelta(minutes=1)
"""How far beyond a try its installer's log may reach: the clocks of two writers, and what ends last."""
BLOCK = "block"
"""The family of what Windows did not let run."""
SHORTEST = 4
"""A name with fewer letters stands in too many others."""
BESIDE = re.compile(
    "installations?|installers?|uninstall|reinstall|install|setup|deployment|deploy|configuration|config|package"
    "|script|wrapper|system|user|main|apps?|msi|exe|log|win32|win64|x64|x86|amd64|arm64|v?[0-9]+"
)
"""What may stand in the name of a log beside the app's own, its letters alone."""
ANYWHERE = ("0x80004005", "0x8000FFFF", "0x80070002", "0x80070005", "0x80070057", "0x80070643")
"""Result codes that stand in the logs of so many programs that they tie nothing."""
AGENTS = "0x87D"
"""Result codes that the agent gives where no installer gave one begin so."""
_NEAREST = (BLOCK, UNSTARTED, "msi", "burn", "winget", "toolkit", OWN, "crash")
"""Families of installers, the one nearest to the act first: a wrapper only passes on what it was given."""


class Try(msgspec.Struct, frozen=True):
    """What is known of a try that may tie a run to it."""

    row: int
    device: str
    item: str
    name: str
    began: datetime | None
    ended: datetime | None
    exit_code: int | None
    code: str | None
    process: int | None
    products: frozenset[str]
    logs: frozenset[str]

    def holds(self, run: InstallerRun) -> bool | None:
        """Return whether a run began inside the try, None where nobody can say."""
        return self.around(run.began)

    def around(self, at: datetime | None) -> bool | None:
        """Return whether an instant lies inside the try, None where nobody can say."""
        if at is None or self.began is None or self.ended is None:
            return None
        return self.began - SLACK <= at <= self.ended + SLACK

    def spans(self, run: InstallerRun) -> bool:
        """Return whether a run began between the first and the last instant of the try."""
        if self.began is None or self.ended is None or run.began is None:
            return False
        return self.began <= run.began <= self.ended


def explain_tries(installs: pl.DataFrame, runs: Sequence[InstallerRun]) -> pl.DataFrame:
    """Add to each try that did not end well the line of its installer's log that explains it.

    Args:
        installs: Rows of tables.Install.
        runs: What `read_runs` returned.

    Returns:
        The same rows in the same order; cause, cause_member and cause_record filled where a log explains a
        try, and its detail with `installer`: family, name, exit code and what ties the log to the try.
    """
    with_cause = [run for run in runs if run.cause is not None]
    if not with_cause:
        return installs
    rows = installs.with_row_index("_row")
    tries = _tries(rows)
    found = {one.row: tied for one in tries if (tied := _tied(one, tries, with_cause, runs))}
    causes = [_cause(row, installs["detail"][row], *tied) for row, tied in sorted(found.items())]
    names = ["_row", "cause", "cause_member", "cause_record", "_detail"]
    kinds = [pl.UInt32, pl.String, pl.String, pl.Int64, pl.String]
    frame = pl.DataFrame(causes, schema=dict(zip(names, kinds, strict=True)), orient="row")
    joined = rows.drop("cause", "cause_member", "cause_record").join(
        frame, on="_row", how="left", maintain_order="left"
    )
    return joined.with_columns(detail=pl.coalesce("_detail", "detail")).select(installs.columns)


def _cause(row: int, detail: str | None, run: InstallerRun, by: str) -> tuple[object, ...]:
    own = {"family": run.family, "name": run.name, "exit_code": run.exit_code, "tied_by": by}
    facts = json.loads(detail or "{}") | {"installer": {k: v for k, v in own.items() if v is not None}}
    return row, run.cause, run.member, run.cause_record, json.dumps(facts, ensure_ascii=False)


def _tries(rows: pl.DataFrame) -> list[Try]:
    """Return the tries that a log may explain."""

    def moment(name: str) -> pl.Expr:
        written = pl.col("detail").str.json_path_match(f"$.{name}_written")
        return pl.coalesce(
            pl.col(f"{name}_at").dt.replace_time_zone(None),
            written.str.to_datetime(time_unit="us", strict=False),
        )

    likely = rows.filter(pl.col("outcome").is_in(OPEN), pl.col("kind").cast(pl.String).is_in(KINDS))
    columns = likely.select(
        "_row",
        "device",
        "exit_code",
        "code",
        "detail",
        "name",
        pl.col("item").str.to_lowercase(),
        began=moment("started"),
        ended=moment("ended"),
    )
    return [_try(row) for row in columns.iter_rows(named=True)]


def _try(row: dict[str, object]) -> Try:
    detail = json.loads(str(row["detail"] or "{}"))
    products = {str(code).lower() for code in detail.get("products", [])}
    item = str(row["item"])
    return Try(
        row=int(str(row["_row"])),
        device=str(row["device"]),
        item=item,
        name=_letters(str(row["name"] or "")),
        began=row["began"],  # type: ignore[arg-type]
        ended=row["ended"],  # type: ignore[arg-type]
        exit_code=row["exit_code"],  # type: ignore[arg-type]
        code=_result(row["exit_code"], row["code"]),  # type: ignore[arg-type]
        process=detail.get("process"),
        products=frozenset({*products, item} if item.startswith("{") else products),
        logs=frozenset(file_name(str(path)) for path in detail.get("logs", [])),
    )


def _result(exit_code: int | None, code: str | None) -> str | None:
    """Return the result code that an installer itself ended with, where it is one that few programs write."""
    if exit_code is not None:
        small = OWN_NUMBERS[0] <= exit_code <= OWN_NUMBERS[1]
        code = None if small else code_of(exit_code, "exit")
    return None if code is None or code in ANYWHERE or code.startswith(AGENTS) else code


def _tied(
    one: Try, tries: Sequence[Try], with_cause: Sequence[InstallerRun], runs: Sequence[InstallerRun]
) -> tuple[InstallerRun, str] | None:
    """Return the run that explains a try and what ties it, the one nearest to the act."""
    ties = dict(_own(one, tries, runs))
    logs = one.logs.union(*(run.logs for run in ties))
    chained = [run for run in runs if run not in ties and run.device == one.device and run.log in logs]
    ties |= {run: "log" for run in chained if one.holds(run) is not False}
    timed = dict(_at_the_time(one, tries, runs))
    coded = {} if ties or timed else dict(_of_its_code(one, tries, runs))
    ties = (ties or timed or dict.fromkeys(coded, "code")) | {
        run: by for run, by in timed.items() if run.family == BLOCK
    }
    if any(re.search(NOT_FITTING_SAYS, run.cause or "") for run in ties):
        ties |= dict(_unstarted(one, tries, runs))
    explaining = [run for run in with_cause if run in ties]
    order = sorted(explaining, key=lambda run: (_NEAREST.index(run.family), with_cause.index(run)))
    if not order:
        return None
    line = coded.get(order[0])
    return (_explained_by(order[0], line) if line else order[0], ties[order[0]])


def _own(one: Try, tries: Sequence[Try], runs: Sequence[InstallerRun]) -> Iterable[tuple[InstallerRun, str]]:
    """Yield the runs that name a try's app or product, or have its process, and ran in no other try."""
    rivals = [other for other in tries if other.device == one.device and other.item == one.item]
    for run in runs:
        if run.device != one.device:
            continue
        by = _by(one, run)
        inside = one.holds(run)
        last = one is rivals[-1]
        dated = any(other.holds(run) for other in rivals)
        if by and (inside or (inside is None and last and not dated)):
            yield run, by


def _by(one: Try, run: InstallerRun) -> str | None:
    """Return what ties a run to a try by itself."""
    if run.app == one.item:
        return "path"
    if run.product is not None and run.product in one.products:
        return "product code"
    if run.process is not None and run.process == one.process and one.holds(run):
        return "process"
    return "name" if run.family == OWN and _named_after(run.log, one) else None


def _named_after(log: str, one: Try) -> bool:
    """Tell whether a log is called after an app's id or name, and beside it words of installing at most."""
    stem = _letters(log.rpartition(".")[0])
    for own in (_letters(one.item), one.name):
        before, found, after = stem.partition(own) if len(own) >= SHORTEST else (stem, "", "")
        if found and not BESIDE.sub("", before) and not BESIDE.sub("", after):
            return True
    return False


def _of_its_code(
    one: Try, tries: Sequence[Try], runs: Sequence[InstallerRun]
) -> Iterable[tuple[InstallerRun, CodedLine]]:
    """Yield the logs of a form of their own that name the result code of a try, and the line that does.

    No other app ended with that code, no app is the log named after, and the line is of the time of the try;
    one without a time belongs to the last try.
    """
    alike = [other for other in tries if other.device == one.device and other.code == one.code]
    if one.code is None or any(other.item != one.item for other in alike):
        return
    for run in runs:
        if run.device != one.device or run.family != OWN or any(_by(other, run) for other in tries):
            continue
        for line in run.coded:
            inside = one.around(line.at)
            if line.code == one.code and (inside or (inside is None and one is alike[-1])):
                yield run, line
                break


def _explained_by(run: InstallerRun, line: CodedLine) -> InstallerRun:
    """Return a run whose cause is one line of its log, with what ties the log to the try."""
    name = run.member.replace("\\", "/").rpartition("/")[2]
    return replace(
        run, cause=f"{name}, which names the same {line.code}: {line.text}", cause_record=line.record
    )


def _unstarted(
    one: Try, tries: Sequence[Try], runs: Sequence[InstallerRun]
) -> Iterable[tuple[InstallerRun, str]]:
    """Yield the programs that could not start while this try alone ran, whose log says so itself."""
    for run in runs:
        if run.family != UNSTARTED or run.app is not None or run.device != one.device:
            continue
        holding = [other for other in tries if other.device == one.device and other.holds(run)]
        if holding == [one] and one.spans(run):
            yield run, "words"


def _letters(text: str) -> str:
    """Return the letters and digits of a text, in lower case."""
    return "".join(sign for sign in text.lower() if sign.isalnum())


def _at_the_time(
    one: Try, tries: Sequence[Try], runs: Sequence[InstallerRun]
) -> Iterable[tuple[InstallerRun, str]]:
    """Yield the runs that ended as this try did while it alone ran, and that name no other app.

    A log in a form of its own is tied by its name or its code. What was blocked has no exit code: it was
    blocked within the try, as the agent's own or its installer's.
    """
    for run in runs:
        other_way = (
            run.app is not None or run.family == OWN or (run.exit_code is None and run.family != BLOCK)
        )
        if run.device != one.device or other_way:
            continue
        holding = [other for other in tries if other.device == one.device and other.holds(run)]
        alike = one.spans(run) if run.family == BLOCK else run.exit_code == one.exit_code
        if holding == [one] and alike:
            yield run, "time"
