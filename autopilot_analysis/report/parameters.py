"""A notebook's own parameters: what it takes, and an analyst's values checked against that."""

from __future__ import annotations

import ast
import filecmp
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autopilot_analysis.errors import BadInput, UnknownName
from autopilot_analysis.report.notebooks import find_data, find_notebook, read_notebook

Value = str | int | float | bool
"""What a parameter can be: data, never code."""

TYPES: dict[str, type[Value]] = {"str": str, "int": int, "float": float, "bool": bool}
CALLED: dict[type[Value], str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
}
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

    @property
    def is_sample(self) -> bool:
        """Whether the default names an export that comes with the package, other than the subject itself."""
        return self.is_path and self.name != "export" and is_sample(str(self.default))


def is_sample(path: str) -> bool:
    """Tell whether a path names a make-believe export of this package, or a copy of one.

    Args:
        path: Of a file or folder, there or not; of one in a folder called `data` the name decides.
    """
    shipped = find_data() / Path(path).name
    if not Path(path).name or not shipped.exists():
        return False
    given = Path(path).expanduser()
    if not given.is_file():
        return given.parent.name == shipped.parent.name
    return shipped.is_file() and filecmp.cmp(given, shipped, shallow=False)


def inspect_parameters(notebook: str | Path) -> dict[str, Parameter]:
    """Return the parameters of a notebook under their names, in the order it declares them.

    Args:
        notebook: A name or a path, as `find_notebook` takes it.

    Raises:
        UnknownName: No notebook is called that.
        BadInput: The file is not a notebook.
    """
    source = read_notebook(find_notebook(notebook))
    cells = [cell.source for cell in source.cells if "parameters" in cell.metadata.tags]
    try:
        return {found.name: found for found in _declared(cells[0])} if cells else {}
    except SyntaxError as error:
        line = f"the parameters cell of {notebook} is not Python ({error.msg}, line {error.lineno})"
        raise BadInput(f"{line}; write a line name: type = value  # help for each.") from None


def check_parameters(declared: Mapping[str, Parameter], given: Mapping[str, object]) -> dict[str, Value]:
    """Return the given values with the types their parameters declare, paths made absolute.

    A sample that a default lays beside the subject belongs to the sample that is the subject: beside any
    other export it is left out.

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
    if checked.get("export") and not is_sample(str(checked["export"])):
        checked |= {name: "" for name, one in declared.items() if one.is_sample and name not in given}
    return checked


def _declared(source: str) -> Iterator[Parameter]:
    """Yield what `name: type = value  # help` declares, a line each."""
    lines = source.encode().splitlines()
    for node in ast.parse(source).body:
        match node:
            case ast.AnnAssign(target=ast.Name(name), annotation=kind, value=ast.expr() as value):
                hint = ast.unparse(kind)
            case ast.Assign(targets=[ast.Name(name)], value=value):
                hint = ""
            case _:
                continue
        help_ = lines[(node.end_lineno or 1) - 1][node.end_col_offset :].decode().lstrip(" #").strip()
        yield _parameter(name, hint, value, help_)


def _parameter(name: str, hint: str, value: ast.expr, help_: str) -> Parameter:
    try:
        default = ast.literal_eval(value)
    except ValueError:
        default = ast.unparse(value)
    return Parameter(name, TYPES.get(hint) or TYPES.get(type(default).__name__, str), default, help_)


def _typed(parameter: Parameter, value: object) -> Value:
    refusal = BadInput(f"parameter {parameter.name} takes {CALLED[parameter.type]}, not {value!r}.")
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
