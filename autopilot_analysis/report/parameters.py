"""A notebook's own parameters: what it takes, and an analyst's values checked against that."""

from __future__ import annotations

import ast
import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autopilot_analysis.errors import BadInput, UnknownName
from autopilot_analysis.report.notebooks import find_notebook, read_notebook

Value = str | int | float | bool
"""What a parameter can be: data, never code."""

TYPES: dict[str, type[Value]] = {"str": str, "int": int, "float": float, "bool": bool}
TRUE, FALSE = {"true", "yes", "on", "1"}, {"false", "no", "off", "0"}


@dataclass(frozen=True)
class Parameter:
    """One parameter of a notebook, as its parameters cell declares it."""

    name: str
    type: type[Value]
    default: Value
    help: str

    @property
    def is_path(self) -> bool:
        """Whether the value names something on disk: `export`, every name that ends in it, a name book."""
        return self.type is str and (self.name in ("export", "names") or self.name.endswith("_export"))


def inspect_parameters(notebook: str | Path) -> dict[str, Parameter]:
    """Return the parameters of a notebook under their names, in the order it declares them.

    Args:
        notebook: A name or a path, as `find_notebook` takes it.

    Raises:
        UnknownName: No notebook is called that.
        BadInput: The file is not a notebook.
    """
    source = read_notebook(find_notebook(notebook))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from papermill.translators import PythonTranslator  # noqa: PLC0415  # heavy, and only reports need it

    cells = [cell for cell in source.cells if "parameters" in cell.metadata.get("tags", [])]
    found = PythonTranslator.inspect(cells[0]) if cells else []
    return {entry.name: _parameter(entry._asdict()) for entry in found}


def check_parameters(declared: Mapping[str, Parameter], given: Mapping[str, object]) -> dict[str, Value]:
    """Return the given values with the types their parameters declare, paths made absolute.

    Args:
        declared: What the notebook takes.
        given: What the analyst gave; text is turned into the declared type where it spells one.

    Raises:
        UnknownName: The notebook has no parameter of that name.
        BadInput: A value is not of the declared type.
    """
    checked: dict[str, Value] = {}
    for name, value in given.items():
        if name not in declared:
            raise UnknownName.among("parameter", name, declared)
        parameter = declared[name]
        checked[name] = _typed(parameter, value)
        if parameter.is_path and checked[name]:
            checked[name] = str(Path(str(checked[name])).expanduser().absolute())
    return checked


def _parameter(entry: Mapping[str, str]) -> Parameter:
    try:
        default = ast.literal_eval(entry["default"])
    except (ValueError, SyntaxError):
        default = entry["default"]
    kind = TYPES.get(entry["inferred_type_name"]) or TYPES.get(type(default).__name__, str)
    return Parameter(entry["name"], kind, default, entry["help"].strip())


def _typed(parameter: Parameter, value: object) -> Value:
    refusal = BadInput(f"parameter {parameter.name} takes a {parameter.type.__name__}, not {value!r}.")
    if parameter.type is bool:
        return _truth(value, refusal)
    if parameter.type is str:
        if isinstance(value, (str, Path, int, float)):
            return str(value)
        raise refusal
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise refusal
    try:
        number = parameter.type(value)
    except (ValueError, OverflowError):
        raise refusal from None
    if math.isnan(float(number)) or (parameter.type is int and isinstance(value, float) and number != value):
        raise refusal
    return number


def _truth(value: object, refusal: BadInput) -> bool:
    word = str(value).strip().lower()
    if word in TRUE:
        return True
    if word in FALSE:
        return False
    raise refusal
