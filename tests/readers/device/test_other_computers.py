"""What systeminfo wrote on another computer tells nothing of the device."""

import pytest
from readers.device.device_rows import fact


def of(computer):
    """One event that a computer wrote."""
    return [{"computer": computer}]


MODEL = fact("System Model", "Notebook 9000", "systeminfo")


@pytest.mark.parametrize(
    ("host", "names", "model"),
    [
        ("AP-0001", ["AP-0001"], "Notebook 9000"),
        ("ap-0001.example.com", ["AP-0001"], "Notebook 9000"),
        ("ADMIN-PC", ["AP-0001"], None),
        ("ADMIN-PC", [], "Notebook 9000"),
        ("AP-0001", ["OLD-NAME", "AP-0001"], "Notebook 9000"),
    ],
)
def test_hardware_counts_of_the_computer_that_other_files_name(told, host, names, model):
    own = [fact("Device Name", name) for name in names]
    assert told(properties=[fact("Host Name", host, "systeminfo"), MODEL, *own])["model"] == model


def test_the_name_in_events_is_one_of_the_devices_too(told):
    written = [fact("Host Name", "AP-0001", "systeminfo"), MODEL]
    assert told(properties=written, events=of("AP-0001.example.com"))["model"] == "Notebook 9000"
    assert told(properties=written, events=of("AP-0002"))["model"] is None
