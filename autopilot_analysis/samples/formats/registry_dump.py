r"""The registry dump of mdmdiagnosticstool (MdmDiagReport_RegistryDump.reg), which is no .reg file.

It has neither a first line nor a byte order mark; key paths are lower case below HKEY_LOCAL_MACHINE as far as
the tool asked for them; values are indented by four blanks; type names are capitals; nothing is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Quad:
    """A REG_QWORD value."""

    number: int


@dataclass(frozen=True)
class Expandable:
    """A REG_EXPAND_SZ value."""

    text: str


RegistryValue = str | int | bytes | Quad | Expandable | Sequence[str]
Registry = Mapping[str, Mapping[str, RegistryValue]]
"""Values by name below each key; keys as they are to be written, without the brackets."""


def write_registry_dump(registry: Registry) -> bytes:
    """Return the dump in the tool's own text, UTF-8 without a byte order mark, CRLF.

    Args:
        registry: Keys in the order given; a key without values is written too.
    """
    lines: list[str] = []
    for key, values in registry.items():
        lines.append(f"[{key}]")
        lines += [
            f'    "{name}"={_value(value)}' if name else f"    @={_value(value)}"
            for name, value in values.items()
        ]
        lines.append("")
    return "\r\n".join([*lines, ""]).encode()


def _value(value: RegistryValue) -> str:
    match value:
        case str():
            return f'"{value}"'
        case int():
            return f"DWORD:{value & 0xFFFFFFFF:08x}"
        case Quad():
            return f"QWORD:{value.number:x}"
        case bytes():
            return "hex(3):" + value.hex(",")
        case Expandable():
            return "hex(2):" + (value.text + "\0").encode("utf-16-le").hex(",")
        case _:
            return "MULTI_SZ:" + ",".join(f'"{text}"' for text in value)


def write_registry_export(registry: Registry) -> bytes:
    r"""Return what `reg export` writes: UTF-16LE with a byte order mark, a first line, everything escaped.

    Args:
        registry: Keys in the order given.
    """
    lines = ["Windows Registry Editor Version 5.00", ""]
    for key, values in registry.items():
        lines += [f"[{key}]", *(_exported(name, value) for name, value in values.items()), ""]
    return b"\xff\xfe" + "\r\n".join([*lines, ""]).encode("utf-16-le")


def _exported(name: str, value: RegistryValue) -> str:
    left = f'"{_escaped(name)}"' if name else "@"
    match value:
        case str():
            return f'{left}="{_escaped(value)}"'
        case int():
            return f"{left}=dword:{value & 0xFFFFFFFF:08x}"
        case Quad():
            return f"{left}=hex(b):" + value.number.to_bytes(8, "little").hex(",")
        case bytes():
            return f"{left}=hex:" + value.hex(",")
        case Expandable():
            return f"{left}=hex(2):" + (value.text + "\0").encode("utf-16-le").hex(",")
        case _:
            return f"{left}=hex(7):" + ("".join(f"{text}\0" for text in value) + "\0").encode(
                "utf-16-le"
            ).hex(",")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
