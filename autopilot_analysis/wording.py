"""How values read in prose, tables and labels: spans, shares, counts, stages, groups, harmless text.

The only place that formats for people. A page, a terminal and a figure that show one value show one text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

ACRONYMS = {"mdm": "MDM", "entra": "Entra", "esp": "ESP", "oobe": "OOBE", "tpm": "TPM", "id": "ID"}
"""Words of names that are written otherwise than in lower case."""

NAMES = {
    "user_driven": "user-driven",
    "self_deploying": "self-deploying",
    "pre_provisioning": "pre-provisioning",
    "rename": "renamed",
    "windows_build": "Windows build",
    "intune_agent": "Intune agent",
    "dns_suffix": "DNS suffix",
    "dns_servers": "DNS servers",
    "network_name": "network",
    "mdm_enrollment": "MDM enrolment",
}
"""Values that read otherwise than their parts."""

TITLES = {
    "begun": "beginning recorded",
    "k": "hits",
    "p": "chance (p)",
    "q": "chance (q)",
    "chi2": "chi squared",
    "degrees": "degrees of freedom",
    "p50": "median",
    **{f"p{nth}": f"{nth}th percentile" for nth in (*range(55, 100, 5), 99)},
    "lift": "times the rest",
    "lost": "time lost",
    "n_after": "attempts after",
    "rest_share": "share of the rest",
    "days": "apart by",
}
"""Names of columns that say nothing to those who have not read how they are measured."""
LEAST_SHARE = 5
"""Of fewer a share is no number worth printing: the count alone stands."""
LEAST_CHANCE = 0.001
"""What is rarer by chance is said to be so, and no more: its digits tell nobody anything."""
END_OPEN = "end not recorded"
"""How a figure, a legend and the timeline say that nothing which was read tells of a thing's end."""
NOT_FINISHED = "not finished"
"""How a figure says that something had begun and had not come to its end when it was last looked at."""
NOTHING_FAILED = "nothing failed in what was seen"
"""How a verdict, and a figure of failures, say that none is known."""
FAILED_SIGN = "✕"
"""Before the name of what failed, in figures and on the timeline."""
NOT_TOLD = "not told"
"""What stands for a value that nothing names, as the label of a bar."""
NOT_KNOWN = "not known"
"""What stands where a value would, of a measure or in the name of a group."""
BETWEEN = " · "
"""What stands between the parts of a title or a label that is no sentence."""
NO_REMEDY = "Nothing that was read calls for action."
NO_REASON = "no reason is given"
NO_WHY = "does not say why"
"""Of a report, the service or what was read, before or behind what failed all the same."""
NOT_IN_IT = "does not stand in what was read"
LIST_SILENT = "the list does not say"
NOTHING_TO_DO = "nothing is left to do"
SAYS_LENGTH = "says how long it took"
COLLECT_FROM = "Collect diagnostics from"
"""What to do where a report alone tells too little, before which device."""
RECORDS_AND_SPANS, NO_INSTANT, NO_TIME = "records and spans", "without an instant", "no time known"
"""What a timeline shows, of which some stand at no instant, and what stands in the place of one."""
NO_ATTEMPT_SEEN = "no attempt at enrolment was seen"
NOTHING_TELLS = "nothing that was read tells of"
MORE_THAN_CHANCE = "more than chance would show"
ON_OWN_CLOCK = "on the device's own clock"
"""Behind a time that has no zone."""
NO_SOURCE = "no public source explains"
"""Of a code of which nothing is known, before or behind what is meant; `codes.families` has its meanings."""
EXIT_CODE = "exit code"
"""What the number is called by which a program says how it ended; `exit_code` writes both."""
MEANS = ": "
"""What stands between a code and what it means; `means` writes both."""
START_HERE = "00_start"
OF_A_DEVICE, SIDE_BY_SIDE = "01_device_trace", "07_side_by_side"
OF_STAGES, OF_FAILURES, OF_A_CAUSE = "02_stage_timings", "03_failure_distribution", "04_root_cause"
OF_AN_INCIDENT, OF_A_STUDY = "05_postmortem", "06_fleet_study"
"""The notebooks that come with the package: answers send on to them, README, docs and notebooks name them."""
NOTEBOOKS = (
    *(START_HERE, OF_A_DEVICE, OF_STAGES, OF_FAILURES),
    *(OF_A_CAUSE, OF_AN_INCIDENT, OF_A_STUDY, SIDE_BY_SIDE),
)
"""All of them in their order: each number stands for one, so that `tests/page_numbers.py` renews its name."""
PERCENT_SIGN = " %"
"""What stands behind a share, and behind the second bound of an interval alone."""
ZONE = "UTC"
"""The zone of instants, as an axis and a heading name it."""
IN_ZONE = f" {ZONE}"
"""What stands behind an instant, and what to look for behind one: `in_zone` writes it."""
DAY_OF_YEAR = "%d %B"
DAY_IN_PROSE = f"{DAY_OF_YEAR} %Y"
"""How prose writes a day, the first one beside another whose year it shares."""
TO_THE_DAY, CLOCK_TIME = "%Y-%m-%d", "%H:%M"
TO_THE_MINUTE = f"{TO_THE_DAY} {CLOCK_TIME}"
TO_THE_SECOND = f"{TO_THE_MINUTE}:%S"
"""How instants are written, also where a whole column is."""
IN_MINUTES = " min"
"""What stands behind a number of minutes: `in_minutes` writes it, `span` beside other units."""
MEDIAN_MINUTES = "median minutes"
SINCE_BEGUN = "minutes since the attempt began"
NOT_CAUSING = "going together is not causing"
"""The caution behind groups and days that differ, in an answer, of a command and in a notebook."""
BEYOND_CHANCE = "beyond what chance allows"
NOT_DRAWN = "nothing-to-draw"
"""Name of a picture that says in words why there is nothing to draw: a page can leave it out."""


PRODUCTS = frozenset(("Autopilot", "Defender", "Entra", "Intune", "Microsoft", "Windows"))
"""Names that keep their capital within a sentence."""
_FIRST_WORD = re.compile(r"(?:A|[^\W\d_][^\W\d_A-Z]+)(?=[\s,.:;'’)-]|$)")
"""A word that is no serial, acronym or path."""


def span(length: timedelta | None) -> str:
    """Return a span by its two largest units: "1 h 05 min", "3 d 2 h", "4 min 09 s", "0.4 s".

    Args:
        length: None reads "unknown"; a negative span begins with a minus sign.

    Example:
        >>> span(timedelta(minutes=65)), span(timedelta(seconds=249)), span(timedelta(milliseconds=400))
        ('1 h 05 min', '4 min 09 s', '0.4 s')
    """
    if length is None:
        return "unknown"
    sign = "\N{MINUS SIGN}" if length < timedelta() else ""
    exact = abs(length).total_seconds()
    seconds = round(exact)
    if exact < 9.95:
        return f"{sign}{exact:.1f}".removesuffix(".0") + " s"
    if seconds < 60:
        return f"{sign}{seconds} s"
    if seconds < 3600:
        return f"{sign}{seconds // 60}{IN_MINUTES}" + (f" {seconds % 60:02d} s" if seconds % 60 else "")
    minutes = round(exact / 60)
    if minutes < 48 * 60:
        return f"{sign}{minutes // 60} h" + (f" {minutes % 60:02d}{IN_MINUTES}" if minutes % 60 else "")
    hours = round(exact / 3600)
    return f"{sign}{hours // 24:,} d" + (f" {hours % 24} h" if hours % 24 else "")


def day(at: date) -> str:
    """Return a day as prose writes it: "04 March 2026".

    Args:
        at: The day, or an instant of it.
    """
    return f"{at:{DAY_IN_PROSE}}"


def day_of_year(at: date) -> str:
    """Return a day as prose writes it where its year stands beside it: "04 March".

    Args:
        at: The day, or an instant of it.
    """
    return f"{at:{DAY_OF_YEAR}}"


def short_day(at: date) -> str:
    """Return a day as tables, and sentences beside them, write it: "2026-03-04".

    Args:
        at: The day, or an instant of it.
    """
    return f"{at:{TO_THE_DAY}}"


def clock_time(at: datetime) -> str:
    """Return the time of day of an instant whose day stands beside it: "12:00".

    Args:
        at: In the zone in which it is read.
    """
    return f"{at:{CLOCK_TIME}}"


def moment(at: datetime) -> str:
    """Return a day, or where an instant is not its start the time as well: "04 March 2026, 12:00 UTC".

    Args:
        at: In UTC.
    """
    return day(at) if (at.hour, at.minute) == (0, 0) else in_zone(f"{day(at)}, {clock_time(at)}")


def short_moment(at: datetime) -> str:
    """Return a day as tables write it, or where an instant is not its start the time: "2026-03-04 12:00 UTC".

    Args:
        at: In UTC.
    """
    return short_day(at) if (at.hour, at.minute) == (0, 0) else in_zone(minute(at))


def end(until: datetime, *, spelt: Callable[[datetime], str] | None = None) -> str:
    """Return the end of a spell: "the end of 2026-03-18" where it is the start of the 19th, else its time.

    Args:
        until: The first instant that is no more of it, in UTC.
        spelt: How a day or an instant is written; None: as tables write it.
    """
    write = spelt or short_moment
    if (until.hour, until.minute) == (0, 0):
        return f"the end of {write(until - timedelta(days=1))}"
    return write(until)


def whole_span(length: timedelta) -> str:
    """Return a limit as a sentence names it, in the largest unit of which it is several: "40 minutes".

    Args:
        length: Whole seconds.

    Example:
        >>> whole_span(timedelta(minutes=90)), whole_span(timedelta(days=14)), whole_span(timedelta(hours=1))
        ('90 minutes', '14 days', '60 minutes')
    """
    for noun, unit in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        number, rest = divmod(round(length.total_seconds()), unit)
        if number > 1 and not rest:
            return count(number, noun)
    return count(round(length.total_seconds()), "second")


def size(count_of_bytes: float) -> str:
    """Return an amount of bytes by its largest unit: "61 MB", "1.4 GB", "980 kB", "17 bytes".

    Args:
        count_of_bytes: How many; units are powers of a thousand.

    Example:
        >>> size(61_000_000), size(1_420_000_000), size(17)
        ('61 MB', '1.4 GB', '17 bytes')
    """
    for unit, least in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if abs(count_of_bytes) >= least:
            value = count_of_bytes / least
            return f"{value:.1f}".removesuffix(".0") + f" {unit}" if value < 10 else f"{value:,.0f} {unit}"
    return count(round(count_of_bytes), "byte")


def percent(value: float, digits: int = 1) -> str:
    """Return a share as prose writes it: "39.5 %".

    Args:
        value: Between 0 and 1.
        digits: Behind the point.
    """
    return f"{100 * value:.{digits}f}{PERCENT_SIGN}"


def ratio(value: float) -> str:
    """Return how many times as much, or as often, something is, before "times": "3.2".

    Args:
        value: Of two shares or two spans.
    """
    return f"{value:.1f}"


def share(k: int, n: int, low: float | None = None, high: float | None = None) -> str:
    """Return k of n with its share and, where there is one, its interval: "14 of 36 (39 %, 25 to 55 %)".

    One of one has no share worth a number: below `LEAST_SHARE` it is the count alone.

    Args:
        k: How many it hit.
        n: Of how many.
        low: Lower bound of the share, between 0 and 1.
        high: Its upper bound.
    """
    counted = f"{k:,} of {n:,}"
    if n < LEAST_SHARE:
        return counted
    bounds = "" if low is None or high is None else f", {_interval(low, high)}"
    return f"{counted} ({percent(k / n, 0)}{bounds})"


def _interval(low: float, high: float) -> str:
    """Return an interval of a share, whose sign stands once: "25 to 55 %"."""
    return f"{100 * low:.0f} to {percent(high, 0)}"


_BOUNDS = re.compile(rf"(?<={PERCENT_SIGN}), \d{{1,3}} to \d{{1,3}}{PERCENT_SIGN}(?=\))")


def without_bounds(text: str) -> str:
    """Return a sentence whose shares have no interval, for a first line; the line below it gives them.

    Args:
        text: With shares as `share` writes them.

    Example:
        >>> without_bounds("14 of 36 (39 %, 25 to 55 %) failed")
        '14 of 36 (39 %) failed'
    """
    return _BOUNDS.sub("", text)


def least_seen(least: str) -> str:
    """Return what a comparison could have shown: "only a difference of 30 % or more would have shown".

    Args:
        least: The smallest of them, in words.
    """
    return f"only a difference of {least} or more would have shown"


def chance(value: float) -> str:
    """Return how often chance alone shows as much, as prose writes it: "0.012"; rarer, below `LEAST_CHANCE`.

    Args:
        value: A probability, or the share of such findings that are false.
    """
    return f"{value:.2g}" if value >= LEAST_CHANCE else f"below {LEAST_CHANCE:g}"


def by_chance(value: float) -> str:
    """Return how seldom chance alone shows as much, for those who read no statistics.

    Args:
        value: A probability; below `LEAST_CHANCE` its digits are left out.

    Example:
        >>> by_chance(0.0017), by_chance(1e-9)
        ('by chance about once in 590 times', 'by chance less than once in 1,000 times')
    """
    times = max(1.0, 1 / max(value, LEAST_CHANCE))
    scale = 10 ** max(0, len(str(int(times))) - 2)
    often = f"{round(times / scale) * scale:,}"
    seldom = f"less than once in {often}" if value < LEAST_CHANCE else f"about once in {often}"
    return f"by chance {seldom} times"


def count(number: int, noun: str, plural: str = "") -> str:
    """Return a count with its noun: "1 minute", "2,000 devices".

    Args:
        number: How many.
        noun: In the singular.
        plural: Where it is not what `several` makes of the noun.
    """
    return f"{number:,} {noun if number == 1 else plural or several(noun)}"


def and_more(left: int, behind: str = " and ") -> str:
    """Return how many are left behind those that are named: " and 3 more"; empty where none is.

    Args:
        left: How many.
        behind: What joins them to those that are named.
    """
    return f"{behind}{left:,} more" if left > 0 else ""


def listed(names: Sequence[str], most: int) -> str:
    """Return the first names, and how many more there are: "Reader, Editor and 3 more".

    Args:
        names: All of them.
        most: So many are named.
    """
    return f"{', '.join(names[:most])}{and_more(len(names) - most)}"


def several(noun: str) -> str:
    """Return a noun where there are several of it.

    Args:
        noun: In the singular.

    Example:
        >>> several("script"), several("policy"), several("day")
        ('scripts', 'policies', 'days')
    """
    return f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2:-1] not in "aeiou" else f"{noun}s"


def one_of(noun: str) -> str:
    """Return a noun with its article: "an app", "a script".

    Args:
        noun: In the singular.
    """
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


COUNTED_ATTEMPTS = r", in \d+ attempts$"
"""What `counted_attempts` puts behind a title, so that who counts several devices can take it away."""


def counted_attempts(tries: int) -> str:
    """Return what stands behind the title of a finding of several attempts of one device; empty for one.

    Args:
        tries: How many.

    Example:
        >>> counted_attempts(4)
        ', in 4 attempts'
    """
    return f", in {tries} attempts" if tries > 1 else ""


def uncounted(title: str) -> str:
    """Return a title without how many attempts it is of, for where they are counted before it.

    Args:
        title: Of a finding.

    Example:
        >>> uncounted("Enrolment was refused, in 4 attempts"), uncounted("Enrolment was refused")
        ('Enrolment was refused', 'Enrolment was refused')
    """
    return re.sub(COUNTED_ATTEMPTS, "", title)


def times(number: int, first: datetime, last: datetime) -> str:
    """Return how often something came and over which days: "22 times from 2026-01-22 to 2026-02-12".

    Args:
        number: How many.
        first: The first instant; where it lies on the last one's day, both are given by the minute.
        last: The last instant.
    """
    form = TO_THE_MINUTE if first.date() == last.date() else TO_THE_DAY
    return in_zone(f"{count(number, 'time')} from {first:{form}} to {last:{form}}")


def in_zone(at: datetime | str) -> str:
    """Return an instant to the second with the sign of its zone, or words that end in one with that sign.

    Args:
        at: In UTC.

    Example:
        >>> in_zone(datetime(2026, 5, 1, 9, 30)), in_zone("from 12:00 to 16:00")
        ('2026-05-01 09:30:00 UTC', 'from 12:00 to 16:00 UTC')
    """
    return f"{at if isinstance(at, str) else instant(at)}{IN_ZONE}"


def instant(at: datetime) -> str:
    """Return an instant to the second, as tables and sentences write it: "2026-05-01 09:30:00".

    Args:
        at: In the zone in which it is read.
    """
    return f"{at:{TO_THE_SECOND}}"


def minute(at: datetime) -> str:
    """Return an instant to the minute, where seconds tell nothing more: "2026-05-01 09:30".

    Args:
        at: In the zone in which it is read.
    """
    return f"{at:{TO_THE_MINUTE}}"


def exit_code(number: object) -> str:
    """Return how a program ended: "exit code 1603".

    Args:
        number: Its exit code, or a word where that is not known.
    """
    return f"{EXIT_CODE} {number}"


def means(code: object, meaning: str) -> str:
    """Return a code, or a name that stands for one, with what it means: "0x80180014: enrolment is blocked".

    Args:
        code: As it is shown.
        meaning: In words.
    """
    return f"{code}{MEANS}{meaning}"


def attempt(number: object, of: int | None = None) -> str:
    """Return what an attempt of a device is called: "Attempt 2", "Attempt 2 of 3".

    Args:
        number: Which, in the order of time.
        of: How many there are, where that is told.
    """
    return f"Attempt {number}" + ("" if of is None else f" of {of}")


def place_of(member: object, record: object) -> str:
    """Return where a record stands: "AppWorkload.log, record 12"; the file alone where it has no number.

    Args:
        member: The file.
        record: The event record's id, or the line; None for the whole file.
    """
    return f"{member}" if record is None else f"{member}, record {record}"


def in_minutes(value: float, digits: int = 0) -> str:
    """Return minutes of a scale of minutes: "55 min".

    Args:
        value: How many.
        digits: Behind the point.
    """
    return f"{value:.{digits}f}{IN_MINUTES}"


def sentence(text: str) -> str:
    """Return text with the stop that ends a sentence.

    Args:
        text: Words that may lack it.

    Example:
        >>> sentence("Device setup failed"), sentence("Why?")
        ('Device setup failed.', 'Why?')
    """
    return text if text.endswith((".", "?", "!")) else f"{text}."


def capital(text: str) -> str:
    """Return text with a first letter as a sentence has it.

    Args:
        text: Words; the rest of them stays as it is.

    Example:
        >>> capital("device setup"), capital("")
        ('Device setup', '')
    """
    return text[:1].upper() + text[1:]


def clause(text: str) -> str:
    """Return text as it stands within a sentence: its first letter is small, unless it is of a name.

    Args:
        text: A sentence or a title; a serial, an acronym and a product keep their capital.

    Example:
        >>> clause("Device setup failed"), clause("MDM enrolment failed"), clause("Entra refused it")
        ('device setup failed', 'MDM enrolment failed', 'Entra refused it')
    """
    first = _FIRST_WORD.match(text)
    if not first or first[0] in PRODUCTS:
        return text
    return text[:1].lower() + text[1:]


def words(name: str) -> str:
    """Return a column's or value's name in words: "mdm_enrollment" becomes "MDM enrolment".

    A name of several parts in NAMES reads so within a longer one too, as a stage's in that of a mark.

    Args:
        name: Of a column, stage, outcome, mark or scenario.

    Example:
        >>> words("device_setup_step_began"), words("pre_provisioning_refused")
        ('device setup step began', 'pre-provisioning refused')
    """
    within = (known for known in NAMES if known == name or ("_" in known and f"_{known}_" in f"_{name}_"))
    held = max(within, key=len, default=None)
    if held is None:
        return " ".join(ACRONYMS.get(part, part) for part in name.split("_"))
    before, after = (part.strip("_") for part in f"_{name}_".split(f"_{held}_", 1))
    return " ".join(part for part in (words(before), NAMES[held], words(after)) if part)


def heading(name: str) -> str:
    """Return a name in words, its first letter large: "device_setup" becomes "Device setup".

    Args:
        name: Of a column, stage, outcome or scenario; of one among several that a device or a group is named
            behind, as in "waited, AP-0001".
    """
    column, comma, whose = name.partition(", ")
    text = f"{TITLES.get(column) or words(column)}{comma}{whose}"
    return capital(text)


def group(where: Mapping[str, str]) -> str:
    """Return a group in words: "model Slate 12, build 26100.6584"; "all attempts" without a condition.

    Args:
        where: Column and value.
    """
    return ", ".join(f"{words(name)} {value}" for name, value in where.items()) or "all attempts"


def levels(change: Mapping[str, Any], *, over: bool = False) -> str:
    """Return the levels before and after a change: "from 3.9 % (19 of 487, 3 to 6 %) to 39.5 % (…)".

    Args:
        change: A row of `measure_changes`: measure, before, after, and what each was counted from where that
            is known; spans are minutes.
        over: Whether what was worse ended then: "33.5 % (…), since then 3.1 % (…): over".
    """
    texts = [_level(change, name) for name in ("before", "after") if change[name] is not None]
    if over and len(texts) == 2:
        return f"{texts[0]}, since then {texts[1]}: over"
    return f"from {' to '.join(texts)}" if len(texts) == 2 else f"to {texts[-1]}" if texts else "unknown"


def _level(change: Mapping[str, Any], name: str) -> str:
    """Return one level of a change with how many it was counted from, and its interval."""
    value, n = change[name], change.get(f"n_{name}")
    low, high = (change.get(f"{name}_{side}") for side in ("low", "high"))
    if change["measure"] != "total":
        text = percent(value)
        if low is None or high is None or not n:
            return text
        return f"{text} ({round(value * n):,} of {n:,}, {_interval(low, high)})"
    text = span(timedelta(minutes=round(value)))
    if not n:
        return text
    bounds = [span(timedelta(minutes=round(bound))) for bound in (low, high) if bound is not None]
    return f"{text} ({', '.join([f'{n:,} attempts', *([' to '.join(bounds)] if len(bounds) == 2 else [])])})"
