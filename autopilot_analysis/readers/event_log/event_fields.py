"""The fields a provider wrote into an event: irregular JSON put in order, and the result code among them."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import polars as pl

from autopilot_analysis.codes import code_of

_KIND = ("provider", "event_id", "version")
_ERROR_FIELDS = (
    "HRESULT",
    "HRESULT1",
    "ErrorCode",
    "errorCode",
    "Error",
    "Status",
    "ResultCode",
    "ExitCode",
    "StatusCode",
)
DEVICE_MANAGEMENT = "microsoft-windows-devicemanagement-enterprise-diagnostics-provider"
_PREFIX = "0x(?:0{8}|[fF]{8})?"
_HEX = _PREFIX + "0{0,7}[1-9a-fA-F][0-9a-fA-F]{0,7}"
_HIGH_HEX = _PREFIX + "[89a-fA-F][0-9a-fA-F]{7}"
_HIGH_INTEGER = "-[1-9][0-9]{0,9}|[2-4][0-9]{9}"
_CODE = (
    f'("(?:{"|".join(_ERROR_FIELDS)})":"?(?:{_HEX}|{_HIGH_INTEGER})[",}}]'
    f'|"HexInt1":"?(?:{_HIGH_HEX}|{_HIGH_INTEGER})[",}}])'
)

_POLICY_VALUES = (pl.col("provider").str.to_lowercase() == DEVICE_MANAGEMENT) & pl.col("event_id").is_in(
    [800, 802, 813, 829, 833]
)
"""Records of the policy manager, whose HexInt is the value of a policy (Microsoft: event manifests)."""

CODE_FIELD = pl.when(~_POLICY_VALUES.fill_null(value=False)).then(pl.col("data").str.extract(_CODE))
"""The first field of a payload that holds a result code other than zero, as written: name, colon, value.

Needs columns provider, event_id and data."""

_IRREGULAR = pl.col("data").str.contains('"#', literal=True) | ~pl.col("data").str.starts_with('{"')
"""Whether a payload is anything but an object of named fields."""


def named_fields(parts: dict[str, str]) -> str | None:
    """Return all named fields of an event as one JSON object, or None when there are none.

    Fields of `EventData`, and of the one element inside `UserData`, stand at the top; other parts of the
    event stand under their own name. Unnamed values are a list under "Data"; a name that comes again gets
    the suffix _2, _3 and so on, so that no value is lost.

    Args:
        parts: The event's parts by name, each as JSON text.
    """
    pairs: list[tuple[str, Any]] = []
    for name, text in parts.items():
        value = _loaded(text)
        if name == "EventData":
            pairs.extend(_event_data(value))
        elif name == "UserData":
            pairs.extend(_user_data(value))
        elif value is not None:
            pairs.append((name, _bare(value)))
    fields = _object(pairs)
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")) if fields else None


def with_named_fields(events: pl.DataFrame) -> pl.DataFrame:
    """Return `events` with irregular payloads put in order and empty ones null.

    Args:
        events: Column data.
    """
    events = events.with_columns(pl.when(pl.col("data") != "null").then("data").alias("data"))
    irregular = events.select(_IRREGULAR.fill_null(value=False)).to_series()
    return _renamed(events, irregular) if irregular.any() else events


def with_repeated_names(events: pl.DataFrame) -> pl.DataFrame:
    """Return `events` with the second and further fields of one name called name_2, name_3 and so on.

    Whether a name comes twice is a matter of the provider's template, so the first event of each (provider,
    id, version) tells it for all of them.

    Args:
        events: Columns provider, event_id, version and data.
    """
    firsts = events.select(*_KIND, "data").drop_nulls("data").unique(_KIND, keep="first").rows()
    repeating = [
        pl.all_horizontal(pl.col(name).eq_missing(value) for name, value in zip(_KIND, kind, strict=True))
        for *kind, data in firsts
        if _repeats_a_name(data)
    ]
    if not repeating:
        return events
    return _renamed(events, events.select(pl.any_horizontal(repeating)).to_series())


def _renamed(events: pl.DataFrame, chosen: pl.Series) -> pl.DataFrame:
    """Return `events` with the chosen payloads taken apart and written anew."""
    texts = events["data"].filter(chosen)
    named = {text: named_fields({"EventData": text}) for text in texts.unique()}
    anew = texts.replace_strict(named, default=None, return_dtype=pl.String)
    nth = chosen.cum_sum() - chosen.cast(pl.UInt32)
    return events.with_columns(
        data=pl.when(chosen).then(anew.extend_constant(None, 1)[nth]).otherwise("data")
    )


def result_codes(fields: pl.Series) -> pl.Series:
    """Return result codes in their one spelling, like 0x80180014; what is no 32-bit code becomes null.

    Args:
        fields: What `CODE_FIELD` found.
    """
    if fields.null_count() == len(fields):
        return fields
    found = fields.drop_nulls().unique().to_list()
    return fields.replace_strict(
        {field: _code_in(field) for field in found}, default=None, return_dtype=pl.String
    )


def _code_in(field: str) -> str | None:
    """Return the code of one field; a small decimal is a count or an HTTP status, a small hex is a code."""
    value = field.rpartition(":")[2].strip('",}')
    return code_of(value, "failure" if value.startswith("0x") else "text")


def _repeats_a_name(text: str) -> bool:
    """Tell whether an object in `text` names one field twice."""
    repeated = False

    def look(pairs: list[tuple[str, Any]]) -> None:
        nonlocal repeated
        repeated = repeated or len({name for name, _ in pairs}) < len(pairs)

    try:
        json.loads(text, object_pairs_hook=look)
    except (ValueError, RecursionError):
        return False
    return repeated


def _loaded(text: str) -> Any:  # JSON is anything
    """Return JSON with repeated names kept apart; text that is no JSON stays text."""
    try:
        return json.loads(text, object_pairs_hook=_object)
    except (ValueError, RecursionError):
        return text


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return a dictionary in which a name that comes again is called name_2, name_3 and so on."""
    fields: dict[str, Any] = {}
    counts: Counter[str] = Counter()
    for name, value in pairs:
        counts[name] += 1
        key = name if counts[name] == 1 else f"{name}_{counts[name]}"
        while key in fields:
            counts[name] += 1
            key = f"{name}_{counts[name]}"
        fields[key] = value
    return fields


def _event_data(value: Any) -> list[tuple[str, Any]]:  # JSON is anything
    if not isinstance(value, dict):
        return [] if value is None else [("Data", [value])]
    unnamed = isinstance(value.get("Data"), dict)
    fields = _bare(value)
    if not isinstance(fields, dict):
        return [("Data", fields if isinstance(fields, list) else [fields])]
    if unnamed and not isinstance(fields["Data"], list):
        fields["Data"] = [fields["Data"]]
    return list(fields.items())


def _user_data(value: Any) -> list[tuple[str, Any]]:  # JSON is anything
    """Return the fields of the elements inside `UserData`, whose own names and namespaces say nothing."""
    elements = _bare(value)
    if not isinstance(elements, dict):
        return [] if elements in (None, "") else [("UserData", elements)]
    pairs: list[tuple[str, Any]] = []
    for name, element in elements.items():
        pairs.extend(element.items() if isinstance(element, dict) else [(name, element)])
    return pairs


def _bare(value: Any) -> Any:  # JSON is anything
    """Return JSON without what XML added: namespaces go, attributes and text join the fields."""
    if isinstance(value, list):
        return [_bare(item) for item in value]
    if not isinstance(value, dict):
        return value
    attributes = value.get("#attributes")
    attributes = attributes if isinstance(attributes, dict) else {}
    pairs = [(name, item) for name, item in attributes.items() if not name.startswith("xmlns")]
    pairs += [(name, _bare(item)) for name, item in value.items() if name != "#attributes"]
    return pairs[0][1] if [name for name, _ in pairs] == ["#text"] else _object(pairs)
