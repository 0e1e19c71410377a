import pytest

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.export import open_export, parse_manifest

RESULTS = b"""<Collection HRESULT="0"><ID>1</ID><SasUrl>x</SasUrl>
<RegistryKey HRESULT="-2147024893">"HKLM\\SOFTWARE\\Policies"</RegistryKey>
<Command HRESULT="0">%windir%\\system32\\Dsregcmd.exe /status</Command>
<Command HRESULT="0">%windir%\\system32\\netsh.exe winhttp show proxy</Command>
<!-- counts for nothing -->
<Events HRESULT="0">Microsoft-Windows-HelloForBusiness/Operational</Events>
<Events HRESULT="0">System</Events>
<FoldersFiles HRESULT="-2147024894">%windir%\\temp\\%computername%*.log</FoldersFiles>
<OutputFileFormat>%s</OutputFileFormat></Collection>"""
EVTX = b"ElfFile\0" + bytes(4088)
REG = "\ufeffWindows Registry Editor Version 5.00\r\n".encode("utf-16-le")
PROXY = "Geçerli WinHTTP ara sunucu ayarları\r\n".encode()


def results(layout=b""):
    return RESULTS.replace(b"%s", layout)


def test_items_are_numbered_over_the_four_kinds_with_signed_codes():
    manifest = parse_manifest(results(b"flattened"))
    assert manifest.flattened
    assert [(item.number, item.kind, item.input, item.code) for item in manifest.directives] == [
        (1, "RegistryKey", "HKLM\\SOFTWARE\\Policies", "0x80070003"),
        (2, "Command", "%windir%\\system32\\Dsregcmd.exe /status", "0x00000000"),
        (3, "Command", "%windir%\\system32\\netsh.exe winhttp show proxy", "0x00000000"),
        (4, "Events", "Microsoft-Windows-HelloForBusiness/Operational", "0x00000000"),
        (5, "Events", "System", "0x00000000"),
        (6, "FoldersFiles", "%windir%\\temp\\%computername%*.log", "0x80070002"),
    ]
    assert manifest.directives[0].hresult == -2147024893


@pytest.mark.parametrize(
    "content",
    [b"<Collection", b"<Other/>", b"", b'<!DOCTYPE x [<!ENTITY a "b">]><Collection>&a;</Collection>'],
)
def test_what_is_no_manifest_says_so(content):
    with pytest.raises(NotThisFormat, match=r"results\.xml"):
        parse_manifest(content)


def layouts():
    numbered = ["1/export.reg", "2/output.log", "3/output.log", "4/Events.evtx", "5/Events.evtx"]
    counted = [
        "(1) RegistryKey HKLM_SOFTWARE_Policies export.reg",
        "(2) Command windir_system32_Dsregcmd_exe_status output.log",
        "(3) Command windir_system32_netsh_exe_winhttp_show_proxy output.log",
        "(4) Events Microsoft-Windows-HelloForBusiness_Operational Events.evtx",
        "(5) Events System Events.evtx",
    ]
    named = [name.split(") ", 1)[1].split(" ", 1)[1] for name in counted]
    return [numbered, counted, named]


@pytest.mark.parametrize("names", layouts(), ids=["numbered", "counted", "named"])
def test_each_layout_gives_every_file_the_source_of_its_item(tmp_path, zipped, names):
    contents = [REG, b"AzureAdJoined : YES\r\n", PROXY, EVTX, EVTX]
    path = tmp_path / "DiagLogs.zip"
    path.write_bytes(zipped([("results.xml", results()), *zip(names, contents, strict=True)]))
    with open_export(path) as export:
        found = {member.path: member.source for member in export.members}
        assert [found[name] for name in names] == [
            "registry_export",
            "dsregcmd",
            "winhttp_proxy",
            "events_hello",
            "events_system",
        ]
        assert [gap.reason for gap in export.gaps] == [
            'item 6, FoldersFiles "%windir%\\temp\\%computername%*.log", left no file (0x80070002)'
        ]
        assert export.captures == ("",)


def test_an_item_whose_archive_is_damaged_did_leave_a_file(tmp_path):
    (tmp_path / "results.xml").write_bytes(results())
    (tmp_path / "6").mkdir()
    (tmp_path / "6/mdmlogs.cab").write_bytes(b"MSCF" + bytes(20))
    with open_export(tmp_path) as export:
        assert [gap.reason[:8] for gap in export.gaps if gap.member == "results.xml"] == [
            f"item {n}, " for n in range(1, 6)
        ]
        assert [gap.state for gap in export.gaps if gap.member == "6/mdmlogs.cab"] == ["damaged"]


def test_a_lone_manifest_is_one_gap_not_one_for_each_item(genuine):
    with open_export(genuine / "collect-diagnostics") as export:
        assert [(gap.count, gap.state) for gap in export.gaps] == [(83, None)]
