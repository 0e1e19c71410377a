"""What the shape of a text gives away by itself, and look-alikes that name nobody."""

import polars as pl
import pytest

from autopilot_analysis.facts import read_facts
from autopilot_analysis.privacy.shapes import from_shapes, matches
from autopilot_analysis.privacy.shapes.search import READERS, read_match, shapes

GUID = "1f0c6d52-8b1e-4c55-9d0e-5a6b7c8d9e0f"
NAMED = [
    (r"share \\files07\deploy", "host", "files07"),
    (r"C:\Users\zora.quill\AppData", "user", "zora.quill"),
    ("PROXY http=px1.quill.example:8080", "host", "px1.quill.example"),
    ("BSSID 02 00 5e 10 00 0a", "mac", "02 00 5e 10 00 0a"),
    ("via 2001:db8:7::5", "ip", "2001:db8:7::5"),
    ("at 192.0.2.44 now", "ip", "192.0.2.44"),
    (f"https://login.microsoftonline.com/{GUID}/oauth2", "tenant", GUID),
    ("DeviceHash_FRONT-7.csv", "host", "FRONT-7"),
    ("renamed the computer FRONT7 to BACK8", "host", "BACK8"),
    ("Zora's iPhone", "user", "Zora"),
    ("quill.onmicrosoft.com", "tenant", "quill"),
    ("Authorization: Bearer abcdefgh12345678", "key", "abcdefgh12345678"),
    (r"USB\VID_1234&PID_5678\8812QUILL07", "serial", "8812QUILL07"),
    (r"D:\OneDrive - Quill Works GmbH\list.csv", "tenant", "Quill Works GmbH"),
    ("SPN HOST/pc7.quill.example", "host", "pc7.quill.example"),
    (r"quilldom\zora S-1-5-21-11-22-33-1107", "user", "zora"),
    (r'"Detection User":"QUILLDOM\zora"', "user", "zora"),
    (r"User = QUILLDOM\zora", "tenant", "QUILLDOM"),
    (f"SessionIdUserIdMap: 2: {GUID}", "id", GUID),
    (f"loggedInIntuneUserIds = 00000000-0000-0000-0000-000000000000, {GUID}", "id", GUID),
    (r"After impersonation: AzureAD\Zora Quill", "user", "Zora Quill"),
    ("created local account [zora]", "user", "zora"),
    ("no such user 'zora'", "user", "zora"),
    ("WindowsLive:(token):name=02abcdefghijklmn;serviceuri=*", "user", "02abcdefghijklmn"),
    (f"{'0c' * 16}_{GUID}", "id", GUID),
    (rf"\Device\NetBT_Tcpip_{{{GUID}}}", "id", GUID),
    (rf"Found FirstSync under: SOFTWARE\\Microsoft\\Enrollments\{GUID}", "id", GUID),
    (
        f"CN=x:Microsoft Intune MDM Device CA|1/1/2026 1:00:00|1/1/2027 1:00:00|{'0C' * 20}",
        "certificate",
        "0C" * 20,
    ),
    ("Setting computer name to FRONT7", "host", "FRONT7"),
    ("msiexec /i a.msi ORG_TOKEN=8d1f0c5be7", "key", "8d1f0c5be7"),
    ("ConvertTo-SecureString 'Summer!26' -AsPlainText", "key", "Summer!26"),
    ("PROXY px2.quill.example:8080; DIRECT", "host", "px2.quill.example"),
    ("fe80::5efe:192.0.2.9", "ip", "fe80::5efe:192.0.2.9"),
    ("http://192.0.2.7/a", "ip", "192.0.2.7"),
    ("time.windows.com,0x9 (ntp.m|0x9|192.0.2.5:123->198.51.100.3:123)", "ip", "192.0.2.5"),
    ("CN=front7, OU=Desks, O=Quill Ltd", "certificate", "Quill Ltd"),
    (f"CN={GUID}, O=Microsoft Corporation", "certificate", GUID),
    (r'"param7":"QUILLDOM\zora"', "user", "zora"),
    (r"<Account>QUILLDOM\zora.quill</Account>", "user", "zora.quill"),
    (r"QUILLDOM\zora logged off", "user", "zora"),
    (r'"QUILLDOM\zora has logged off"', "user", "zora"),
    (r"schtasks /ru QUILLDOM\svc_zora", "tenant", "QUILLDOM"),
    ("#0> Client: zora @ QUILL.EXAMPLE", "user", "zora"),
    (" USERNAME  SESSIONNAME\n>zora      console      1  Active      none", "user", "zora"),
    ("Members\n" + "-" * 40 + "\nAdministrator\nzora\nThe command completed.", "user", "zora"),
    ("Cannot find an object with identity: 'zora' under: 'x'.", "user", "zora"),
    ("zora_Windows_5/1/2026_9:00 AM", "user", "zora"),
    ("./Device/Vendor/MSFT/Accounts/Users/zora/Password", "user", "zora"),
    ("           DC: \\\\quill-dc5\r\n", "host", "quill-dc5"),
    (r"C:\Windows\System32\shutdown.exe (FRONT7)", "host", "FRONT7"),
    ('"connection":"srv-quill7/wsman?PSVersion=5.1"', "host", "srv-quill7"),
    ("cmdkey /add:srv-quill8 /user:x", "host", "srv-quill8"),
    (r"HKCU\printers\connections\,,quill-prn2,copier", "host", "quill-prn2"),
    (r"Explorer\MountPoints2\##quill-nas1#all", "host", "quill-nas1"),
    (r"Terminal Server Client\Servers\quill-rds", "host", "quill-rds"),
    (f"    Numerical Password:\n      ID: {{{GUID}}}", "id", GUID),
    (f"Tenant id from registry is {GUID}.", "id", GUID),
    (rf"\Microsoft\Windows\EnterpriseMgmt\{GUID}\PushLaunch", "id", GUID),
    ("./Vendor/MSFT/WiFi/Profile/Quill%20Guest/WlanXml", "network", "Quill Guest"),
    (r"WPDBUSENUM\_??_USBSTOR#DISK&VEN_X&PROD_Y&REV_1.00#8812QUILL08&0#{x}", "serial", "8812QUILL08"),
    (
        f"./Vendor/MSFT/RootCATrustedCertificates/Root/{'0D' * 20}/EncodedCertificate",
        "certificate",
        "0D" * 20,
    ),
    ('"RawBody":"MII' + "aB3/" * 20 + '=="', "certificate", "MII" + "aB3/" * 20 + "=="),
    ("mail to zora.quill@quill.example", "user", "zora.quill@quill.example"),
    ("net user zora", "user", "zora"),
    (r"started as QUILLDOM\zora ", "user", "zora"),
    ('"latitude":48.137154', "place", "48.137154"),
    ("call +49 89 5550 0199", "user", "+49 89 5550 0199"),
    ("card 02-00-5e-10-00-0b", "mac", "02-00-5e-10-00-0b"),
    ("name DESKTOP-7QUILL1", "host", "DESKTOP-7QUILL1"),
    ("ask zora7.quill.local", "host", "zora7.quill.local"),
    ("DiagLogs-FRONT7-20260501T0900", "host", "FRONT7"),
    ("Bypass-list : *.quill.example;<local>", "host", "quill.example"),
    ("DNS Name=vpn.quill.example", "host", "vpn.quill.example"),
    (f"check in for user {GUID}", "id", GUID),
    (rf"\Win32Apps\{GUID}", "id", GUID),
    (rf"{GUID}\GRS", "id", GUID),
    (f"ZtdId: {GUID}", "id", GUID),
    (rf"\\?\Volume{{{GUID}}}", "id", GUID),
    ("DEV_02005E10000C", "mac", "02005E10000C"),
    ("Serial Number: QUILL-0071", "serial", "QUILL-0071"),
    ("<SSID><hex>5175696C6C</hex><name>Quill</name>", "network", "Quill"),
    ('{"Name":"Quill Guest","Desc":"x"}', "network", "Quill Guest"),
    ('fileRef="' + "0E" * 20 + '.cer"', "certificate", "0E" * 20),
    ("JoinInfo/" + "0F" * 20, "certificate", "0F" * 20),
    ("Thumbprint: " + "1A" * 20, "certificate", "1A" * 20),
    ("hash T0" + "aB3/" * 30 + "==", "hash", "T0" + "aB3/" * 30 + "=="),
    ("key 123456-123456-123456-123456-123456-123456-123456-123456", "key", "-".join(["123456"] * 8)),
    ("eyJhbGciOiJI.eyJzdWIi.abcd", "key", "eyJhbGciOiJI.eyJzdWIi.abcd"),
    ("?sig=Zm9vYmFy7", "key", "Zm9vYmFy7"),
]
NOBODY = [
    r"HKLM\Software\x", "Agent version is: 192.0.2.44", "x_1.2.3.4_x64__8wek", "mask 255.255.255.0", "fe:ed",
    "WIN-session", "0000.1111.2222", "CN=Microsoft Root Authority", "1.3.6.1",
    "renamed the device to something", "section E10D198.51.100.7", "__cv__ = A0O9RpHFe7.0.1.3", "HTTP/1.1",
    '"updateTitle":"Maker - System - 198.51.100.6"', "PublicKeyToken=31bf3856ad364e35", "KEY=[Property1]",
    "CN=Trust Services, OU=Roots, O=Digital Signature Trust Co.", "O=WFA Hotspot 2.0", "http://8.8.8.8/x",
    r"USB\VID_0E0F&PID_0008\000650268001", "nbtscan 192.168.7.0/24",
    r'"DeviceId":"ACPI\PNP0A08"', r"HKLM\SOFTWARE\Policies", r"ROOT\CIMV2", r"WINDOWS\notepad.exe",
    r'"Namespace":"QOS\CHANNEL 0"', r"QOS\CHANNEL 0 sent", r"Policies\Microsoft\Windows NT\DNSClient",
    "http://+:47001/wsman/", "OU=See www.digicert.com",
]  # fmt: skip


def rounds():
    """Return the texts in rounds, none with two that name the same: every search costs all patterns."""
    made = []
    for one in NAMED:
        place = next((r for r in made if one[1:] not in {other[1:] for other in r}), None)
        if place is None:
            made.append(place := [])
        place.append(one)
    return made


@pytest.mark.parametrize("texts", rounds(), ids=len)
def test_a_shape_gives_away_what_it_names(texts):
    found = set(from_shapes(pl.Series([text for text, _, _ in texts])))
    assert [text for text, kind, original in texts if (kind, original) not in found] == []


def test_a_look_alike_names_nobody():
    assert list(from_shapes(pl.Series(NOBODY))) == []


def test_what_is_called_a_version_once_is_no_address_anywhere():
    texts = pl.Series(["version 198.51.100.9", "198.51.100.9", "198.51.100.8"])
    assert list(from_shapes(texts)) == [("ip", "198.51.100.8")]


def test_what_is_known_to_be_a_version_is_no_address():
    assert list(from_shapes(pl.Series(["7.2.1.0"]), ["7.2.1.0"])) == []


def test_each_shape_has_an_example_that_it_reads():
    texts = pl.Series([text for text, _, _ in NAMED])
    unread = [
        name
        for name, shape in zip(read_facts("identifier_shapes")["shape"], shapes(), strict=True)
        if not any(list(read_match(shape, match)) for match in matches(texts, shape.pattern, shape.near))
    ]
    assert unread == []


def test_a_shape_says_what_its_part_is_or_who_takes_a_closer_look():
    assert all((shape.kind is None) != (shape.reading is None) for shape in shapes())
    assert {shape.reading for shape in shapes()} - {None} == set(READERS)


def test_shapes_are_named_once():
    assert read_facts("identifier_shapes")["shape"].is_unique().all()


def test_matches_come_once_and_in_order():
    assert matches(pl.Series(["b2 a1", "a1", "c"]), r"[a-z]\d") == ["a1", "b2"]
