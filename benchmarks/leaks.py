"""Counts what `share` leaves standing and what it hides for nothing; `python benchmarks/leaks.py`.

Left: planted identifiers of three lists (identifiers.py, strangers.py, places.py) that can still be read,
plain or wrapped, and in genuine files whatever still has the shape or the place of an identifier, by patterns
of this file's own.
False: texts that name nobody and changed; pseudonyms of what unrelated machines have in common, of
versions, addresses in memory, Windows' own ids. With `--write` the table in docs/security.md is filled.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import re
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import places
import polars as pl
import strangers
from identifiers import KEPT, PLANTED, Planted

from autopilot_analysis.errors import AnalysisError
from autopilot_analysis.export import open_export
from autopilot_analysis.privacy import Pseudonyms, pseudonymise
from autopilot_analysis.privacy.conceal import conceal
from autopilot_analysis.readers import read_tables
from autopilot_analysis.tables import SCHEMAS, schema_of

ROOT = Path(__file__).parents[1]
KEY = Pseudonyms(b"k" * 32)
BEGIN, END = "<!-- table: python benchmarks/leaks.py -->", "<!-- end of leaks -->"
OWN = {"device": "SN-PLANTED", "member": "a", "clock": "declared", "record": 1}
TEXTS = ("message", "data", "value", "text", "error", "properties")
GUID = r"\{?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
LOOKS = {
    "mail address": r"[\w.+'-]+@(?!microsoft\.com|live\.com)[\w-]+\.[a-z]{2,6}\b",
    "account's SID": r"\bS-1-(?:5-21|12-1)-\d+-\d+-\d+",
    "profile folder": r"\\Users\\+(?!Public\b|Default\b|All Users|default|user-|%|<|\$|\*|ContainerUser"
    r"|ADMINI~1|Administrator|system|(?i:admin|test)\b)[\w.-]{3,}",
    "network card": r"\b[0-9A-F]{2}(?:[:-][0-9A-F]{2}){5}\b",
    "tenant, device, account": rf"(?i)\b(?:tenant|(?:aad)?device|account|(?:aad)?user)_?id\W{{1,6}}{GUID}",
    "thumbprint": r"(?i)thumbprint\W{1,6}[0-9a-f]{40}\b",
    "computer": r"\b(?:DESKTOP|LAPTOP|WIN)-[A-Z0-9]{7,11}\b",
}
"""What an identifier looks like to somebody who does not know the engine."""
NOBODY = {
    "address in memory": r"(?:0x)?0*[0-9a-f]{8,13}",
    "version": r"\d+\.\d+\.\d+\.0|\d+\.0\.0\.\d+|\d+\.\d+\.0\.0",
    "Windows' id": r"9[A-Z0-9]{11}|[0-9a-f]{8}-e325-11ce-bfc1-08002be10318",
    "driver or volume": r"HarddiskVolume\d+|\w+\.(?:sys|dll|exe)",
}
"""What is no name of anybody, by kind of host, user, tenant or address."""


Writes = Callable[[Path], dict[str, str]]
"""Writes planted files into a folder and returns secret by kind."""


class Counted(NamedTuple):
    """One input."""

    name: str
    sought: int
    left: int
    replaced: int
    false: int
    hidden: int


def frame(table: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    """Return rows of a table; what is not given is null."""
    schema = schema_of(table)
    cells = [{name: row.get(name, OWN.get(name)) for name in schema} for row in rows]
    return pl.DataFrame(cells, schema=schema, strict=False)


def readings(text: str) -> str:
    """Return a text with hex and Base64 undone, by code that is not the engine's."""
    parts = [text, text.replace("\\\\", "\\").replace('\\"', '"')]
    for run in re.findall(r"[A-Za-z0-9+/]{16,}", text):
        try:
            parts.append(base64.b64decode(run + "=" * (-len(run) % 4)).decode("utf-16-le", "replace"))
            parts.append(base64.b64decode(run + "=" * (-len(run) % 4)).decode("utf-8", "replace"))
        except binascii.Error:
            continue
    for run in re.findall(r"(?:[0-9a-fA-F]{2},?){8,}", text):
        digits = run.replace(",", "")
        raw = bytes.fromhex(digits[: len(digits) // 2 * 2])
        parts += [raw.decode("utf-8", "replace"), raw.decode("utf-16-le", "replace")]
    return "\n".join(parts).lower()


def planted(name: str, kinds: Iterable[Planted]) -> tuple[Counted, list[str]]:
    """Return the count over planted cells, and the kinds that are left."""
    tables = sorted({one.table for one in kinds})
    by_table = {table: [one for one in kinds if one.table == table] for table in tables}
    given = {table: frame(table, [one.cells for one in by_table[table]]) for table in tables}
    hidden, shown, cells = shared(given)
    left = [
        one.kind
        for table in tables
        for number, one in enumerate(by_table[table])
        if legible(one.secret, readings(shown[table][number].write_json()))
    ]
    return Counted(name, len(kinds), len(left), hidden.height, 0, cells), left


def filed(name: str, write_export: Writes, events: list[Planted]) -> tuple[Counted, list[str]]:
    """Return the count over planted files and events, and the kinds that are left.

    What no reader takes into a table cannot leak and does not count.
    """
    with tempfile.TemporaryDirectory() as folder:
        secrets = write_export(Path(folder))
        given = read_tables(open_export(folder)).frames()
    before = "\n".join(readings(one.write_json()) for one in given.values())
    secrets = {kind: secret for kind, secret in secrets.items() if legible(secret, before)}
    hidden, shown, cells = shared(given)
    after = "\n".join(readings(one.write_json()) for one in shown.values())
    beside, left = planted(name, events)
    left += [kind for kind, secret in secrets.items() if legible(secret, after)]
    sought, replaced = len(secrets) + beside.sought, hidden.height + beside.replaced
    return Counted(name, sought, len(left), replaced, 0, cells + beside.hidden), left


def shared(given: dict[str, pl.DataFrame]) -> tuple[pl.DataFrame, dict[str, pl.DataFrame], int]:
    """Return the way back, the frames as `share` would write them, and how many cells it hid."""
    hidden = pseudonymise(given, KEY)
    named = hidden.mapping.filter(pl.col("kind") != "device")["original"]
    shown, cells = conceal(hidden.frames, named)
    return hidden.mapping, shown, int(cells["cells"].sum())


def legible(secret: str, text: str) -> bool:
    """Whether a text still shows an identifier; of a name of several words one word is enough."""
    secret = secret.lower()
    words = [word for word in secret.split() if word.isalpha() and len(word) > 3]
    named = len(words) > 1 and len(words) == len(secret.split())
    return secret in text or (named and any(re.search(rf"(?:\b|\\[nrt]){word}\b", text) for word in words))


def spared() -> tuple[Counted, list[str]]:
    """Return the count over texts that name nobody, and those that changed."""
    changed: list[str] = []
    tables = [table for table in SCHEMAS if set(TEXTS) & set(SCHEMAS[table].column_names())]
    for table in tables:
        columns = [name for name in TEXTS if name in SCHEMAS[table].column_names()]
        given = frame(table, [dict.fromkeys(columns, text) for text in KEPT])
        after = pseudonymise({table: given}, KEY).frames[table]
        changed += [
            text
            for text, row in zip(KEPT, after.rows(named=True), strict=True)
            if any(row[name] != text for name in columns)
        ]
    return Counted("texts that name nobody", 0, 0, len(KEPT) * len(tables), len(changed), 0), changed


def genuine(path: Path, others: list[Path]) -> tuple[Counted, list[str], list[str]]:
    """Return the count over one genuine export, what looks left, and what was hidden for nothing."""
    tables = read_tables(open_export(path)).frames()
    mapping, shown, cells = shared(tables)
    text = "\n".join(readable(one) for one in shown.values())
    left = sorted({f"{what}: {found}" for what, look in LOOKS.items() for found in re.findall(look, text)})
    left = [one for one in left if not re.search(r"0{8}-0000|[a-z]+-[0-9a-f]{12}\b", one)]
    common = in_common(mapping, path, others)
    false = [
        f"{kind}: {original}"
        for kind, original in mapping.select("kind", "original").rows()
        if any(re.fullmatch(look, original, re.IGNORECASE) for look in NOBODY.values())
        or original.lower() in common
    ]
    row = Counted(path.name, mapping.height + len(left), len(left), mapping.height, len(false), cells)
    return row, left, false


def in_common(mapping: pl.DataFrame, path: Path, others: list[Path]) -> set[str]:
    """Return the originals of six signs and more, keys, and words of three, that other owners' machines hold.

    What two machines of one owner share acquits nothing: his proxy, his domain controller and the addresses
    of his network are on all of them. Nor does a word: a domain may be called "CENTRAL", and English has it
    too; what is letters only is held by another machine only where it stands alone and is spelt alike.
    """
    signs, word = pl.col("original").str.len_chars(), pl.col("original").str.contains(r"^\p{L}+$")
    words = mapping.filter(word & (signs > 2) & (pl.col("kind") != "device"))["original"]
    other_originals = mapping.filter(~word & ((signs > 5) | (pl.col("kind") == "key")))["original"].to_list()
    found: set[str] = set()
    for other in others:
        if owner(path) != owner(other):
            texts = _texts(other)
            hits = texts.str.extract_many(other_originals, ascii_case_insensitive=True).explode().drop_nulls()
            alone = {word for word in words if texts.str.contains(rf"\b{word}\b").any()}
            found |= {original.lower() for original in [*hits.unique(), *alone]}
    return found


def owner(path: Path) -> str:
    """Return whose machine an export is of; a folder of the genuine files is one owner's."""
    folder = path.parent.name if path.suffix == ".zip" else path.name
    return "one maker" if folder in RELATED else folder


def readable(one: pl.DataFrame) -> str:
    """Return every distinct text of a frame."""
    columns = [name for name in one.columns if one.schema[name] == pl.String]
    return "\n".join(text for name in columns for text in one[name].drop_nulls().unique())


def texts_of(path: Path) -> pl.Series:
    """Return every distinct text of an export."""
    frames = read_tables(open_export(path)).frames().values()
    texts = [one[name].unique().rename("text") for one in frames for name in one.columns
             if one.schema[name] == pl.String]  # fmt: skip
    return pl.concat(texts).drop_nulls().unique()


def written(rows: list[Counted]) -> str:
    """Return the table for docs/security.md."""
    lines = [
        "| input | identifiers | left | replaced | for nothing | cells hidden |",
        "| --- |" + " ---: |" * 5,
    ]
    for row in rows:
        share = f"{row.false:,} ({row.false / row.replaced:.1%})" if row.replaced else "0"
        lines.append(
            f"| {row.name} | {row.sought:,} | {row.left:,} | {row.replaced:,} | {share} | {row.hidden:,} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Count, print, and write the table where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--genuine", type=Path, default=ROOT.parent / "shared" / "real")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="genuine files of these names")
    parser.add_argument("--planted", action="store_true", help="count planted identifiers only")
    parser.add_argument("--show", action="store_true", help="print what is left or hidden for nothing")
    parser.add_argument("--write", action="store_true", help="fill the table in docs/security.md")
    args = parser.parse_args()
    counted = [
        planted("planted in cells", PLANTED),
        filed("planted in files", strangers.write_export, strangers.EVENTS),
        filed("planted in other places", places.write_export, places.EVENTS),
    ]
    third, changed = spared()
    rows = [*(row for row, _ in counted), third]
    notes = [*(f"left: {one}" for _, left in counted for one in left), *(f"changed: {o}" for o in changed)]
    if not args.planted and args.genuine.is_dir():
        paths = inputs(args.genuine)
        for path in paths:
            if args.only and not {path.name, path.parent.name} & set(args.only):
                continue
            try:
                row, shine, false = genuine(path, [other for other in paths if other != path])
            except AnalysisError as error:
                notes.append(f"{path.name}: {error}")
                continue
            rows.append(row)
            print(*row, file=sys.stderr, flush=True)
            notes += [
                *(f"{path.name} left: {one}" for one in shine),
                *(f"{path.name} false: {o}" for o in false),
            ]
    table = written(rows)
    print(table, *(notes if args.show else []), sep="\n")
    if args.write:
        page = ROOT / "docs" / "security.md"
        head, _, rest = page.read_text("utf-8").partition(BEGIN)
        page.write_text(f"{head}{BEGIN}\n\n{table}\n\n{END}{rest.partition(END)[2]}", "utf-8")


def inputs(folder: Path) -> list[Path]:
    """Return the genuine exports of a folder; each healthy machine is one of its own."""
    found = [path for path in sorted(folder.iterdir()) if path.suffix in ("", ".cab")]
    return [one for path in found for one in (sorted(path.glob("*.zip")) or [path])]


RELATED = {"healthy", "windows11-event-logs"}
"""Two folders of one maker's machines: he ran the same scripts on several, and captured one twice."""
_KNOWN: dict[Path, pl.Series] = {}


def _texts(path: Path) -> pl.Series:
    if path not in _KNOWN:
        _KNOWN[path] = texts_of(path)
    return _KNOWN[path]


if __name__ == "__main__":
    sys.exit(main())
