"""What others build on, as text: public signatures, schemas of tables, options of verbs.

python tests/snapshots.py    write tests/snapshots/*.txt anew; their difference shows what changed
"""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import dataframely as dy

import autopilot_analysis
from autopilot_analysis.cli import build_parser
from autopilot_analysis.tables import SCHEMAS

FOLDER = Path(__file__).with_name("snapshots")
ROOMS = (
    "export", "readers", "trace", "findings", "timeline", "fleet", "figures", "widgets", "report", "privacy",
    "samples", "clock",
)  # fmt: skip
EMPTY = inspect.Parameter.empty


def signatures() -> Iterator[str]:
    """Yield every public name, room by room: how it is called, and what its class offers."""
    yield f"autopilot_analysis: {', '.join(sorted(autopilot_analysis.__all__))}"
    for room in ROOMS:
        module = import_module(f"autopilot_analysis.{room}")
        for name in sorted(module.__all__):
            yield from _described(f"{room}.{name}", getattr(module, name))


def schemas() -> Iterator[str]:
    """Yield every table with its columns: type, whether it may be null, whether it is of the key."""
    for table, schema in sorted(SCHEMAS.items()):
        yield table
        for name, column in schema.columns().items():
            more = " nullable" * column.nullable + " key" * column.primary_key
            yield f"    {name}: {column.dtype}{more}"


def options() -> Iterator[str]:
    """Yield every verb with its arguments, as the parser holds them; help differs by Python and width."""
    parser = build_parser()
    yield "autopilot-analysis"
    yield from map(_option, parser._actions)
    verbs = next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    for name, verb in verbs.choices.items():
        yield name
        yield from map(_option, verb._actions)


SNAPSHOTS = {"signatures": signatures, "schemas": schemas, "options": options}


def _described(name: str, value: object) -> Iterator[str]:
    if inspect.ismodule(value):
        yield f"{name}: module"
    elif inspect.isclass(value):
        yield f"{name}: class{'' if issubclass(value, (dy.Schema, dy.Collection)) else _called(value)}"
        for part, held in sorted(vars(value).items()):
            if isinstance(held, property):
                yield f"    .{part}"
            elif inspect.isroutine(held) and not part.startswith("_"):
                yield f"    .{part}{_called(getattr(value, part))}"
    elif inspect.isroutine(inspect.unwrap(value)):
        yield f"{name}{_called(value)}"
    else:
        yield f"{name}: {type(value).__name__}"


def _called(value: object) -> str:
    """Return how something is called, its annotations as they are written."""
    try:
        signature = inspect.signature(value)
    except (TypeError, ValueError):
        return "(…)"
    parts, starred = [], False
    for parameter in signature.parameters.values():
        if parameter.kind == parameter.VAR_POSITIONAL:
            starred = True
        elif parameter.kind == parameter.KEYWORD_ONLY and not starred:
            parts, starred = [*parts, "*"], True
        parts.append(_parameter(parameter))
    returned = signature.return_annotation
    return f"({', '.join(parts)}){'' if returned is EMPTY else f' -> {_annotation(returned)}'}"


def _parameter(parameter: inspect.Parameter) -> str:
    stars = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
    kind = "" if parameter.annotation is EMPTY else f": {_annotation(parameter.annotation)}"
    default = "" if parameter.default is EMPTY else f" = {parameter.default!r}"
    return f"{stars}{parameter.name}{kind}{default}"


def _annotation(annotation: object) -> str:
    return annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))


def _option(action: argparse.Action) -> str:
    """Return one argument of a verb: its spellings, and whatever is not as usual."""
    kind = type(action).__name__.strip("_").removesuffix("Action").lower()
    facts = {
        "kind": kind if kind != "store" else None,
        "nargs": action.nargs if kind == "store" else None,
        "type": getattr(action.type, "__name__", None),
        "choices": ", ".join(map(str, action.choices)) if action.choices else None,
        "default": action.default if action.default not in (None, False, argparse.SUPPRESS) else None,
        "required": "yes" if action.required and action.option_strings else None,
        "metavar": action.metavar,
    }
    spelt = " ".join(f"{name}={value!r}" for name, value in facts.items() if value is not None)
    return f"    {', '.join(action.option_strings) or action.dest} {spelt}".rstrip()


def text_of(name: str) -> str:
    """Return a snapshot as it is now.

    Args:
        name: signatures, schemas or options.
    """
    return "\n".join(SNAPSHOTS[name]()) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for each in SNAPSHOTS:
        (FOLDER / f"{each}.txt").write_text(text_of(each), "utf-8")
