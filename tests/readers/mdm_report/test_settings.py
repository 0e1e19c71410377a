from autopilot_analysis.readers.mdm_report.settings import Settings


def test_the_device_has_one_name_and_success_has_no_code():
    settings = Settings()
    settings.add("Device", "A", "n", "1", status="succeeded", result="0")
    settings.add("S-0-0-00-0000000000-0000000000-000000000-000", "A", "n", None, result="-2147024894")
    settings.add("", None, "n", "", result="words")
    assert settings.frame().rows() == [
        (1, "device", "A", "n", "1", "succeeded", None),
        (2, "device", "A", "n", None, None, "0x80070002"),
        (3, None, None, "n", "", None, None),
    ]


def test_no_settings_are_an_empty_frame():
    assert Settings().frame().height == 0
