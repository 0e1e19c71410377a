from autopilot_analysis import open_export


def test_a_member_knows_its_name_source_and_reader(tmp_path, zipped):
    path = tmp_path / "export.zip"
    log = b'<![LOG[words]LOG]!><time="08:00:00.0000000" date="3-2-2026" component="a" type="1" thread="1">'
    path.write_bytes(zipped([("logs/IntuneManagementExtension.log", log), ("other.bin", b"\0\1")]))
    with open_export(path) as export:
        member = export.members[0]
        assert (member.path, member.name, member.source, member.reader, member.bytes) == (
            "logs/IntuneManagementExtension.log",
            "IntuneManagementExtension.log",
            "ime",
            "cmtrace",
            len(log),
        )
        assert member.read() == log
        assert (export.members[1].source, export.members[1].reader) == ("unknown", None)
        assert repr(export) == "<Export export.zip: 2 members, 1 captures, 0 gaps>"
