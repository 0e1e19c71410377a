from itertools import cycle
from pathlib import Path

import pytest

from autopilot_analysis.export import open_export
from autopilot_analysis.fleet.dataset.run.batch import tell_together
from autopilot_analysis.readers import read_tables
from autopilot_analysis.samples import LAYOUTS, SCENARIOS, write_sample

DATA = Path(__file__).parents[4] / "data"


def read(path):
    with open_export(path) as export:
        return read_tables(export)


@pytest.fixture(scope="module")
def assert_each_as_alone():
    """Compare exports told together with what each tells alone, which is worked out once."""
    told = {}

    def compare(exports):
        for place, (tables, together) in enumerate(zip(exports, tell_together(exports), strict=True)):
            if id(tables) not in told:  # kept beside the answer: no other export gets its id
                told[id(tables)] = tables, *tell_together([tables])
            alone = told[id(tables)][1]
            assert list(together) == list(alone)
            for name, frame in alone.items():
                assert together[name].equals(frame), (place, name)

    return compare


@pytest.fixture(scope="module")
def of_every_scenario(tmp_path_factory):
    """One capture of every third scenario, each of its own device, in every layout by turns."""
    folder = tmp_path_factory.mktemp("scenarios")
    exports = []
    for number, (scenario, layout) in enumerate(zip([*SCENARIOS][::3], cycle(LAYOUTS)), start=1):
        sample = write_sample(folder / scenario, scenario, layout=layout, device=number, seed=number)
        exports.append(read(sample.path))
    return exports


def test_scenarios_traced_together_are_told_as_if_alone(of_every_scenario, assert_each_as_alone):
    assert len(of_every_scenario) > 10
    assert any(tables.events.height for tables in of_every_scenario)
    assert_each_as_alone(of_every_scenario)


def test_two_exports_of_one_device_are_kept_apart(of_every_scenario, assert_each_as_alone, tmp_path):
    write_sample(tmp_path / "again.cab", "user_driven_success", device=1, seed=99)
    again = read(tmp_path / "again.cab")
    assert set(again.devices["device"]) == set(of_every_scenario[0].devices["device"])
    assert_each_as_alone([of_every_scenario[0], again, of_every_scenario[1]])


def test_a_fleet_export_among_captures_keeps_its_deployments(of_every_scenario, assert_each_as_alone):
    fleet = read(DATA / "fleet")
    assert fleet.deployments.height > 100
    told = tell_together([of_every_scenario[0], fleet, of_every_scenario[1]])
    assert told[1]["deployments"].height == fleet.deployments.height
    assert_each_as_alone([of_every_scenario[0], fleet, of_every_scenario[1]])


def test_nothing_is_told_of_no_exports():
    assert tell_together([]) == []


def test_a_genuine_capture_is_told_among_made_up_ones_as_if_alone(
    of_every_scenario, assert_each_as_alone, genuine
):
    cabinets = sorted(genuine.glob("*.cab"))
    assert_each_as_alone(
        [*map(read, cabinets), *of_every_scenario[:2], read(genuine / "windows11-event-logs")]
    )
