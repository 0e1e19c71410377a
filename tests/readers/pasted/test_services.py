"""What commands show of services and of keys of the registry."""

import pytest

from autopilot_analysis.readers.pasted.services import SERVICES, find_services


def values(text):
    reading = find_services(text.encode())
    return [] if reading is None else reading.rows["registry_values"].select("key", "name", "value").rows()


@pytest.mark.parametrize(
    ("text", "service", "start"),
    [
        ("SERVICE_NAME: wlidsvc\n        START_TYPE         : 4   DISABLED\n", "wlidsvc", "4"),
        ("SERVICE_NAME: wlidsvc\n        STARTTYP              : 3   DEMAND_START\n", "wlidsvc", "3"),
        ("Name      : wlidsvc\nStartType : Disabled\n", "wlidsvc", "4"),
        ("Name      : DoSvc\nStartMode : Auto\nState     : Running\n", "DoSvc", "2"),
        (
            "Status   Name     StartType\n------   ----     ---------\nStopped  wlidsvc  Disabled\n",
            "wlidsvc",
            "4",
        ),
        ("Name    StartMode State\n----    --------- -----\nwlidsvc Manual    Stopped\n", "wlidsvc", "3"),
    ],
)
def test_the_start_type_of_a_service_stands_below_its_key(text, service, start):
    assert values(text) == [(f"{SERVICES}\\{service}", "Start", start)]


@pytest.mark.parametrize(
    "text",
    [
        "SERVICE_NAME: dmwappushservice\n        STATE              : 1  STOPPED\n",
        "        START_TYPE         : 4   DISABLED\n",
        "Name : wlidsvc\n" + "\n" * 9 + "StartType : Disabled\n",
        "Name : Anna\nStartType : tomorrow\n",
        "Name      State\n----      -----\nwlidsvc   Disabled\n",
    ],
)
def test_a_state_or_a_start_type_of_nothing_is_no_start_type(text):
    assert values(text) == []


def test_values_that_reg_query_shows_stand_below_their_key():
    text = (
        "HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Example\n    Enabled    REG_DWORD    0x10\n"
        "    Name of it    REG_SZ    two words\n"
    )
    key = "HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Example"
    assert values(text) == [(key, "Enabled", "16"), (key, "Name of it", "two words")]
    assert values("    Enabled    REG_DWORD    0x10\n") == []


@pytest.mark.parametrize(
    ("root", "spelt"),
    [("HKLM", "HKEY_LOCAL_MACHINE"), ("HKU", "HKEY_USERS"), ("HKCR:", "HKEY_CLASSES_ROOT")],
)
def test_a_hive_is_known_by_its_short_name_and_spelt_out(root, spelt):
    assert values(f"{root}\\Example\n    On    REG_DWORD    0x1\n") == [(f"{spelt}\\Example", "On", "1")]
    assert values("HKXX\\Example\n    On    REG_DWORD    0x1\n") == []


def test_lines_of_an_export_of_the_registry_stand_below_their_key():
    text = (
        'Hello,\nthis is set:\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Example]\n"Enabled"=dword:00000010\n'
        '"Path"="C:\\\\x"\n\nHKLM:\\SOFTWARE\\Other\n"Name"="two words"\n'
    )
    assert values(text) == [
        ("HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Example", "Enabled", "16"),
        ("HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Example", "Path", "C:\\x"),
        ("HKEY_LOCAL_MACHINE\\SOFTWARE\\Other", "Name", "two words"),
    ]
    assert values('"Enabled"=dword:00000010\n') == []
