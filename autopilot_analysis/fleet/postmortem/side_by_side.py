"""Two devices, or two captures of one, side by side: what differs first, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.errors import BadInput, UnknownName
from autopilot_analysis.export.sources import title_of
from autopilot_analysis.findings import Answer, Answers, Line, Part, Section, answer
from autopilot_analysis.findings.answers.device_answer import WORST
from autopilot_analysis.findings.answers.happened import came_to
from autopilot_analysis.fleet.dataset.story import Story, load_story
from autopilot_analysis.fleet.postmortem.comparison import compare_stories
from autopilot_analysis.trace.compare import FACTS, Compared, Side, compare_devices

FOUND_ON = ("first", "second", "first and second")
MOST_DIFFERENCES = 4
"""Differences named in the answer after the first; the frame has them all."""
FIRST_KEPT, LAST_KEPT = (Part.WHY, Part.WORDS, Part.TO_DO, Part.PROOF), (Part.UNSEEN, Part.ASK_FOR)
"""Parts of the worse side's own answer that stand in the answer on both, before and after what differs."""
NO_SECOND = (
    "one device alone is told of here: name another capture (other_export), or an export that holds a second "
    "device (other_device)"
)
INVENTED = re.compile(r"(?:.+\.)?example\.(?:com|net|org)", re.IGNORECASE)
"""Domains that are kept for examples: a tenant of one is no tenant, and its device is a sample."""
A_SAMPLE = "{} is a make-believe sample, no device of yours: that it differs says little."


@dataclass(frozen=True)
class SideBySide:
    """Two devices, or two captures of one, side by side."""

    answer: Answer
    compared: Compared
    findings: pl.DataFrame
    """Each finding once: of one device whether it went, came or stayed, of two on which it was found."""
    coverage: pl.DataFrame
    """source, presence_first, presence_second: what each could be asked; a silent source proves nothing."""

    devices: tuple[str, str] = ("first", "second")

    @property
    def stages(self) -> pl.DataFrame:
        """Each stage as it was last run on either side, and the change of its span."""
        return self.compared.stages

    @property
    def differs(self) -> pl.DataFrame:
        """part, what, first, second, note: what differs first, in the order in which things happen."""
        return self.compared.differs

    def shown(self, name: str) -> pl.DataFrame:
        """Return one frame as people read it: columns named after the devices, none empty, no places.

        Args:
            name: stages, items, facts, settings, network or coverage.

        Raises:
            UnknownName: No frame is called so.
        """
        frames: dict[str, pl.DataFrame] = {**vars(self.compared), "coverage": self.coverage}
        if name not in frames:
            raise UnknownName.among("frame of two devices", name, frames)
        places = tuple(f"{part}_{side}" for part in ("member", "record") for side in ("first", "second"))
        frame = frames[name]
        if name == "items":  # an id says something beside a name of its own alone
            own = pl.when(pl.col("item") != pl.col("name")).then("item").alias("item")
            frame = frame.select("kind", "name", own, pl.exclude("kind", "name", "item"))
        columns = [column for column in frame if not column.name.endswith(places)]
        filled = [column.name for column in columns if column.null_count() < column.len()]
        titles = dict(zip(("first", "second"), self.devices, strict=True))
        named = {
            column: f"{column.removesuffix(f'_{side}')}, {title}"
            for column in filled
            for side, title in titles.items()
            if column.endswith(f"_{side}")
        }
        return frame.select(filled).rename(named)


def lay_side_by_side(
    export: str | Path,
    other: str | Path = "",
    *,
    device: str = "",
    other_device: str = "",
    names: str | Path = "",
    privacy: bool = False,
) -> SideBySide:
    """Return two devices, or two captures of one device, side by side.

    Args:
        export: Capture, or dataset, to understand.
        other: What to lay beside it: another capture of the same device, or one of a device that went well;
            empty takes both devices from `export`.
        device: Key, serial or name of the device in `export`; empty means the worst.
        other_device: That of the other; empty means the one that went well and has most in common.
        names: A name book for ids; empty for none.
        privacy: Put stable pseudonyms in place of names, serials, tenants and addresses.

    Raises:
        NotAnExport: A path holds nothing this package can open.
        UnknownName: No device is called so.
        BadInput: There is no second device to lay beside the first.

    Example:
        >>> laid = lay_side_by_side("data/mdm-enrollment-refused.cab", "data/user-driven-success.cab")
        >>> laid.differs.row(0)[:4]
        ('stage', 'MDM enrolment', 'failed (0x80180014)', 'succeeded')
    """
    both = not str(other).strip()
    one = load_story(export, device="" if both else device, names=names, privacy=privacy)
    answers = answer(*one)
    if one.tables.devices.is_empty():
        return _misfit(answers.devices[0], one)
    first = _named(one, device) or answers.devices[0].key
    if both:
        second = _named(one, other_device) or _most_alike(one, answers, first)
        return lay_stories((one, answers, first), (one, answers, second))
    two = load_story(other, device=other_device, names=names, privacy=privacy)
    beside = answer(*two)
    if two.tables.devices.is_empty():
        return _misfit(beside.devices[0], two)
    second = _same_or_best(one, first, two, beside)
    return lay_stories((one, answers, first), (two, beside, second))


def lay_stories(one: tuple[Story, Answers, str], other: tuple[Story, Answers, str]) -> SideBySide:
    """Return two devices that were read already side by side.

    Args:
        one: What holds the first, the answers on its devices, and the key of the first.
        other: The same of the second.
    """
    (story, first_answers, first), (beside, second_answers, second) = one, other
    compared = compare_devices(
        Side(story.tables, story.trace, first), Side(beside.tables, beside.trace, second)
    )
    answers = [_about(first_answers, first), _about(second_answers, second)]
    same = first == second
    findings = compare_stories(story, beside).findings if same else _found_on(story, first, beside, second)
    coverage = (
        _coverage(story, first)
        .join(
            _coverage(beside, second),
            on="source",
            how="full",
            coalesce=True,
            suffix="_second",
            maintain_order="left_right",
        )
        .rename({"presence": "presence_first"})
    )
    invented = [_is_invented(each, key) for each, key in ((story, first), (beside, second))]
    samples = [each.subject for each, is_one in zip(answers, invented, strict=True) if is_one]
    notes = [Line(A_SAMPLE.format(samples[0]))] if len(samples) == 1 else []
    return SideBySide(
        _answer(compared, answers, notes, same=same),
        compared,
        findings,
        coverage,
        _titles(answers, same=same),
    )


def _is_invented(story: Story, device: str) -> bool:
    domains = story.tables.devices.filter(pl.col("device") == device)["tenant_domain"].drop_nulls()
    return any(INVENTED.fullmatch(domain) for domain in domains)


def _coverage(story: Story, device: str) -> pl.DataFrame:
    own = story.tables.coverage.filter(pl.col("device") == device)
    known = own.select(pl.col("source", "presence").cast(pl.String)).unique("source", maintain_order=True)
    return known.with_columns(pl.col("source").map_elements(title_of, return_dtype=pl.String))


def _about(answers: Answers, device: str) -> Answer:
    return next(one for one in answers if one.key == device)


def _misfit(alone: Answer, story: Story) -> SideBySide:
    """Return what there is to say when nothing tells of a device: which notebook fits, and empty frames."""
    nobody = Side(story.tables, story.trace, "")
    return SideBySide(alone, compare_devices(nobody, nobody), pl.DataFrame(), pl.DataFrame())


def _named(story: Story, device: str) -> str | None:
    """Return the key of the device that goes by a key, serial or name."""
    fold = device.strip().casefold()
    rows = story.tables.devices.filter(
        pl.any_horizontal(pl.col("device", "serial", "name").str.to_lowercase() == fold)
    )
    return rows["device"][0] if fold and rows.height else None


def _most_alike(story: Story, answers: Answers, first: str) -> str:
    """Return the device that went best and has most in common with the first."""
    devices = story.tables.devices.with_columns(pl.col(FACTS).cast(pl.String))
    own = devices.row(by_predicate=pl.col("device") == first, named=True)
    common = pl.sum_horizontal((pl.col(name) == pl.lit(own[name])).fill_null(value=False) for name in FACTS)
    rank = {one.key: WORST.index(one.outcome) if one.outcome in WORST else 0 for one in answers}
    others = devices.filter(pl.col("device") != first).with_columns(
        common=common, well=pl.col("device").replace_strict(rank, return_dtype=pl.Int64)
    )
    if others.is_empty():
        raise BadInput(NO_SECOND)
    return str(others.sort("well", "common", "device", descending=[True, True, False])["device"][0])


def _same_or_best(one: Story, first: str, two: Story, beside: Answers) -> str:
    """Return the first device as the second capture calls it, else the device there that went best."""
    serial = one.tables.devices.filter(pl.col("device") == first)["serial"][0]
    same = two.tables.devices.filter((pl.col("device") == first) | (pl.col("serial") == serial))
    return str(same["device"][0]) if same.height else beside.devices[-1].key


def _found_on(one: Story, first: str, two: Story, second: str) -> pl.DataFrame:
    """Return each finding with the device that it was found on: first, second or both."""
    words = ["rule", "severity", "role", "title", "meaning"]
    sides = []
    for story, key, name in ((one, first, "first"), (two, second, "second")):
        found = story.findings.findings.filter(pl.col("device") == key).unique(
            "rule", keep="first", maintain_order=True
        )
        sides.append(found.select(pl.col(words).cast(pl.String), found_on=pl.lit(name)))
    every = pl.concat(sides).group_by("rule", maintain_order=True)
    merged = every.agg(pl.col(words[1:]).first(), found_on=pl.col("found_on").str.join(" and "))
    place = pl.col("found_on").replace_strict({name: n for n, name in enumerate(FOUND_ON)})
    return merged.sort(place, maintain_order=True).select("found_on", *words)


def _answer(compared: Compared, answers: list[Answer], notes: list[Line], *, same: bool) -> Answer:
    """Return what differs first, what must be known of it, and of the worse side why and what to do."""
    one, other = answers
    names = _titles(answers, same=same)
    rows = compared.differs.iter_rows(named=True)
    sentences = [_sentence(row, names) for row in rows]
    known = compared.differs.with_row_index().filter(
        pl.all_horizontal(pl.col("first", "second").is_not_null())
    )["index"]
    lead = int(known[0]) if known.len() else None
    first = "Nothing that both tell of differs." if lead is None else sentences[lead]
    rest = [text for place, text in enumerate(sentences) if place != lead][:MOST_DIFFERENCES]
    worse = min(answers, key=lambda each: WORST.index(each.outcome) if each.outcome in WORST else 0)
    parts = {section.label: section for section in worse.sections}
    verdicts = [Line(_verdict(each, name)) for each, name in zip(answers, names, strict=True)]
    sections = (
        Section("First to differ", (Line(first), *notes)),
        *(parts[label] for label in FIRST_KEPT if label in parts),
        Section("First", (verdicts[0],)),
        Section("Second", (verdicts[1],)),
        Section("Also differs", tuple(map(Line, rest))),
        Section("Alike", tuple(_alike(compared))),
        *(parts[label] for label in LAST_KEPT if label in parts),
    )
    subject = f"{one.subject}, two captures" if same else f"{one.subject} and {other.subject}"
    verdict = f"the first {came_to(one.outcome)}, the second {came_to(other.outcome)}"
    return Answer(subject, verdict, worse.outcome, tuple(each for each in sections if each.lines))


def _titles(answers: list[Answer], *, same: bool) -> tuple[str, str]:
    return ("the first capture", "the second capture") if same else (answers[0].subject, answers[1].subject)


def _verdict(each: Answer, name: str) -> str:
    happened = each.sections[0].lines[0].text
    is_new = happened.rstrip(".") not in each.verdict
    more = f" {happened}" if each.outcome in ("failed", "unfinished") and is_new else ""
    return f"{wording.capital(name)}: {each.verdict}.{more}"


def _alike(compared: Compared) -> Iterator[Line]:
    """Yield how many stages ended alike on both."""
    both = compared.stages.drop_nulls(["outcome_first", "outcome_second"])
    alike = both.filter(pl.col("outcome_first") == pl.col("outcome_second"))["stage"]
    if alike.len():
        yield Line(f"On both: {', '.join(wording.words(name) for name in alike)}.")


def _sentence(row: dict[str, str | None], names: tuple[str, str]) -> str:
    """Return one difference as a sentence that names both devices."""
    what = (
        wording.heading(str(row["what"]))
        if row["part"] in ("stage", "device", "network", "timing")
        else str(row["what"])
    )
    if row["first"] is None or row["second"] is None:
        note = str(row["note"]).replace("the first", names[0]).replace("the second", names[1])
        return f"{what}: on {names[0 if row['second'] is None else 1]} alone; {note}."
    first, second = (wording.words(str(row[side])) for side in ("first", "second"))
    if row["part"] == "timing":
        return f"{what} took {first} on {names[0]}, {second} on {names[1]}."
    verb = "" if row["part"] in ("stage", "item") else "is "
    return f"{what} {verb}{first} on {names[0]}, {second} on {names[1]}."
