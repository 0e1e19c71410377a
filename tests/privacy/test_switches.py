"""What stands behind a switch of a command."""

import polars as pl
import pytest

from autopilot_analysis.privacy.switches import from_switches

GUID = "1f0c6d52-8b1e-4c55-9d0e-5a6b7c8d9e0f"


@pytest.mark.parametrize(
    ("text", "kind", "original"),
    [
        (f"Connect-MgGraph -TenantId {GUID} -NoWelcome", "tenant", GUID),
        ("Get-Token -ClientSecret 'uX8~Qk2vLr0'", "key", "uX8~Qk2vLr0"),
        ("Rename-Computer -NewName FRONT7 -Force", "host", "FRONT7"),
        ("Add-Computer -DomainName quill.example", "tenant", "quill.example"),
        ("schtasks /create /ru zora.q /rp Summer-26", "user", "zora.q"),
        ("schtasks /create /ru zora.q /rp Summer-26", "key", "Summer-26"),
        ("cmdkey /add:x /user:zora /pass:Tide77!", "key", "Tide77!"),
    ],
)
def test_a_command_gives_away_what_it_is_given(text, kind, original):
    assert (kind, original) in list(from_switches(pl.Series([text])))


@pytest.mark.parametrize(
    "text",
    [
        "Get-Item -Path x",
        "-ComputerName $name",
        "-Credential (Get-Credential)",
        "a-domain example",
        "-NewName -Force",
    ],
)
def test_a_variable_an_expression_or_another_switch_is_no_value(text):
    assert list(from_switches(pl.Series([text]))) == []
