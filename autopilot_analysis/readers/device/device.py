"""Who the device is: its facts, gathered from whatever member tells them (facts/device_facts.csv)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import polars as pl

from autopilot_analysis.clock import zone_name
from autopilot_analysis.facts import one_each, read_facts
from autopilot_analysis.facts.listed_objects import UNCLAIMED
from autopilot_analysis.facts.mark_events import events_of_marks
from autopilot_analysis.readers.reading import NO_KIND
from autopilot_analysis.readers.serials import is_no_serial
from autopilot_analysis.tables import schema_of
from autopilot_analysis.tables.completing import where_distinct

PLACES = {"properties": ("section", "name", "value"), "registry_values": ("key", "name", "value")}
FACTS_IN = (("registry", "registry_values", "key"), ("property", "properties", "section"))
SERVICE_ANSWERED = ["profile_service_answered", "profile_download_retried", "profile_download_failed"]
"""Marks of facts/stages.csv that quote what the registration service answered."""
PROFILE_CAME = {"profile_available": "end", "profile_saved": "downloaded"}
"""Marks, with the edge they are then, of an answer that brought a profile,"""
PROFILE_CAME_NOT = ["profile_not_provisioned", "profile_empty"]
"""and those of an answer without one; that a search ended comes with either."""
ENROLLING = ["enrolled", "unenrolled", "enrollment_failed", "sync_began", "sync_ended"]
"""Marks that tell whether a device is enrolled."""
ALREADY_ENROLLED = "0x8018000A"
"""An enrolment that failed with it says nothing: the server knows one already."""
OWNED_BY = ["upn", "discoveryservicefullurl", "dmpcertthumbprint"]
"""Values of a real enrolment, one of which stands beside the name of its server."""
ENROLMENT = r"(?i)\\software\\microsoft\\enrollments\\[^\\]+$"
IN_ENROLMENT = r"(?i)\\software\\microsoft\\enrollments\\[{0-9a-f][-0-9a-f]*\}?(?:\\|$)"
"""The key of an enrolment; a key that is one or lies in one."""
LEAST_ENROLMENTS = 3
"""A whole registry shows so many enrolments at least, placeholders most of them."""
AGENT_NAMES = "Populating AccountId and DeviceId"
"""What the Intune agent writes at each start before the ids that the service knows it by."""
AGENT_ID = r"(?i)Device ?Id is ?: ?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b"
ANSWERS = {"yes": True, "true": True, "no": False, "false": False}
"""How a text answers a question."""
WRITTEN_TIMES = ("%Y-%m-%dT%H:%M:%S", "%d %B %Y--%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S")


def _device_facts(frames: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """Return the best value of every fact: lowest rank, then first told."""
    best: dict[str, tuple[int, str]] = {}
    for table, columns in PLACES.items():
        facts = read_facts("device_facts").filter(pl.col("table") == table)
        rows = _named(frames[table], columns, facts["name"]).filter(pl.col("value").str.strip_chars() != "")
        names = rows["name"].unique().to_list()
        likely = [
            fact
            for fact in facts.iter_rows(named=True)
            if any(re.search(fact["name"], name) for name in names)
        ]
        found = rows.select(_texts(fact).implode().alias(str(at)) for at, fact in enumerate(likely))
        for fact, texts in zip(likely, found.row(0) if likely else (), strict=True):
            for text in texts:
                bad = fact["field"] == "serial" and is_no_serial(text)
                if not bad and (fact["field"] not in best or int(fact["rank"]) < best[fact["field"]][0]):
                    best[fact["field"]] = (int(fact["rank"]), text)
    return {field: text for field, (_, text) in best.items()}


def _texts(fact: Mapping[str, str]) -> pl.Expr:
    """Return the first texts that tell a fact, of rows of place, name and value."""
    value = pl.col("value")
    text = value.str.extract(fact["pattern"]) if fact["pattern"] else value
    hits = pl.col("name").str.contains(fact["name"])
    if fact["place"]:
        hits &= pl.col("place").str.contains(fact["place"])
    return text.filter(hits).drop_nulls().str.strip_chars().head(5)


def _named(frame: pl.DataFrame, columns: Sequence[str], names: Iterable[str]) -> pl.DataFrame:
    """Return place and name, both in lower case, and value of the rows whose name fits one of `names`."""
    place, name, value = (pl.col(column) for column in columns)
    fits = name.str.contains(f"(?i){'|'.join(names)}") & ~place.str.starts_with(UNCLAIMED)
    return frame.filter(fits).select(
        place=place.str.to_lowercase(), name=name.str.to_lowercase(), value=value
    )


def _build(facts: Mapping[str, str]) -> str | None:
    """Build and revision; the product name is no guide (Windows 11 still calls itself Windows 10)."""
    if "current_build" in facts:
        return (
            f"{facts['current_build']}.{facts['revision']}" if "revision" in facts else facts["current_build"]
        )
    parts = facts.get("os_version", "").split(".")
    return ".".join(parts[2:4]) if len(parts) >= 3 else None


def _enrolled(values: pl.DataFrame) -> bool | None:
    """Whether an enrolment of an MDM server stands, of whichever maker; EnrollmentState alone proves nothing.

    Windows keeps dozens of placeholder enrolments with EnrollmentState 1, some of an authority of its own:
    only one that names a provider and a user, a discovery address or its certificate is real. Notes of a few
    values, and cuttings, say nothing by what they leave out.
    """
    keys = where_distinct(values, "key", pl.col("key").str.contains(ENROLMENT)).with_columns(
        low=pl.col("key").str.to_lowercase()
    )
    if keys.is_empty():
        return None
    named = pl.col("name").str.to_lowercase()
    own = pl.col("value").str.contains(r"(?i)^\s*$|\bauthority$")
    providers = keys.filter(named == "providerid")
    owner = keys.filter(named.is_in(OWNED_BY) & (pl.col("value") != ""))
    if not providers.filter(~own).join(owner, on="low", how="semi").is_empty():
        return True
    nameless = not owner.join(providers, on="low", how="anti").is_empty()
    return None if nameless or not _shows_all(values, keys) else False


def _shows_all(values: pl.DataFrame, keys: pl.DataFrame) -> bool:
    """Whether a text of the registry shows all enrolments: several of them, and what lies behind them."""
    kinds = keys.filter(pl.col("kind").ne_missing(NO_KIND))
    several = kinds.group_by("member").agg(pl.col("low").n_unique()).filter(pl.col("low") >= LEAST_ENROLMENTS)
    last = values.join(several, on="member", how="semi", nulls_equal=True, maintain_order="left")
    ends = last.group_by("member").agg(pl.col("key").last())["key"]
    return not ends.str.contains(IN_ENROLMENT).all()


def _enrolled_now(frames: Mapping[str, pl.DataFrame]) -> bool | None:
    """Whether the device is enrolled: by its registry, else by what its event logs say last."""
    stands = _enrolled(frames["registry_values"])
    return _enrolled_by_events(frames["events"]) if stands is None else stands


def _enrolled_by_events(events: pl.DataFrame) -> bool | None:
    """Whether the management client's log ends with the device enrolled: by the last enrolment or leaving.

    Where neither is left, a session that went well needs an enrolment. Failures alone say that the device is
    not enrolled, unless a session was begun or the server knows an enrolment already.
    """
    found = _marked(events, ENROLLING)
    last = found.filter(pl.col("mark").is_in(["enrolled", "unenrolled"]))["mark"]
    if len(last):
        return bool(last[-1] == "enrolled")
    if found.filter(pl.col("mark") == "sync_ended", pl.col("code").is_null()).height:
        return True
    codes = found.filter(pl.col("mark") == "enrollment_failed")["code"]
    begun = found.filter(pl.col("mark") == "sync_began").height
    return False if len(codes) and not begun and ALREADY_ENROLLED not in codes else None


def _marked(events: pl.DataFrame, marks: Iterable[str]) -> pl.DataFrame:
    """Return the events that are one of some marks, with `mark` and `edge`, in order of time."""
    facts = events_of_marks(marks).rename({"channel": "in_channel"})
    rows = events.with_columns(pl.col("event_id").cast(pl.Int64)).filter(
        pl.col("event_id").is_in(facts["event_id"].unique().implode())
    )
    low = [pl.col(name).cast(pl.String).str.to_lowercase() for name in ("provider", "channel")]
    channel, pattern = pl.col("in_channel"), pl.col("pattern")
    found = (
        rows.with_columns(low)
        .join(facts, on=["provider", "event_id"])
        .filter(
            channel.is_null() | pl.col("channel").str.contains(channel),
            pattern.is_null() | pl.col("data").fill_null("").str.contains(pattern),
        )
    )
    return found.sort("at", "record", nulls_last=False)


@cache
def _scenarios() -> pl.DataFrame:
    return one_each(read_facts("scenarios"), "provider")


def _scenario_signs(frames: Mapping[str, pl.DataFrame]) -> list[tuple[int, str]]:
    """Return (rank, scenario) of every sign that shows."""
    signs = []
    facts = _scenarios()
    ids = facts["event_id"].drop_nulls().cast(pl.Int64).unique()
    events = (
        frames["events"]
        .filter(pl.col("event_id").is_in(ids.implode()))
        .select(
            provider=pl.col("provider").str.to_lowercase(),
            channel=pl.col("channel").str.to_lowercase(),
            event_id="event_id",
            data=pl.col("data").fill_null(""),
        )
    )
    happened = {str(number) for number in events["event_id"].unique()}
    names = facts["name"].drop_nulls().unique().sort()
    places = {
        kind: _named(frames[table], (place, "name", "value"), names).with_columns(
            pl.col("value").fill_null("")
        )
        for kind, table, place in FACTS_IN
    }
    there = {kind: rows["name"].unique().to_list() for kind, rows in places.items()}
    for fact in facts.iter_rows(named=True):
        if fact["kind"] == "event":
            if fact["event_id"] not in happened:
                continue
            hits = events.filter(
                (pl.col("event_id") == int(fact["event_id"])) & (pl.col("provider") == fact["provider"])
            )
            if fact["place"]:
                hits = hits.filter(pl.col("channel").str.contains(fact["place"]))
            texts = hits["data"]
        else:
            rows = places[fact["kind"]]
            if not any(re.search(fact["name"], name) for name in there[fact["kind"]]):
                continue
            texts = rows.filter(
                pl.col("name").str.contains(fact["name"]), pl.col("place").str.contains(fact["place"] or "")
            )["value"]
        if _shows(texts, fact["pattern"]) and _fits(frames["events"], fact["beside"], fact["unless"]):
            signs.append((int(fact["rank"]), str(fact["scenario"])))
    return sorted(signs)


def _fits(events: pl.DataFrame, beside: str | None, unless: str | None) -> bool:
    """Whether an event that a sign needs is there and none that speaks against it ("provider/id data")."""
    if beside is None and unless is None:
        return True
    texts = events.select(
        pl.concat_str(
            pl.col("provider").str.to_lowercase(),
            pl.lit("/"),
            "event_id",
            pl.lit(" "),
            pl.col("data").fill_null(""),
        )
    ).to_series()
    present, against = (bool(texts.str.contains(sign).any()) if sign else None for sign in (beside, unless))
    return present is not False and not against


def _profile_answers(events: pl.DataFrame) -> pl.Series:
    """Return, in order of time, whether each answer of the service brought a profile."""
    answers = _marked(events, [*PROFILE_CAME, *PROFILE_CAME_NOT])
    came = pl.col("mark").replace_strict(PROFILE_CAME, default=None, return_dtype=pl.String) == pl.col("edge")
    without = pl.col("mark").is_in(PROFILE_CAME_NOT)
    brought = pl.when(came).then(True).when(without).then(False)
    return answers.select(brought=brought)["brought"].drop_nulls()


def _profile_state(
    frames: Mapping[str, pl.DataFrame], facts: Mapping[str, str], scenario: str | None
) -> str | None:
    """Tell apart that no profile came, that one came, that it is in use, and that it was there and is gone.

    The last answer counts; where no event is left, the registry's values, which may be older than the loss.
    A file for existing devices is a profile as well.
    """
    answers = _profile_answers(frames["events"])
    held = "profile_name" in facts or "tenant_domain" in facts
    if answers.is_empty():
        came: bool | None = held or None
    elif scenario == "existing_device":
        came = True
    elif answers.any() and not answers[-1]:
        return "lost"
    else:
        came = bool(answers[-1])
    if came:
        return "in_use" if _joined_or_enrolled(frames) else "came"
    return "none" if came is False or _says_none(frames["registry_values"]) else None


def _joined_or_enrolled(frames: Mapping[str, pl.DataFrame]) -> bool:
    acted = not _marked(frames["events"], ["joined", "enrolled"]).is_empty()
    return acted or bool(_enrolled(frames["registry_values"]))


def _says_none(values: pl.DataFrame) -> bool:
    """Whether the policy cache says that no profile is available."""
    named = pl.col("name").str.to_lowercase() == "profileavailable"
    return not values.filter(named, pl.col("value").str.contains(r"^(?:0x)?0+$")).is_empty()


def _registered(frames: Mapping[str, pl.DataFrame], scenario: str | None) -> bool | None:
    """Whether the service knows the device: by its own answer or by a profile it sent, never by a scenario.

    Code 807 alone says no. An answer without a profile does not: a registered device without an assignment
    gets the same one. A file for existing devices says nothing, nor does a profile that is gone.
    """
    stored = frames["properties"].filter(
        pl.col("name").str.to_lowercase() == "errorcode",
        pl.col("member").str.to_lowercase().str.contains("ddsztd", literal=True),
    )["value"]
    quoted = _marked(frames["events"], SERVICE_ANSWERED)["data"]
    answers = _profile_answers(frames["events"])
    sent = scenario != "existing_device" and not answers.is_empty() and bool(answers[-1])
    once = answers.is_empty() and _registered_once(frames["registry_values"])
    evidence = (_answer(stored), True if sent or once else None, _answer(quoted))
    return next((known for known in evidence if known is not None), None)


def _registered_once(values: pl.DataFrame) -> bool:
    """Whether the registration's id stands in the registry: it came with a profile."""
    named = pl.col("name").str.to_lowercase() == "ztdregistrationid"
    return not values.filter(named, pl.col("value").str.strip_chars() != "").is_empty()


def _answer(texts: pl.Series) -> bool | None:
    """Return what the service's code or its name, anywhere in the texts, says of a registration."""
    if texts.null_count() == len(texts):
        return None
    codes = read_facts("service_codes").filter(pl.col("registered").is_not_null())
    for word in ("yes", "no"):
        known = codes.filter(pl.col("registered") == word)
        words = "|".join({*known["code"].drop_nulls(), *known["name"].drop_nulls()})
        if texts.drop_nulls().str.contains(rf"(?:^|[^.\w])(?:{words})\b").any():
            return word == "yes"
    return None


def _shows(texts: pl.Series, pattern: str | None) -> bool:
    if texts.is_empty():
        return False
    if pattern is None:
        return True
    if pattern.startswith("bits:"):
        mask = int(pattern.removeprefix("bits:"))
        return any(int(text) & mask == mask for text in texts if text.isdecimal())
    return bool(texts.str.contains(pattern).any())


def _instant(text: str | None) -> pl.Expr:
    """Read the instant at which something was collected; the tool writes UTC."""
    plain = (text or "").replace("(UTC)", "").rstrip("Z").strip()
    plain = plain.split(", ", 1)[1] if ", " in plain else plain
    literal = pl.lit(plain)
    return pl.coalesce(
        literal.str.to_datetime(form, time_unit="us", strict=False) for form in WRITTEN_TIMES
    ).dt.replace_time_zone("UTC")


def value_of(text: str, kind: pl.DataType) -> bool | int | float | str | None:
    """Return the text of a fact as its column has it: an answer, a number or the text; None where it is none.

    Args:
        text: Of one fact.
        kind: The column's type in `devices`.

    Example:
        >>> value_of("YES", pl.Boolean()), value_of("2 h", pl.Int64()), value_of("2", pl.Int64())
        (True, None, 2)
    """
    if kind == pl.Boolean:
        return ANSWERS.get(text.lower())
    if not kind.is_numeric():
        return text
    number: int | float | None = pl.Series([text]).cast(kind, strict=False)[0]
    return number


def _agent_id(frames: Mapping[str, pl.DataFrame]) -> str | None:
    """Return the Intune id of the device as its agent last wrote it at a start."""
    if "log_lines" not in frames:
        return None
    lines = frames["log_lines"]["message"]
    starts = lines.filter(lines.str.contains(AGENT_NAMES, literal=True))
    ids = starts.str.extract(AGENT_ID).drop_nulls()
    return str(ids[-1]).lower() if len(ids) else None


def identify(frames: Mapping[str, pl.DataFrame], fallback: str) -> pl.DataFrame:
    """Return the row of `devices` that one capture's rows tell of.

    Args:
        frames: The capture's rows of events, registry_values, properties and, where it has any, log_lines.
        fallback: The key to use when neither serial nor ids nor a name are told.

    Returns:
        One row with the columns of `Device`. The key is the serial unless it is a placeholder, else the
        Intune id, else the Entra id, else the computer name, else the id that the Intune agent wrote: a
        device may be renamed on the way.
    """
    facts = _device_facts(frames)
    agent_id = _agent_id(frames)
    named = frames["events"].select("at", "computer").drop_nulls("computer")
    last_name = named.sort("at", nulls_last=False)["computer"].last() if named.height else None
    name = facts.get("name") or (str(last_name).split(".")[0] if last_name else None)
    signs = _scenario_signs(frames)
    scenario = signs[0][1] if signs else None
    key = next(
        (
            k
            for k in (
                facts.get("serial"),
                facts.get("intune_device_id"),
                facts.get("entra_device_id"),
                name,
                agent_id,
            )
            if k
        ),
        fallback,
    )
    schema = schema_of("devices")
    row = {
        **{column: value_of(text, schema[column]) for column, text in facts.items() if column in schema},
        "device": key,
        "name": name,
        "intune_device_id": facts.get("intune_device_id") or agent_id,
        "build": _build(facts),
        "registered": _registered(frames, scenario),
        "profile_state": _profile_state(frames, facts, scenario),
        "enrolled": _enrolled_now(frames),
        "scenario": scenario,
        "time_zone": zone_name(facts.get("windows_zone")),
    }
    frame = pl.DataFrame(
        [{c: row.get(c) for c in schema if c != "collected_at"}],
        schema={c: t for c, t in schema.items() if c != "collected_at"},
    )
    latest = frames["events"]["recorded_at"].max()
    return frame.with_columns(
        collected_at=pl.coalesce(
            _instant(facts.get("collected_text")), pl.lit(latest, dtype=schema["collected_at"])
        )
    ).select(list(schema))
