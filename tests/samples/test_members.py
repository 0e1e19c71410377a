"""A cabinet holds what the tool would find on the device that the story left."""

from autopilot_analysis.samples.members import agent_logs, cabinet_members


def test_members_stand_by_name_and_a_profile_file_only_where_something_answered(told):
    story = told("user_driven_success")
    members = cabinet_members(story, story.now)
    assert list(members) == sorted(members)
    assert {"MDMDiagReport.xml", "AutopilotDDSZTDFile.json", "setupact.log"} <= set(members)
    assert f"DeviceHash_{story.computer}.csv" in members


def test_a_device_from_a_file_has_that_file_instead(told):
    story = told("existing_device_success")
    names = set(cabinet_members(story, story.now))
    assert "AutopilotConfigurationFile.json" in names
    assert "AutopilotDDSZTDFile.json" not in names


def test_an_agent_that_never_ran_has_no_log(told):
    assert agent_logs(told("not_autopilot")) == {}
    assert "IntuneManagementExtension.log" in agent_logs(told("user_driven_success"))
