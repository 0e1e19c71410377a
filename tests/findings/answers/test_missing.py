from __future__ import annotations

import polars as pl
import pytest

from autopilot_analysis.findings.answers.missing import asks_for, unseen_that_matters
from autopilot_analysis.findings.rules.evidence import DECISIVE
from autopilot_analysis.tables import Tables


def missing(*sources, presence="absent"):
    return pl.DataFrame({"source": list(sources), "presence": [presence] * len(sources)})


@pytest.mark.parametrize(
    ("source", "start"),
    [
        ("ime_appworkload", "Copy of the folder C:\\ProgramData\\Microsoft\\IntuneManagementExtension\\Logs"),
        ("events_autopilot", 'mdmdiagnosticstool.exe -area "Autopilot;DeviceEnrollment;'),
        ("setup_log", "mdmdiagnosticstool.exe"),
        ("registry_dump", "mdmdiagnosticstool.exe"),
        ("dsregcmd", "Intune admin center: Devices, the device, Collect diagnostics"),
        ("events_system", "Intune admin center: Devices, the device, Collect diagnostics"),
        ("events_wlan", "wevtutil epl Microsoft-Windows-WLAN-AutoConfig/Operational"),
        ("events_wired", "wevtutil epl Microsoft-Windows-Wired-AutoConfig/Operational"),
    ],
)
def test_each_absent_source_is_asked_for_in_the_way_that_brings_it(source, start):
    assert [ask.startswith(start) for ask in asks_for(missing(source))] == [True]


def test_one_way_is_asked_for_once_and_what_was_read_in_part_not_at_all():
    assert len(asks_for(missing("events_autopilot", "events_mdm_admin", "registry_dump"))) == 1
    assert asks_for(missing("events_autopilot", presence="partial")) == []


def test_of_a_lone_log_all_that_decides_was_not_seen(rows):
    coverage = rows("coverage", {"source": "ime_log", "presence": "present"})
    tables = Tables.of({"coverage": coverage})
    unseen = unseen_that_matters(tables, "SN-0001", None, outcome="unfinished")
    assert set(unseen["source"]) == set(DECISIVE)
    assert set(unseen["presence"]) == {"absent"}
    assert len(asks_for(unseen)) >= 1
    assert unseen_that_matters(tables, "SN-0001", None, outcome="succeeded").is_empty()


@pytest.mark.parametrize(
    ("unsure", "there", "unseen"),
    [
        ("NETWORK-LOST", [], {"events_wlan", "events_wired", "events_network_profile", "winhttp_proxy"}),
        ("NETWORK-LOST", ["events_wired", "winhttp_proxy", "firewall"], set()),
        ("NETWORK-NOT-AUTHENTICATED", [], set()),
        (None, [], set()),
    ],
    ids=["nothing to ask", "one of each is there", "nothing explains it", "sure"],
)
def test_an_unsure_answer_misses_what_the_rules_that_would_explain_it_needed(rows, unsure, there, unseen):
    coverage = rows("coverage", *({"source": one, "presence": "present"} for one in ["ime_log", *there]))
    found = unseen_that_matters(
        Tables.of({"coverage": coverage}), "SN-0001", None, outcome="succeeded", unsure=unsure
    )
    assert unseen <= set(found["source"])
    assert bool(unseen) is (found.height > 0)
