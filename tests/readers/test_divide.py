"""Texts of several devices in one pile are told apart; those of one device stay together."""

import pytest

from autopilot_analysis import open_export, read_tables

HEAD = "Level,Date and Time,Source,Event ID,Task Category,Computer\n"


def state(name, number=1, joined="YES"):
    box = "+{0}+\n| {1:<68} |\n+{0}+\n"
    return (
        box.format("-" * 70, "Device State")
        + f"\n  AzureAdJoined : {joined}\n  DomainJoined : YES\n  Device Name : {name}\n\n"
        + box.format("-" * 70, "Device Details")
        + f"\n  DeviceId : 11111111-2222-4333-8444-{number:012}\n"
    )


def listed(computer):
    words = '"AutopilotRetrieveSettings beginning acquisition."'
    row = f"Information,11/9/2026 2:14:09 PM,ModernDeployment-Diagnostics-Provider,160,None,{computer}"
    return f"{HEAD.strip()},Message\n{row},{words}\n"


@pytest.fixture
def devices(tmp_path):
    def read(files):
        for name, text in files.items():
            (tmp_path / name).write_text(text)
        tables = read_tables(open_export(tmp_path))
        owned = tables.properties.filter(name="AzureAdJoined").select("device", "value").rows()
        return tables, tables.devices["name"].to_list(), owned

    return read


def test_texts_of_several_devices_are_of_several(devices):
    files = {"a.txt": state("AP-1.corp.example", 1), "b.txt": state("EM-2.corp.example", 2, "NO")}
    tables, names, owned = devices(files)
    assert [name.lower() for name in names] == ["ap-1.corp.example", "em-2.corp.example"]
    assert sorted(value for _, value in owned) == ["NO", "YES"]
    assert len({device for device, _ in owned}) == 2
    assert tables.members.group_by("device").len()["len"].to_list() == [1, 1]


@pytest.mark.parametrize(
    "files",
    [
        {"before.txt": state("NB-1", 1), "after.txt": state("NB-1", 2)},
        {"before.txt": state("DESKTOP-AB12CD3", 1), "after.txt": state("NB-1", 1)},
        {"before.txt": state("NB-OLD", 1), "after.txt": state("NB-NEW", 1)},
        {"a.txt": state("NB-1", 1), "b.txt": state("NB-1.corp.example", 1), "c.txt": state("nb-1", 3)},
        {"before.csv": listed("DESKTOP-AB12CD3"), "after.csv": listed("NB-1")},
    ],
    ids=["repaired", "renamed by setup", "renamed", "spelt otherwise", "lists"],
)
def test_texts_of_one_device_stay_of_one(devices, files):
    assert devices(files)[0].devices.height == 1


def test_one_text_with_the_outputs_of_several_devices_is_of_several(devices):
    text = state("AP-1", 1) + state("AP-2", 2, "NO") + state("AP-3", 3)
    tables, names, owned = devices({"all.txt": text})
    assert sorted(names) == ["AP-1", "AP-2", "AP-3"]
    assert sorted(value for _, value in owned) == ["NO", "YES", "YES"]
    assert tables.members["member"].to_list() == ["all.txt"] * 3


def test_lists_of_several_computers_are_of_several(devices):
    files = {"PC-1_Autopilot.csv": listed("PC-1"), "PC-2_Autopilot.csv": listed("PC-2")}
    assert sorted(devices(files)[1]) == ["PC-1", "PC-2"]


def test_a_text_that_names_no_device_goes_where_its_file_name_says(devices):
    files = {
        "PC-1.txt": state("PC-1", 1),
        "PC-2.txt": state("PC-2", 2),
        "PC-1 tpm.txt": "-TPM Present: True\n-TPM Version: 2.0\n-TPM Manufacturer ID: INTC\n",
    }
    tables, _, _ = devices(files)
    of_first = tables.devices.filter(name="PC-1")["device"][0]
    assert tables.members.filter(member="PC-1 tpm.txt")["device"].to_list() == [of_first]


def test_what_a_collector_brought_is_of_one_device(devices):
    files = {"a.txt": state("AP-1", 1), "b.txt": state("AP-2", 2)}
    place = 'time="08:02:00.5" date="11-19-2026" component="IntuneManagementExtension" context="" type="1"'
    log = f'<![LOG[EMS Agent Started]LOG]!><{place} thread="1" file="">'
    assert devices({**files, "IntuneManagementExtension.log": log})[0].devices.height == 1
