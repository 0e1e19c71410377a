from __future__ import annotations

import base64
import io
import json
import os
import zipfile
from urllib.parse import quote

import polars as pl
import pytest

from autopilot_analysis.errors import BadInput, LeakFound, NothingToWrite
from autopilot_analysis.privacy import (
    Pseudonyms,
    default_key,
    find_leaks,
    profile_folder,
    pseudonymise,
    share,
)
from autopilot_analysis.privacy import rewrite as rewriting
from autopilot_analysis.privacy.conceal import HIDDEN
from autopilot_analysis.privacy.discover import find_identifiers, personal_columns
from autopilot_analysis.privacy.unfold import unfold
from autopilot_analysis.tables import SCHEMAS, schema_of

KEY = b"k" * 32
GUID = "5e0f7c1a-93d2-4b77-a1c4-0d2f66b8e9{:02d}"
HARDWARE_HASH = "T0HwAQEAHAAAAAoAHgBYZg" + base64.b64encode(bytes(range(256)) * 4).decode()

PLANTED = {
    "upn": ("zora.quill@fabrikam-test.example.net", "signed in as {}"),
    "mail of another domain": ("pell.ambrose@ops.example.org", "contact {}."),
    "profile folder": ("zquillon", r"copied C:\Users\{}\AppData\Local\Temp\x.log"),
    "profile folder with a blank": ("Zora Quillon", r'opened "C:\Users\{}\Desktop\a.txt"'),
    "domain account": ("quillonz", r"UserName: FABTEST\{} logged on"),
    "work account": ("ZoraQuillonA", r"owner AzureAD\{} of the key"),
    "user sid": ("S-1-5-21-1004336348-1177238915-682003330-1107", "profile {} loaded"),
    "work sid": ("S-1-12-1-3653211022-1339006422-2627573900-2180706943", "user {} enrolled"),
    "random computer name": ("DESKTOP-Q7RTK2P", "renamed from {}"),
    "chosen computer name": ("FABNB0042", "ComputerName={} set"),
    "server name": ("fabfs01", r"could not reach \\{}\share$"),
    "inner host": ("print07.site.corp", "resolved {} in 3 ms"),
    "host of the tenant": ("adfs3.fabrikam-test.example.net", "POST https://{}/adfs/ls failed"),
    "serial": ("SNX-88-00417", "SerialNumber: {}"),
    "numeric serial": ("84711230", "<SerialNumber>{}</SerialNumber>"),
    "tenant id": (GUID.format(1), "TenantId = {}"),
    "device id": (GUID.format(2), "aadDeviceId: {{{}}}"),
    "intune id": (GUID.format(3), '"IntuneDeviceId":"{}"'),
    "bios uuid": (GUID.format(4), "SMBIOS GUID: {}"),
    "tenant of onmicrosoft": ("fabtestz.onmicrosoft.com", "federated with {}"),
    "organisation": ("Fabrikam Test Holding", '"TenantDisplayName":"{}"'),
    "ipv4": ("203.0.113.47", "address {} leased"),
    "inner ipv4": ("192.168.77.21", "gateway {}:443"),
    "ipv6": ("2001:db8:4:17::9a3f", "answer from {}"),
    "link-local ipv6": ("fe80::1c2b:9aff:fe00:4d31", "via {}%12"),
    "mac with dashes": ("0A-1B-9C-3D-5E-7F", "Physical Address: {}"),
    "mac with colons": ("0a:1b:9c:3d:5e:80", "bssid {}"),
    "certificate subject": ("Zora Quillon Laptop CA", "issued by CN={}, O=Fabrikam"),
    "serial in a sentence": ("5CG-1234-XYQ", "the serial number is {} here"),
    "thumbprint": ("9F1C77E2A0B4D35C6E8F00112233445566778899", "Thumbprint: {}"),
    "hardware hash": (HARDWARE_HASH, "hash {} sent"),
    "product key": ("QW3RT-YB7N2-KL9PX-ZZ4DV-88HJM", "key {} installed"),
    "recovery key": ("102938-475610-293847-561029-384756-102938-475610-293847", "protector {}"),
    "product id": ("00331-20300-00000-AAXYZ", "activated {}"),
    "network name": ("QuillonHome5G", '"SSID":"{}"'),
    "token": ("eyJhbGciOiJub25lIn0.eyJ1cG4iOiJ6b3JhIn0.c2lnbmF0dXJl", "Bearer {}"),
    "signed link": ("Zm9vYmFyYmF6cXV4", "GET https://blob.core.windows.net/x?sv=1&sig={}"),
    "phone": ("+44 1632 960 983", "call {} for help"),
    "name with accents": ("Žofia Müllerová", '"userDisplayName":"{}"'),
}

KEPT = [
    "S-1-5-18", "S-1-5-32-544", "0.0.0.0", "127.0.0.1", "255.255.255.0", "::1", "https://login.microsoftonline.com/",
    "https://ztd.dds.microsoft.com/x", "0x80180014", "version 1.83.107.0", "10.0.22631.4037",
    r"C:\Users\Public\x",
    "00000000-0000-0000-0000-000000000000", "d1e2f3a4-0000-4000-8000-00aabbccddee",
    "CN=Microsoft Intune MDM Device CA",
    r"NT AUTHORITY\SYSTEM", "./Vendor/MSFT/Policy/Config/Update/AllowAutoUpdate", "2024-05-01T10:22:33Z",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
]  # fmt: skip


def rows(table, texts):
    schema = schema_of(table)
    free = [
        name
        for name, kind in schema.items()
        if kind == pl.String and name in TEXT - set(personal_columns(table))
    ]
    frame = pl.DataFrame(
        {name: texts if name in free else [None] * len(texts) for name in schema}, schema=schema
    )
    return frame, free


TEXT = {
    "message", "data", "value", "key", "quote", "detail", "member", "title", "meaning", "failure_text",
    "reason",
    "advice", "note", "name", "section", "remedy", "profile_name", "profile", "group_tag", "scope", "area",
    "flags",
}  # fmt: skip


def planted_frames():
    texts = [pattern.format(value) for value, pattern in PLANTED.values()]
    frames = {table: rows(table, texts)[0] for table in SCHEMAS}
    devices = {
        "device": "dev-one",
        "serial": "SNX-88-00417",
        "name": "FABNB0042",
        "tenant_id": GUID.format(1),
    }
    schema = frames["devices"].schema
    known = pl.DataFrame({name: [devices.get(name)] for name in schema}, schema=schema)
    return frames | {"devices": known}


def text_of(frames):
    return "\n".join(
        text
        for frame in frames.values()
        for name, kind in frame.schema.items()
        if kind == pl.String
        for text in frame[name].drop_nulls()
    )


def test_no_planted_value_survives_in_any_text_of_any_table():
    hidden, _ = pseudonymise(planted_frames(), Pseudonyms(KEY))
    text = text_of(hidden).lower()
    assert [kind for kind, (value, _) in PLANTED.items() if value.lower() in text] == []
    assert find_leaks(text.encode(), [value for value, _ in PLANTED.values()]).is_empty()


def test_a_value_known_from_one_table_is_hidden_in_every_encoding_of_another():
    original = "FABNB-00427"
    devices = schema_of("devices")
    wide = original.encode("utf-16-le")
    spellings = [
        original.lower(),
        quote(original, safe=""),
        f'{{"a":"x\\n{original}"}}',
        wide.hex(),
        ",".join(f"{byte:02x}" for byte in wide),
        base64.b64encode(wide).decode(),
        base64.b64encode(b"ab" + original.encode() + b"cd").decode(),
        f"x{original}y",
    ]
    frames = {
        "devices": pl.DataFrame(
            {name: [original if name == "name" else None] for name in devices}, schema=devices
        ),
        "log_lines": rows("log_lines", spellings)[0],
    }
    hidden, mapping = pseudonymise(frames, Pseudonyms(KEY))
    assert find_leaks(text_of(hidden).encode(), mapping["original"]).is_empty()
    readings = unfold(hidden["log_lines"]["message"])
    assert set(readings.filter(pl.col("text").str.contains("host-"))["row"]) == set(range(len(spellings)))


def test_what_is_the_same_everywhere_stays_readable():
    frame, _ = rows("log_lines", KEPT)
    hidden, _ = pseudonymise({"log_lines": frame}, Pseudonyms(KEY))
    assert hidden["log_lines"]["message"].to_list() == KEPT


def test_a_person_is_one_person_with_and_without_the_domain():
    frame, _ = rows(
        "log_lines", ["user zora.quill@example.net", r"C:\Users\zora.quill\x", "ZORA.QUILL@EXAMPLE.NET"]
    )
    hidden, _ = pseudonymise({"log_lines": frame}, Pseudonyms(KEY))
    address, folder, shouted = hidden["log_lines"]["message"]
    name = Pseudonyms(KEY).name("user", "zora.quill")
    assert address == f"user {name}@{Pseudonyms(KEY).name('tenant', 'example.net')}"
    assert folder == rf"C:\Users\{name}\x"
    assert shouted == address.removeprefix("user ")


def test_the_same_key_gives_the_same_names_and_another_key_others():
    one, again, other = Pseudonyms(KEY), Pseudonyms(KEY), Pseudonyms(b"o" * 32)
    assert one.name("serial", "SN-0001") == again.name("serial", " sn-0001 ")
    assert one.name("serial", "SN-0001") != other.name("serial", "SN-0001")
    assert one.name("serial", "SN-0001") != one.name("serial", "SN-0002")


def test_a_short_key_is_refused():
    with pytest.raises(BadInput, match="16 random bytes"):
        Pseudonyms(b"short")


def test_a_short_name_is_hidden_only_where_it_stands_alone():
    texts = [r"C:\Users\ann\x", "planned", '{"note":"x\\nann"}', "ann"]
    hidden, _ = pseudonymise({"log_lines": rows("log_lines", texts)[0]}, Pseudonyms(KEY))
    name = Pseudonyms(KEY).name("user", "ann")
    assert hidden["log_lines"]["message"].to_list() == [
        rf"C:\Users\{name}\x", "planned", f'{{"note":"x\\n{name}"}}', name,
    ]  # fmt: skip


def test_an_address_is_not_replaced_within_a_longer_one():
    hidden, _ = pseudonymise(
        {"log_lines": rows("log_lines", ["10.1.1.1", "10.1.1.10", "210.1.1.1", "file version 10.1.1.12"])[0]},
        Pseudonyms(KEY),
    )
    own = Pseudonyms(KEY)
    assert hidden["log_lines"]["message"].to_list() == [
        own.name("ip", "10.1.1.1"), own.name("ip", "10.1.1.10"), own.name("ip", "210.1.1.1"),
        "file version 10.1.1.12",
    ]  # fmt: skip


def test_event_data_stays_json():
    data = json.dumps(
        {"User": "zora.quill@example.net", "Path": r"C:\Users\zquillon\a", "Serial Number": "SNX-88-00417"}
    )
    hidden, _ = pseudonymise({"events": rows("events", [data])[0]}, Pseudonyms(KEY))
    assert json.loads(hidden["events"]["data"][0])["Path"].startswith("C:\\Users\\user-")


def test_whole_columns_join_as_before():
    devices = schema_of("devices")
    lines = schema_of("log_lines")
    frames = {
        "devices": pl.DataFrame(
            {name: ["a1", "b2"] if name == "device" else [None] * 2 for name in devices}, schema=devices
        ),
        "log_lines": pl.DataFrame(
            {name: ["b2", "a1", "b2"] if name == "device" else [None] * 3 for name in lines}, schema=lines
        ),
    }
    hidden, mapping = pseudonymise(frames, Pseudonyms(KEY))
    assert hidden["log_lines"].join(hidden["devices"], on="device").height == 3
    assert set(mapping["original"]) == {"a1", "b2"}


def encodings(text):
    wide = text.encode("utf-16-le")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", text)
    parquet = io.BytesIO()
    pl.DataFrame({"x": [text] * 50, "y": [[text]] * 50}).write_parquet(parquet, compression="zstd")
    return {
        "utf-8": text.encode(),
        "upper case": text.upper().encode(),
        "utf-16-le": wide,
        "utf-16-be": b"\0" + text.encode("utf-16-be"),
        "base64": base64.b64encode(b"z" + text.encode()),
        "base64 of utf-16": base64.b64encode(wide),
        "hex": wide.hex().encode(),
        "url": "".join(f"%{byte:02X}" for byte in text.encode()).encode(),
        "html": "".join(f"&#{ord(sign)};" for sign in text).encode(),
        "json": "".join(f"\\u{ord(sign):04x}" for sign in text).encode(),
        "zip": packed.getvalue(),
        "parquet": parquet.getvalue(),
    }


@pytest.mark.parametrize("name", encodings("x"))
def test_a_leak_is_found_in_every_encoding(name):
    assert find_leaks(encodings("Zora Quillon-77")[name], ["zora quillon-77"]).height > 0
    assert find_leaks(encodings("Somebody else")[name], ["zora quillon-77"]).is_empty()


def test_a_leak_in_a_file_name_is_found(tmp_path):
    (tmp_path / "log-of-zquillon77.txt").write_text("nothing")
    assert find_leaks(tmp_path, ["zquillon77"])["place"].to_list() == ["name"]


@pytest.fixture
def profile(tmp_path, monkeypatch):
    for name in ("APPDATA", "XDG_DATA_HOME", "HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "profile"))
    return tmp_path / "profile"


@pytest.mark.usefixtures("profile")
def test_a_share_holds_every_table_and_the_way_back_stays_at_home(tmp_path):
    out = share(planted_frames(), tmp_path / "handed").folder
    assert {path.stem for path in out.glob("*.parquet")} == set(SCHEMAS)
    assert find_leaks(out, [value for value, _ in PLANTED.values()]).is_empty()
    back = pl.read_parquet(next((profile_folder() / "shared").glob("handed-*.parquet")))
    assert "SNX-88-00417" in back["original"].to_list()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.usefixtures("profile")
@pytest.mark.skipif(os.name == "nt", reason="Windows keeps the profile private by its own means")
def test_the_key_is_made_once_and_is_its_owners_alone():
    key = default_key()
    assert key == default_key()
    assert ((profile_folder() / "pseudonyms.key").stat().st_mode & 0o777) == 0o600


@pytest.mark.usefixtures("profile")
def test_a_cell_that_was_not_rewritten_is_hidden_and_counted(tmp_path, monkeypatch):
    monkeypatch.setattr("autopilot_analysis.privacy.hide.rewrite", lambda frames, _names: frames)
    texts = ["signed in as zora.quill@fabrikam-test.example.net", "nothing of anybody"]
    shared = share({"log_lines": rows("log_lines", texts)[0]}, tmp_path / "handed", key=KEY)
    assert shared.hidden.filter(pl.col("column") == "message").rows() == [("log_lines", "message", 1)]
    written = pl.read_parquet(shared.folder / "log_lines.parquet")
    assert written["message"].to_list() == [HIDDEN, "nothing of anybody"]
    assert "| log_lines.message | 1 |" in (shared.folder / "README.md").read_text("utf-8")


@pytest.mark.usefixtures("profile")
def test_a_folder_named_after_somebody_is_refused_and_nothing_is_left(tmp_path):
    with pytest.raises(LeakFound, match="the folder's own name"):
        share(planted_frames(), tmp_path / "for-zquillon", key=KEY)
    assert [path.name for path in tmp_path.iterdir() if path.name != "profile"] == []


@pytest.mark.usefixtures("profile")
def test_a_device_called_like_a_source_is_hidden_as_a_device_and_the_source_keeps_its_name(tmp_path):
    schema = schema_of("coverage")
    row = {"device": "ime", "source": "ime", "presence": "present", "members": 1, "records": 1}
    frames = {
        "coverage": pl.DataFrame([{name: row.get(name) for name in schema}], schema=schema),
        "log_lines": rows("log_lines", ["IME started"])[0],
    }
    shared = share(frames, tmp_path / "handed", key=KEY)
    written = pl.read_parquet(shared.folder / "coverage.parquet")
    assert written.select("device", "source").rows() == [(Pseudonyms(KEY).name("device", "ime"), "ime")]
    assert pl.read_parquet(shared.folder / "log_lines.parquet")["message"].to_list() == ["IME started"]
    assert shared.hidden.is_empty()


@pytest.mark.usefixtures("profile")
def test_a_folder_that_is_there_is_not_written_into(tmp_path):
    (tmp_path / "handed").mkdir()
    with pytest.raises(NothingToWrite, match="is there already"):
        share({}, tmp_path / "handed", key=KEY)


def test_ten_times_the_lines_are_no_more_passes_over_them(monkeypatch):
    passes = []
    one = rewriting._replace
    monkeypatch.setattr(rewriting, "_replace", lambda *given: passes.append(1) or one(*given))
    counts = []
    for lines in (1_000, 10_000):
        texts = [
            f"{n}: zora{n % 50}.quill@example.net on 203.0.113.{1 + n % 250} did {n}" for n in range(lines)
        ]
        hidden, _ = pseudonymise({"log_lines": rows("log_lines", texts)[0]}, Pseudonyms(KEY))
        assert not hidden["log_lines"]["message"].str.contains("quill|203.0.113").any()
        counts.append(len(passes))
        passes.clear()
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("said", "hidden"),
    [
        ({"pszTenantId": "0a1b2c3d-1111-2222-3333-444455556666"}, "0a1b2c3d"),
        ({"pszTenantDomain": "planted-one.example"}, "planted-one"),
        ({"policyName": "CloudAssignedTenantDomain", "value": "planted-two.example"}, "planted-two"),
        ({"policyName": "CloudAssignedTenantDomain", "source": 1, "value": "planted-three.example"}, "three"),
        ({"Message1": "CloudAssignedTenantDomain", "Message2": "planted-four.example"}, "planted-four"),
        ({"newName": "PLANTED-PC-5"}, "PLANTED-PC-5"),
        ({"eventName": "QR", "eventValue": '{"SerialNumber":"PLNT6XYZ"}'}, "PLNT6XYZ"),
        ({"eventValue": '{"isWifi":true,"ssid":"PlantedNet7","networkName":"PlantedLan8"}'}, "Planted"),
    ],
)
def test_what_traces_write_of_tenant_device_and_network_is_hidden(said, hidden):
    frames = pseudonymise({"events": rows("events", [json.dumps(said)])[0]}, Pseudonyms(KEY)).frames
    data = frames["events"]["data"][0]
    assert hidden not in data
    assert json.loads(data).keys() == said.keys()


def test_the_value_beside_a_name_that_identifies_nobody_stays():
    said = {"policyName": "AutopilotUpdateTimeout", "value": "planted-value"}
    frames = pseudonymise({"events": rows("events", [json.dumps(said)])[0]}, Pseudonyms(KEY)).frames
    assert json.loads(frames["events"]["data"][0]) == said


def learned(*texts):
    return find_identifiers({"log_lines": rows("log_lines", list(texts))[0]})


def test_rows_of_the_agents_telemetry_are_read_under_their_own_names_of_columns():
    tenant, device = GUID.format(4), GUID.format(5)
    row = '{"Message":"a","Colmetadata":"environment;tenantId;deviceId;","Col1":"PE","Col2":"%s","Col3":"%s"}'
    assert learned(row % (tenant, device)) == {tenant: "tenant", device: "id"}
    assert learned((row % (tenant, device)).replace("tenantId", "appId")) == {device: "id"}


@pytest.mark.parametrize(
    "text",
    [
        "Add MdmDeviceCertificate {}",
        "Set MdmDeviceCertificate : {}",
        "thumbprint {},True",
        "01/05/2026 13:00:00|01/15/2038 12:00:00|{}",
    ],
)
def test_a_thumbprint_is_told_by_the_certificate_before_it(text):
    thumbprint = "9F1C77E2A0B4D35C6E8F00112233445566778899"
    assert learned(text.format(thumbprint)) == {thumbprint: "certificate"}
    assert learned(f"content hash {thumbprint}") == {}


def test_a_label_may_stand_before_is_and_a_colon():
    assert learned(f"Account ID is : {GUID.format(6)}") == {GUID.format(6): "id"}


@pytest.mark.parametrize(
    "text",
    [
        r"C:\Program Files\WindowsApps\Contoso.App_1.0.62.0_x64__abc at 1.0.62.0",
        "Agent version is: 1.93.102.0, again 1.93.102.0",
        "msedge.exe --win-session-start",
    ],
)
def test_a_version_is_no_address_and_a_switch_no_host(text):
    assert learned(text) == {}


def test_a_volume_and_an_enrolment_of_somebody_are_ids_and_one_windows_brings_along_is_none():
    volume, owned, brought = (GUID.format(number) for number in (7, 8, 9))
    key = "HKLM\\SOFTWARE\\Microsoft\\Enrollments\\"
    values = pl.DataFrame(
        {
            "key": [key + owned, key + brought],
            "name": ["UPN", "EnrollmentState"],
            "value": ["pat@contoso.com", "1"],
        },
        schema={"key": pl.String, "name": pl.String, "value": pl.String},
    )
    found = find_identifiers({"registry_values": values})
    assert [original for original, kind in found.items() if kind == "id"] == [owned]
    assert learned(rf"\\?\Volume{{{volume}}}") == {volume: "id"}


def test_what_follows_in_a_web_address_is_no_part_of_a_tenants_name():
    assert learned("x?domain=amp&vertical=news") == {}
    assert "planted-six.example" in learned("x?domain=planted-six.example&vertical=news")
    assert not any(
        "vertical" in original for original in learned("x?domain=planted-six.example&vertical=news")
    )


def test_a_short_word_in_the_packed_bytes_of_parquet_is_chance_and_a_long_one_is_a_leak():
    content = io.BytesIO()
    halves = [int.from_bytes(half, "little") for half in (b"  ime qu", b"illonx42")]
    pl.DataFrame({"number": halves}).write_parquet(content, compression="uncompressed")
    assert b" ime quillonx42" in content.getvalue()
    assert find_leaks(content.getvalue(), ["ime"]).is_empty()
    assert find_leaks(content.getvalue(), ["quillonx42"])["original"].unique().to_list() == ["quillonx42"]
    named = io.BytesIO()
    pl.DataFrame({"text": ["an ime here"]}).write_parquet(named)
    assert find_leaks(named.getvalue(), ["ime"])["place"].to_list() == ["column text"]
