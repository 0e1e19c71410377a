"""An offline profile is gone where Windows was generalized after the last copy of it."""

import polars as pl
import pytest

from autopilot_analysis.findings import RULES
from autopilot_analysis.tables import Tables

COPY = r"Command line: xcopy.exe .\AutopilotConfigurationFile.json C:\Windows\Provisioning\Autopilot\ /c /y"
RUN = r"Executing command line: C:\Windows\system32\sysprep\sysprep.exe /quiet /generalize /oobe /quit"
OWN = "ActionPlatform::LaunchModule: Executing 'Generalize' phase"


def proofs_of(world, messages, **given):
    """What the rule proves of lines that were written one after another, a minute apart."""
    tables, trace = world(lines=[("info", message, n) for n, message in enumerate(messages)], **given)
    lines = tables.log_lines.with_columns(written_at=pl.col("at").dt.replace_time_zone(None))
    tables = Tables.of({**tables.frames(), "log_lines": lines})
    return RULES["CONFIGURATION-FILE-GENERALIZED"](tables, trace)


@pytest.mark.parametrize(
    ("messages", "found"),
    [
        ([COPY, RUN], 2),
        ([COPY, OWN], 2),
        ([RUN, COPY], 0),
        ([COPY, RUN, COPY], 0),
        ([RUN], 0),
        ([COPY], 0),
        ([COPY, "sysprep.exe /quiet /oobe"], 0),
        ([r"Downloaded AutopilotConfigurationFile.json to C:\_SMSTaskSequence", RUN], 0),
    ],
)
def test_the_last_copy_counts_and_what_deletes_it_comes_after(world, messages, found):
    rows = proofs_of(world, messages)
    assert rows.height == found
    assert rows["severity"].null_count() == found


@pytest.mark.parametrize("mark", ["configuration_file_used", "profile_available"])
def test_a_profile_that_came_all_the_same_was_not_lost(world, mark):
    assert proofs_of(world, [COPY, RUN], marks=[(mark, "profile_download", 30, None, "{}")]).is_empty()
