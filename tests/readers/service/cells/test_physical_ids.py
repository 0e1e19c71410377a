"""The id of a registration among those that Entra ID keeps beside a device."""

import polars as pl

from autopilot_analysis.readers.service.cells.physical_ids import registration_ids

ID = "1f2e3d4c-0000-4000-8000-00000000000a"


def test_the_id_of_the_registration_is_taken_and_no_other():
    ids = pl.Series([f'["[HWID]:h:1","[ZTDID]:{ID}"]', f'["[ztdid]:{ID}"]', '["[HWID]:h:1"]', None])
    assert registration_ids(ids).to_list() == [ID, ID, None, None]
