"""Plants what a sign asks for into the tables of an export, as records of the members that would hold it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl

from autopilot_analysis.findings.looking import PROVIDERS
from autopilot_analysis.tables import Tables, Trace, schema_of

CHANNEL = "planted/Operational"
MADE_TO_FIT = {
    "": "",
    "^YES$": "YES",
    "^NO$": "NO",
    "^$": "",
    "FAIL": "FAIL",
    r"\b1 Logical Processor": "Example CPU, 1 Core(s), 1 Logical Processor(s)",
    "^11th Gen Intel": "11th Gen Intel(R) Core(TM)",
}
"""Values that the patterns of property terms ask for."""


@dataclass
class Plant:
    """What is put into an export.

    Attributes:
        device: The device's id.
        at: The instant that planted events carry.
        rows: Rows by table, each with the columns that matter.
        facts: Columns of `devices` that change.
        boots: Whether the device starts again at that instant.
    """

    device: str
    at: datetime | None
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    boots: bool = False

    def row(self, table: str, member: str, **columns: Any) -> None:
        """Add one row."""
        rows = self.rows.setdefault(table, [])
        rows.append({"device": self.device, "member": member, "record": 10**6 + len(rows)} | columns)

    def event(self, key: str, data: str = "{}", code: str | None = None) -> None:
        """Add one event such as "ap:171"."""
        short, _, number = key.partition(":")
        told = {"at": self.at, "clock": "declared", "provider": PROVIDERS[short].title(), "code": code}
        self.row("events", "planted.evtx", channel=CHANNEL, event_id=int(number), data=data, **told)

    def told(self, name: str, value: str) -> None:
        """Add one fact of a text member."""
        self.row("properties", "TpmHliInfo_Output.txt", section="", name=name, value=value)

    def known(self, name: str, value: object, told_as: str) -> None:
        """Change one column of `devices`, and say where it stands."""
        self.facts[name] = value
        self.told(told_as, str(value))


def _setting(plant: Plant, value: str) -> None:
    path, _, wanted = value.partition("=")
    area, _, name = path.partition("/")
    told = {"value": wanted or "0", "status": "in effect"}
    plant.row(
        "settings", "MDMDiagReport.xml", area=area, name=name.replace("*", "DevicePasswordEnabled"), **told
    )


def _registry(plant: Plant, value: str) -> None:
    path, _, wanted = value.partition("=")
    key, _, name = path.rpartition("\\")
    told = {"key": f"HKEY_LOCAL_MACHINE\\{key}", "name": name, "kind": "REG_SZ", "value": wanted or "1"}
    plant.row("registry_values", "planted.reg", **told)


def _property(plant: Plant, value: str) -> None:
    name, _, pattern = value.partition(":")
    plant.told(name, MADE_TO_FIT.get(pattern, ""))


def _code(plant: Plant, value: str) -> None:
    plant.event("udr:500", code=value.split(",", maxsplit=1)[0].strip().replace("*", "7").ljust(10, "0"))


def _builds(plant: Plant, value: str) -> None:
    plant.known("build", value.split(",", maxsplit=1)[0].split("-", maxsplit=1)[0].strip(), "CurrentBuild")


WRITE: dict[str, Callable[[Plant, str], None]] = {
    "event": lambda plant, value: plant.event(value.split(",")[0]),
    "code": _code,
    "text": lambda plant, value: plant.event("udr:500", f'{{"Message": "… {value} …"}}'),
    "setting": _setting,
    "registry": _registry,
    "property": _property,
    "property_not": lambda plant, value: plant.told(value.partition(":")[0], "https://mdm.example.com"),
    "property_below": lambda plant, value: plant.told(value.partition(":")[0], f"0 {value.split(' ')[-1]}"),
    "builds": _builds,
    "edition": lambda plant, value: plant.known("edition", value, "EditionID"),
    "tpm_version": lambda plant, value: plant.known("tpm_version", f"{value}2", "TpmHLI Version"),
    "model": lambda plant, _: plant.known("model", "Virtual Machine", "Model"),
    "scenario": lambda plant, value: plant.facts.update(scenario=value),
    "profile_name": lambda plant, value: plant.facts.update(profile_name=f"the {value} profile"),
    "registered": lambda plant, value: plant.facts.update(registered=value == "yes"),
    "tpm_vendor": lambda plant, value: plant.told("Manufacturer", value.split(",")[0]),
    "tpm_firmware": lambda plant, value: plant.told("Firmware Version", value),
    "restart": lambda plant, _: setattr(plant, "boots", True),
    "missing_event": lambda plant, value: plant.event(f"{value.partition(':')[0]}:1"),
    "missing_registry": lambda plant, value: _registry(plant, value.rpartition("\\")[0] + "\\Beside"),
}
"""How each term of a sign (findings.signs) is written."""


def planted(tables: Tables, plant: Plant) -> Tables:
    """Return the tables with the plant's rows and facts among them."""
    frames = dict(tables.frames())
    for name, rows in plant.rows.items():
        schema = schema_of(name)
        new = pl.DataFrame(rows, infer_schema_length=None)
        missing = [pl.lit(None, dtype=kind).alias(c) for c, kind in schema.items() if c not in new.columns]
        new = new.with_columns(missing).select(pl.col(c).cast(kind) for c, kind in schema.items())
        frames[name] = pl.concat([frames[name], new])
    devices = frames["devices"]
    kinds = devices.schema
    frames["devices"] = devices.with_columns(
        pl.lit(value).cast(kinds[name]).alias(name) for name, value in plant.facts.items()
    )
    return Tables.of(frames)


def traced(trace: Trace, plant: Plant) -> Trace:
    """Return the trace with the plant's scenario and restart in it."""
    frames = dict(trace.frames())
    if "scenario" in plant.facts:
        kind = frames["attempts"].schema["scenario"]
        frames["attempts"] = frames["attempts"].with_columns(
            scenario=pl.lit(plant.facts["scenario"]).cast(kind, strict=False)
        )
    if plant.boots:
        schema = schema_of("steps")
        told = {"device": plant.device, "kind": "boot", "at": plant.at, "member": "System.evtx", "record": 1}
        boot = pl.DataFrame([told], schema={c: schema[c] for c in told})
        frames["steps"] = pl.concat([frames["steps"], boot], how="diagonal_relaxed").select(list(schema))
    return Trace.of(frames)
