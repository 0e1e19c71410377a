"""Every column the schemas call personal, and what is personal elsewhere, is shared and then sought."""

from __future__ import annotations

import base64
import gzip
import json
import shutil
import zlib
from functools import cache
from pathlib import Path
from urllib.parse import quote

import polars as pl
import pytest
from small_fleets import write_fleet

import autopilot_analysis
from autopilot_analysis import load_deployments
from autopilot_analysis.cli import main
from autopilot_analysis.export import open_export
from autopilot_analysis.privacy import Pseudonyms, find_leaks, pseudonymise, share
from autopilot_analysis.privacy.discover import personal_columns
from autopilot_analysis.privacy.rewrite import KEPT
from autopilot_analysis.readers import read_tables
from autopilot_analysis.report import write_report
from autopilot_analysis.tables import SCHEMAS, schema_of

ROOT = Path(__file__).parents[1]
KEY = b"k" * 32
PLACES = [(table, column) for table in SCHEMAS for column in personal_columns(table)]
VALUES = {
    place: f"Zq{number:03d}-{place[1].title().replace('_', '')}X" for number, place in enumerate(PLACES)
}
"""A value of its own for each column whose whole value names somebody, such as Zq007-SerialX."""
MORE = [
    r"C:\Users\qzora7\AppData", r"HKEY_USERS\S-1-5-21-1004336348-1177238915-682003330-1107_Classes\x",
    json.dumps({"TargetUserName": "qzora8", "SubjectDomainName": "FABQDOM"}),
    "Subject: CN=Quill Laptop 9, O=Fabq Holding", "<SSID><name>Quill Net 5</name></SSID>",
    "http://qzora9:hunter22@prx7.fabq.example:8080",
    "http=prx8.fabq.example:8080;https=prx8.fabq.example:8080",
    "Bypass List : *.intra.fabq.example;<local>", "Renaming computer to QFAB00042",
    "AADSTS50034: qzora10@fabq.example does not exist", "addr 2001:db8::ff00:42:8329", "x DE-AD-BE-EF-12-34",
    "x dead.beef.1299", "BSSID: DE AD BE EF 12 77", "DiagLogs-QHOST77-20240101T000000Z.zip",
    "hash T0" + base64.b64encode(bytes(range(200)) * 5).decode(), "running as FABQ\\qzora11",
    "https://login.microsoftonline.com/11111111-2222-4333-8444-5555555555aa/oauth2",
    "S_1_12_1_3653211022_1339006422_2627573900_2180706943.log",
    "Authorization: Bearer AbCdEf0123456789AbCdEf",
    r'"D:\Profiles\qzora12\x"', "tel +49 151 12345678", "SystemSerialNumber=5CGQ123XYZ", "user=abe;",
]  # fmt: skip
SECRETS = [
    "qzora7", "1004336348-1177238915-682003330", "qzora8", "FABQDOM", "Quill Laptop 9", "Fabq Holding",
    "Quill Net 5", "qzora9", "hunter22", "prx7.fabq", "prx8.fabq", "intra.fabq", "QFAB00042", "qzora10",
    "ff00:42:8329", "DE-AD-BE-EF-12-34", "dead.beef.1299", "DE AD BE EF 12 77", "QHOST77",
    base64.b64encode(bytes(range(200)) * 5).decode()[:60], "qzora11", "11111111-2222-4333-8444-5555555555aa",
    "1339006422", "AbCdEf0123456789AbCdEf", "qzora12", "151 12345678", "5CGQ123XYZ",
]  # fmt: skip


def spellings(value):
    """Return a text that holds a value in prose, a path, JSON, a URL, and encoded."""
    wide = value.encode("utf-16-le")
    inner = json.dumps({"a": json.dumps({"b": value})})
    return (
        f"seen {value}, {value.upper()} and {value.lower()}; c:/x/{value}.log {inner} "
        f"u={quote(value, safe='')} "
        f"{wide.hex()} {base64.b64encode(wide).decode()} {base64.b64encode(value.encode()).decode()}"
    )


def planted():
    """Return every table: row 0 holds the values of its own columns, the others all values in every text."""
    texts = [spellings(value) for value in VALUES.values()] + MORE
    frames = {}
    for table in SCHEMAS:
        schema = schema_of(table)
        columns = {}
        for name, kind in schema.items():
            whole = VALUES.get((table, name)) if name in personal_columns(table) else None
            text = kind == pl.String and name not in KEPT and whole is None
            columns[name] = [whole, *(texts if text else [whole] * len(texts))]
        frames[table] = pl.DataFrame(columns, schema=schema)
    return frames


def encodings(value):
    """Return the bytes that would give a value away."""
    for form in {value, value.upper(), value.lower()}:
        for codec in ("utf-8", "utf-16-le", "utf-16-be"):
            raw = form.encode(codec)
            yield raw
            yield raw.hex().encode()
            yield raw.hex().upper().encode()
            if len(raw) >= 9:
                yield base64.b64encode(raw[: len(raw) // 3 * 3])
        yield quote(form, safe="").encode()
        yield json.dumps(form)[1:-1].encode()


def readings(path):
    """Return a file's bytes, and its tables as text: Parquet pages are packed, so their values are read."""
    raw = path.read_bytes()
    yield raw
    if raw[:4] == b"PAR1":
        yield pl.read_parquet(path).select(pl.col(pl.String)).write_json().encode()
    if raw[:2] == b"\x1f\x8b":
        yield gzip.decompress(raw)
    if raw[:2] in (b"\x78\x9c", b"\x78\xda"):
        yield zlib.decompress(raw)


def left_in(folder, values):
    """Return the values of which a form stands in a file; all forms are sought in one pass first."""
    content = b"\n".join(
        part for path in sorted(folder.rglob("*")) for part in (path.name.encode(), *readings(path))
    )
    forms = {value: list(encodings(value)) for value in values}
    every = [form.decode("latin-1") for of_value in forms.values() for form in of_value]
    if not pl.Series([content.decode("latin-1")]).str.contains_any(every).item():
        return []
    return [value for value, of_value in forms.items() if any(form in content for form in of_value)]


@pytest.fixture
def profile(tmp_path, monkeypatch):
    for name in ("APPDATA", "XDG_DATA_HOME", "HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "profile"))


@pytest.mark.usefixtures("profile")
def test_nothing_planted_in_any_personal_column_or_any_text_is_left_in_what_is_shared(tmp_path):
    assert len(VALUES) >= 40
    out = share(planted(), tmp_path / "handed").folder
    assert left_in(out, [*VALUES.values(), *SECRETS]) == []


def test_the_search_of_this_test_finds_what_is_there(tmp_path):
    for number, raw in enumerate(encodings("Zq007-SerialX")):
        place = tmp_path / str(number)
        place.mkdir()
        pl.DataFrame({"a": [raw.decode("latin-1")]}).write_parquet(place / "a.parquet", compression="zstd")
        (place / "b.gz").write_bytes(gzip.compress(raw))
        assert left_in(place, ["Zq007-SerialX"]) == ["Zq007-SerialX"]


def test_one_person_has_one_pseudonym_in_every_table_and_spelling():
    frames = planted()
    frames["deployments"] = frames["deployments"].with_columns(user=pl.lit("zora.quill@fabq.example"))
    frames["identities"] = frames["identities"].with_columns(user=pl.lit("Zora.Quill@FABQ.example"))
    frames["log_lines"] = frames["log_lines"].with_columns(
        message=pl.lit(r"C:\Users\Zora Quill\x of zora.quill")
    )
    hidden = pseudonymise(frames, Pseudonyms(KEY)).frames
    name = Pseudonyms(KEY).name("user", "zora.quill")
    assert hidden["deployments"]["user"][0].startswith(f"{name}@")
    assert hidden["identities"]["user"][0] == hidden["deployments"]["user"][0]
    assert hidden["log_lines"]["message"][0] == rf"C:\Users\{name}\x of {name}"


@pytest.mark.usefixtures("profile")
@pytest.mark.parametrize("off", ["_replace", "_fenced"])
def test_with_one_masker_off_what_it_left_is_hidden_and_counted(tmp_path, monkeypatch, capsys, off):
    monkeypatch.setattr(f"autopilot_analysis.privacy.rewrite.{off}", lambda texts, *_: texts)
    monkeypatch.setattr(
        "autopilot_analysis.cli.share.load", lambda *_, **__: (_Frames(planted()), _Frames({}), _Frames({}))
    )
    assert main(["share", "any.cab", str(tmp_path / "handed")]) == 0
    printed = capsys.readouterr().out
    assert "are hidden: a name in them could not be rewritten" in printed
    assert left_in(tmp_path / "handed", [*VALUES.values(), *SECRETS]) == []


class _Frames:
    def __init__(self, frames):
        self.own = frames

    def frames(self):
        return self.own


FLEET = "fleet"
CAPTURE = ROOT / "data" / "mdm-enrollment-refused.cab"


@pytest.fixture(scope="module")
def fleet(tmp_path_factory):
    """A fleet of Graph, a report and an audit log: small, for each name is sought in every encoding."""
    folder = write_fleet(tmp_path_factory.mktemp("fleet"), 300, seed=2718)
    stored = ROOT / "data" / "fleet"
    report = (stored / "AutopilotV1DeploymentStatus.csv").read_bytes().splitlines(keepends=True)
    (folder / "AutopilotV1DeploymentStatus.csv").write_bytes(b"".join(report[:51]))
    shutil.copy(stored / "IntuneAuditLogs.csv", folder)
    return folder


@cache
def loaded(*words, **options):
    return load_deployments(*words, **options)


@pytest.fixture
def hidden_once(monkeypatch):
    """A fleet asked for in the same words is read and hidden once: pages differ in what they show of it."""
    monkeypatch.setattr(autopilot_analysis, "load_deployments", loaded)


@cache
def originals(path):
    """Return what the exports name: devices, serials, names, users, tenants and ids."""
    tables = read_tables(open_export(path))
    found = [
        frame[name].drop_nulls().unique().to_list()
        for table, frame in tables.frames().items()
        for name in personal_columns(table)
    ]
    return {value for values in found for value in values if len(value) > 5}


@pytest.mark.usefixtures("profile", "hidden_once")
@pytest.mark.parametrize(
    ("notebook", "export"),
    [(name, CAPTURE) for name in ("01_device_trace", "05_postmortem", "07_side_by_side")]
    + [
        (name, FLEET)
        for name in ("03_failure_distribution", "04_root_cause", "05_postmortem", "06_fleet_study")
    ],
)
def test_a_page_with_privacy_names_nobody(tmp_path, fleet, notebook, export):
    export = fleet if export == FLEET else export
    names = originals(export)
    assert len(names) >= 4
    page = write_report(notebook, out=tmp_path / "page.html", export=str(export), privacy=True)
    assert find_leaks(page, names).is_empty()
    text = page.read_text("utf-8").lower()
    assert [name for name in names if name.lower() in text] == []
