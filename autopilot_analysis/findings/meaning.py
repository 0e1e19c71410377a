"""What a code means where a finding stands: its stage and scenario, and what the device shows beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Self

import msgspec
import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.codes import AADSTS, OWN_NUMBERS, Code, code_of, explain, explain_exit
from autopilot_analysis.facts import read_facts, shared_pattern, shared_remedies
from autopilot_analysis.facts.tpm_tool import ATTESTS, line_of
from autopilot_analysis.findings.chips import chip_facts
from autopilot_analysis.findings.looking import properties, registry
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.story import PRE_PROVISIONING, PRE_PROVISIONING_TECHNICIAN, SELF_DEPLOYING

ANOTHER = "another"
"""No scenario that a code's causes name."""
PROVES, PROVING = "device_preparation", (SELF_DEPLOYING, PRE_PROVISIONING, PRE_PROVISIONING_TECHNICIAN)
"""The stage in which a device proves itself by its TPM, and the scenarios that ask for it."""
ENROLLMENT = "mdm_enrollment"
"""The stage that no device reaches in those scenarios without having proved itself, and whose hosts
sessions with the management service ask."""
UNPROVED = ["tpm_identity_failed", "tpm_attestation_gave_up"]
"""Marks of a TPM that could not prove the device."""
CHIP = r"(?i)^-?\s*(?:{attests}|tpm version)$"
"""What a TPM says of itself that decides between causes."""
REGISTRATION = "0x801C"
"""How the codes begin by which Windows passes on what Entra answers to a registration."""
SMALL = "^0x0000[0-9A-F]*[1-9A-F][0-9A-F]*$"
"""A number below 65,536 where a result stands: what an installer itself ended with."""


class Known(msgspec.Struct, frozen=True):
    """What the trace shows that decides how a code is to be read."""

    exits: frozenset[tuple[str, str]]
    """Device and code of the installers' own exit codes, as the page and the registry repeat them."""
    halves: Mapping[tuple[str, str], int]
    """Device and code -> the exit code beyond OWN_NUMBERS that it is, or of which it is the last half."""
    passed: frozenset[tuple[str, str, str]]
    """Device, stage and scenario of stages that went well."""
    secured: frozenset[str]
    """Devices that proved themselves: enrolment went well, or stands and no proof is known to have failed."""
    chips: Mapping[str, str]
    """What each device's TPM says of itself."""
    ruled_out: frozenset[tuple[str, str, str | None]]
    """Device, code and circumstance (`when`) of causes that a property of the device rules out."""
    decided: Mapping[tuple[str, str], Mapping[str, str]]
    """Device and code -> what a property of the device says that the code means there."""
    settled: Mapping[str, Mapping[str, str]]
    """Device -> remedies that its registry shows as done already, and what is said in their place."""

    @classmethod
    def of(cls, tables: Tables, trace: Trace) -> Self:
        """Return what a search's tables and trace show."""
        ended = trace.installs.filter(pl.col("exit_code").is_between(*OWN_NUMBERS), pl.col("exit_code") != 0)
        codes = ended.select("device", code=code_of(pl.col("exit_code"), "exit"))
        bare = trace.installs.select("device", "code").filter(pl.col("code").str.contains(SMALL))
        well = trace.stage_runs.filter(pl.col("outcome") == "succeeded").join(
            trace.attempts.select("device", "attempt", "scenario"), on=["device", "attempt"]
        )
        names = well.select("device", pl.col("stage", "scenario").cast(pl.String))
        enrolled = pl.concat([_standing(tables, trace), well.filter(pl.col("stage") == ENROLLMENT)["device"]])
        made = _made(tables.devices)
        chip = CHIP.format(attests=line_of(ATTESTS))
        lines = properties(tables, chip, r"\w").select("device", "detail")
        stated = pl.concat([lines, _ready_to_attest(tables), made])
        stated = stated.group_by("device").agg(pl.col("detail").str.join("\n"))
        exits = pl.concat([codes, bare]).drop_nulls().rows()
        passed = frozenset(names.drop_nulls().rows())
        halves = _halves(trace.installs)
        return cls(
            frozenset(exits),
            halves,
            passed,
            frozenset(enrolled),
            dict(stated.rows()),
            _ruled_out(tables),
            _decided(tables),
            _settled(tables),
        )


def _made(devices: pl.DataFrame) -> pl.DataFrame:
    """Return what devices say of their TPM's maker: where none says anything, no pattern is tried."""
    known = devices.filter(pl.col("tpm_vendor").is_not_null())
    if known.is_empty():
        return known.select("device", detail="tpm_vendor")
    return known.select("device", detail=chip_facts()).drop_nulls()


def _ready_to_attest(tables: Tables) -> pl.DataFrame:
    """Return what the collector's report on the TPM says of attestation, in the words of `tpmtool`."""
    ready = properties(tables, "^ready$", r"\w").filter(pl.col("section") == "Attestation")
    return ready.select("device", detail=pl.format("Ready for attestation: {}", "value"))


def _ruled_out(tables: Tables) -> frozenset[tuple[str, str, str | None]]:
    """Return the causes that facts/ruled_out_causes.csv rules out, by device."""
    facts = read_facts("ruled_out_causes").iter_rows(named=True)
    return frozenset(
        (device, fact["code"], fact["when"])
        for fact in facts
        for device in properties(tables, fact["property"], fact["value"])["device"].unique()
    )


def _decided(tables: Tables) -> dict[tuple[str, str], Mapping[str, str]]:
    """Return what facts/deciding_properties.csv says of codes, by device and code.

    A property that a device has with several values decides where all of them agree.
    """
    found: dict[tuple[str, str], Mapping[str, str]] = {}
    for fact in read_facts("deciding_properties").iter_rows(named=True):
        stated = properties(tables, fact["property"])
        if stated.is_empty():
            continue
        other = properties(tables, fact["unless_property"], fact["unless_value"])["device"].implode()
        for (device,), own in (
            stated.filter(~pl.col("device").is_in(other)).partition_by("device", as_dict=True).items()
        ):
            values = own["value"].fill_null("")
            if values.str.contains(fact["value"]).all():
                value = values[0].split()[-1].strip(",")
                meant = {**fact, "meaning": fact["meaning"].format(value=value)}
                found |= {(str(device), code): meant for code in fact["codes"].split()}
    return found


def _settled(tables: Tables) -> Mapping[str, Mapping[str, str]]:
    """Return the remedies of facts/remedies.csv that a device's registry shows as done already.

    Those are of facts/settled_remedies.csv; a value that differs between two places of it settles none.
    """
    texts = shared_remedies()
    found: dict[str, dict[str, str]] = {}
    for fact in read_facts("settled_remedies").iter_rows(named=True):
        kept = registry(tables, fact["key"], fact["value_name"])
        fits = pl.col("value").str.contains(fact["value"]).fill_null(value=False)
        for (device,) in kept.group_by("device").agg(fits.all()).filter("value").select("device").iter_rows():
            found.setdefault(str(device), {})[texts[fact["settled"]]] = fact["words"]
    return found


def _done_already(code: Code, device: str, known: Known) -> Code:
    """Return a code whose remedy does not ask for what the device shows as done already."""
    remedy = code.remedy or ""
    for text, words in known.settled.get(device, {}).items():
        remedy = remedy.replace(text, words)
    return code if remedy == (code.remedy or "") else replace(code, remedy=remedy)


def _left(code: Code, device: str, known: Known) -> Code:
    """Return a code without the undecided causes that the device rules out, its remedy that of the rest.

    Where a property of the device decides what the code means, that alone is left.
    """
    if decided := known.decided.get((device, code.code)):
        meaning, remedy, page = (decided[name] for name in ("meaning", "remedy", "page"))
        return replace(code, undecided=(), meaning=meaning, remedy=remedy, page=page)
    left = tuple(c for c in code.undecided if (device, code.code, c.when) not in known.ruled_out)
    if len(left) == len(code.undecided):
        return code
    remedies = "; else ".join(cause.remedy for cause in left if cause.remedy)
    return replace(code, undecided=left, remedy=remedies or code.remedy)


def causes_in_words(code: Code, answer: str = "") -> str:
    """Return the sentence that names the causes between which nothing decides, empty where none are.

    Args:
        code: As `explain_where_it_stands` returns it.
        answer: What stands beside it: a server's sub-code may decide and not be known here.
    """
    causes = "; ".join(f"({n}) {cause.cause}" for n, cause in enumerate(code.undecided, 1))
    sub_code = re.search(shared_pattern("SUB-CODE OF AN ANSWER"), answer, re.IGNORECASE)
    why = "nothing that was read decides"
    if sub_code:
        why = f"what the server's own word {sub_code['item']} decides is not known here"
    return f" Several causes are known, and {why}: {causes}." if causes else ""


def _halves(installs: pl.DataFrame) -> dict[tuple[str, str], int]:
    """Return the exit codes that are codes by themselves, under their own spelling and what a wrap leaves.

    A half that another try shows by itself is no half of anything.
    """
    beyond = (pl.col("exit_code") > OWN_NUMBERS[1]).fill_null(value=False)
    if not installs.select(beyond.any()).item():
        return {}
    spelt = (
        installs.filter(beyond)
        .select("device", "exit_code")
        .with_columns(code=code_of(pl.col("exit_code"), "result"))
    )
    spelt = spelt.filter(pl.col("code") != _half(pl.col("code")))
    halves = spelt.with_columns(code=_half(pl.col("code")))
    own = halves.join(installs.filter(~beyond).select("device", "code"), on=["device", "code"], how="anti")
    return {(device, code): number for device, number, code in pl.concat([spelt, own]).iter_rows()}


def _half(code: pl.Expr) -> pl.Expr:
    """Return what the wrap of an error number (HRESULT_FROM_WIN32) leaves of a code: its last 16 bits."""
    return pl.concat_str(pl.lit("0x8007"), code.str.slice(6))


def _standing(tables: Tables, trace: Trace) -> pl.Series:
    """Return the devices that are enrolled now, and of which no failed proof by the TPM is known."""
    failed = trace.marks.filter(pl.col("mark").is_in(UNPROVED)).select("device")
    enrolled = tables.devices.filter(pl.col("enrolled").fill_null(value=False))
    return enrolled.join(failed, on="device", how="anti")["device"]


def explain_where_it_stands(named: str, row: Mapping[str, object], known: Known) -> Code:
    """Return what a code means where the finding stands; the exit code of an installer is called that.

    What a scenario asks of the device is no reason where the same stage of it went well on the same device.

    Args:
        named: A code, or a name such as AADSTS50076.
        row: The finding: device, stage, scenario and quotes count.
        known: What the tables and the trace show beside it.
    """
    device = str(row["device"])
    if (device, named) in known.exits:
        return explain_exit(named, answer=str(row["quotes"] or ""))
    if (number := known.halves.get((device, named))) is not None:
        return _passed_on(number)
    stage, scenario = (None if row[name] is None else str(row[name]) for name in ("stage", "scenario"))
    passed = (device, stage, scenario) in known.passed or (stage == PROVES and device in known.secured)
    proves = not passed and stage == PROVES and scenario in PROVING
    answer = f"{row['quotes'] or ''}\n{known.chips.get(device, '') if proves else ''}"
    code = explain(named, stage=stage, scenario=ANOTHER if passed else scenario, answer=answer)
    left = _done_already(_left(code, device, known), device, known)
    return _in_words_of_entra(_naming(left, answer), answer)


def _naming(code: Code, answer: str) -> Code:
    """Return a code with the tenant, user or app in its meaning and remedy that the answer itself names."""
    for fact in _named_in_answers().get(code.code, ()):
        if found := re.search(fact["pattern"], answer):
            meaning, remedy = (fact[name].format(**found.groupdict()) for name in ("meaning", "remedy"))
            return replace(code, undecided=(), meaning=meaning, remedy=remedy, page=fact["page"])
    return code


@cache
def _named_in_answers() -> Mapping[str, list[dict[str, str]]]:
    """Return the rows of facts/named_in_answers.csv by their code, the first that fits before others."""
    rows = read_facts("named_in_answers").rows_by_key("code", named=True, include_key=True)
    return {str(code): of_code for code, of_code in rows.items()}


def _in_words_of_entra(code: Code, answer: str) -> Code:
    """Return a code of the device's registration with what the number means that Entra's answer names."""
    number = re.search(AADSTS, answer) if code.code.startswith(REGISTRATION) else None
    entra = None if number is None else _naming(explain(number[0]), answer)
    if entra is None or entra.certainty == "unknown":
        return code
    meaning, remedy = wording.means(entra.code, entra.meaning), entra.remedy or code.remedy
    return replace(code, meaning=meaning, remedy=remedy, page=entra.page)


def _passed_on(number: int) -> Code:
    """Return what an exit code beyond OWN_NUMBERS means, with the half of it that the portal shows."""
    code = explain_exit(number)
    shown = f"{wording.exit_code(number)}; the agent and the portal show half of it, 0x8007{code.code[6:]}"
    return replace(code, meaning=f"{code.meaning} ({shown})")


def spell(named: str) -> str:
    """Return a code as it is read out: a small number is the exit code that it is.

    Args:
        named: A code, or a name such as AADSTS50076.

    Example:
        >>> spell("0x00000643"), spell("0x80070643")
        ('Exit code 1603 (0x00000643)', '0x80070643')
    """
    if not re.search(SMALL, named):
        return named
    return f"{wording.heading(wording.exit_code(int(named, 16)))} ({named})"
