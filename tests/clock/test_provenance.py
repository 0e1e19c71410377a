"""The ways in which an instant is known are named in one place, which every table follows."""

from autopilot_analysis.clock.provenance import CLOCKS, DECLARED, NOT_KNOWN
from autopilot_analysis.tables import SCHEMAS
from autopilot_analysis.tables.dictionary import OF_EVERY_TABLE


def test_the_surest_way_comes_first_and_that_nothing_tells_last():
    assert (next(iter(CLOCKS)), next(reversed(CLOCKS))) == (DECLARED, NOT_KNOWN)


def test_every_column_clock_knows_these_ways_and_its_description_names_each():
    kinds = [schema.create_empty().schema.get("clock") for schema in SCHEMAS.values()]
    assert {tuple(kind.categories) for kind in kinds if kind is not None} == {tuple(CLOCKS)}
    assert all(way in OF_EVERY_TABLE["clock"] for way in CLOCKS)
