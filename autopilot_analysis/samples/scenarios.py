"""What can happen to a make-believe device: each scenario is a short list of stages, attempt by attempt."""

from __future__ import annotations

from datetime import timedelta

from autopilot_analysis.samples.device.device import BUILD_23H2, BUILD_24H2, LATER_BUILD_24H2
from autopilot_analysis.samples.device.story import Scenario, Step
from autopilot_analysis.samples.installs.plan import PLANS


def _skipped(*stages: str) -> tuple[Step, ...]:
    return tuple(Step(stage, outcome="skipped") for stage in stages)


CLOCK_AHEAD = timedelta(hours=7, minutes=28, seconds=13)
"""How far the clock is wrong of a device whose clock is set right on the way."""
_NETWORK = Step("network", (3, 25))
_PROFILE = Step("profile_download", (4, 20))
_SIGN_IN = Step("user_authentication", (30, 150))
_JOIN = Step("entra_join", (8, 30))
_ENROLL = Step("mdm_enrollment", (15, 50))
_PREPARE = Step("device_preparation", (60, 200))
_SETUP = Step("device_setup", (480, 1800))
_ACCOUNT = Step("account_setup", (180, 700))
_DESKTOP = Step("desktop", (15, 60))

_OUTSIDE = (_NETWORK, _PROFILE)
_USER = (_SIGN_IN, _JOIN, _ENROLL, _PREPARE)
_INSIDE = (*_USER, _SETUP, _ACCOUNT, _DESKTOP)
_ALONE = (*_skipped("user_authentication"), Step("device_preparation", (40, 120), inside=(_JOIN, _ENROLL)))
_NOBODY = _skipped("account_setup", "desktop")

_REFUSED = Step("mdm_enrollment", (6, 20), "failed", "0x80180014", "personal_enrollment_blocked")
_UNATTESTED = Step("device_preparation", (170, 420), "failed", "0x81039001", "tpm_attestation")
_HANG = Step("device_setup", (3600, 3600), "failed", "0x800705B4", "app_hangs", how="hang")
_NOT_FOUND = Step("device_setup", (600, 1500), "failed", "0x87D1041C", "app_not_detected", how="undetected")
_NO_DOMAIN = Step("entra_join", (1500, 1800), "failed", "0x80070774", "no_offline_join", how="offline")
_NO_INTERNET = Step("network", (600, 1200), "failed", cause="no_internet")
_NO_PROFILE = Step("profile_download", (4, 20), "skipped", how="none")
_BLANK = Step("profile_download", (4, 20), "skipped", cause="blank_profile", how="none")

_ALL = (
    Scenario(
        "user_driven_success",
        "A user signs in, everything installs, the desktop appears.",
        "user_driven",
        ((*_OUTSIDE, *_INSIDE),),
    ),
    Scenario(
        "mdm_enrollment_refused",
        "The device joins, Intune refuses it with 0x80180014, it leaves again; four times.",
        "user_driven",
        ((*_OUTSIDE, _SIGN_IN, _JOIN, _REFUSED), *[(_SIGN_IN, _JOIN, _REFUSED)] * 3),
        between="unjoin",
    ),
    Scenario(
        "oobe_error_page",
        "Intune refuses the device twice; the trace of OOBE's pages holds what its user saw and pressed.",
        "user_driven",
        ((*_OUTSIDE, _SIGN_IN, _JOIN, _REFUSED), (_SIGN_IN, _JOIN, _REFUSED)),
        between="unjoin",
        traced=True,
    ),
    Scenario(
        "tpm_attestation_failure",
        "A self-deploying device cannot prove its TPM and stops at securing the hardware.",
        "self_deploying",
        ((*_OUTSIDE, *_skipped("user_authentication"), _UNATTESTED, *_NOBODY),),
    ),
    Scenario(
        "esp_app_timeout",
        "One app never returns, so the device setup runs into its limit of 60 minutes.",
        "user_driven",
        ((*_OUTSIDE, *_USER, _HANG),),
    ),
    Scenario(
        "esp_app_failure",
        "An app installs but is not detected afterwards (0x87D1041C), so the device setup fails.",
        "user_driven",
        ((*_OUTSIDE, *_USER, _NOT_FOUND),),
    ),
    Scenario(
        "blank_profile_then_reboot",
        "The service has no profile yet; after a restart the profile is there.",
        "user_driven",
        ((_NETWORK, _BLANK), (*_OUTSIDE, *_INSIDE)),
        between="reboot",
        pause=(240, 900),
    ),
    Scenario(
        "hybrid_join_failure",
        "The device enrols, then waits in vain for the offline domain join (0x80070774).",
        "hybrid",
        ((*_OUTSIDE, _SIGN_IN, _ENROLL, Step("device_preparation", outcome="unfinished"), _NO_DOMAIN),),
    ),
    Scenario(
        "pre_provisioning_success",
        "A technician prepares and reseals the device; days later its user finishes it.",
        "pre_provisioning",
        (
            (*_OUTSIDE, *_ALONE, Step("device_setup", (600, 2100), how="reseal"), *_NOBODY),
            (
                *(*_OUTSIDE, _SIGN_IN),
                *_skipped("entra_join", "mdm_enrollment", "device_preparation"),
                *(Step("device_setup", (90, 300), how="again"), _ACCOUNT, _DESKTOP),
            ),
        ),
        between="reseal",
        pause=(2 * 86400, 6 * 86400),
    ),
    Scenario(
        "clock_step",
        "The clock is hours ahead when the OOBE starts and is set right before the profile arrives.",
        "user_driven",
        ((*_OUTSIDE, *_INSIDE),),
        build=BUILD_24H2,
        clock_error=CLOCK_AHEAD,
    ),
    Scenario(
        "self_deploying_success",
        "The device enrols itself with its TPM; nobody signs in.",
        "self_deploying",
        ((*_OUTSIDE, *_ALONE, _SETUP, *_NOBODY),),
    ),
    Scenario(
        "existing_device_success",
        "An existing device takes its profile from a configuration file.",
        "existing_device",
        ((_NETWORK, Step("profile_download", (2, 8), how="file"), *_INSIDE),),
    ),
    Scenario(
        "autopilot_reset",
        "A joined and enrolled device is reset, keeps both, and syncs before the desktop.",
        "reset",
        (
            (
                *(_NETWORK, Step("profile_download", (1, 3), "skipped", how="cached")),
                *_skipped("user_authentication", "entra_join", "mdm_enrollment", "device_preparation"),
                *(Step("device_setup", (120, 400), how="reset"), *_skipped("account_setup"), _DESKTOP),
            ),
        ),
    ),
    Scenario(
        "device_preparation_success",
        "Windows Autopilot device preparation: no registration, no ESP, an agent's page.",
        "device_preparation",
        (
            (
                *(_NETWORK, _NO_PROFILE, Step("user_authentication", (30, 120), how="plain"), _JOIN, _ENROLL),
                *(Step("device_preparation", (600, 1800), how="agent"),),
                *(*_skipped("device_setup", "account_setup"), _DESKTOP),
            ),
        ),
        build=LATER_BUILD_24H2,
    ),
    Scenario(
        "not_autopilot",
        "A device that was never registered and is set up by hand; nothing is wrong.",
        "not_autopilot",
        ((_NETWORK, _NO_PROFILE),),
    ),
    Scenario(
        "network_blocked",
        "The device has a network but never the internet, so no profile can come.",
        "user_driven",
        ((_NO_INTERNET,),),
    ),
)

_WINDOWS = (
    ("windows_10_1809", "17763.1879", "whose Autopilot events stand with those of provisioning"),
    ("windows_10_1909", "18363.1440", "which writes nothing of the search for a network"),
    ("windows_11_24h2", LATER_BUILD_24H2, "whose enrolment and sync have channels of their own"),
    ("windows_11_26h1", "28000.1575", "whose Autopilot events have new numbers, 809 and more"),
)
_REGISTERED_NOWHERE = Step("profile_download", (4, 20), "failed", "0x80070490", "not_registered", how="807")
_RELEASES = (
    *(
        Scenario(
            name,
            f"A user-driven deployment on a Windows {words}.",
            "user_driven",
            _ALL[0].attempts,
            build=build,
        )
        for name, build, words in _WINDOWS
    ),
    Scenario(
        "windows_11_26h1_not_registered",
        "The service answers that it does not know the device (807), in an event that came with 26H1.",
        "user_driven",
        ((_NETWORK, _REGISTERED_NOWHERE),),
        build="28000.1575",
    ),
)
"""Old and new Windows, whose logs differ in channels and events."""

_FAILED_APPS = {
    "installs_dependency_failed": ("0x80070643", "dependency_failed"),
    "installs_not_detected": ("0x87D1041C", "app_not_detected"),
    "installs_starved": ("0x80070643", "app_failed"),
}
_INSTALLS = {
    "installs_new_era": "One item of every kind installs; the agent writes its new wording.",
    "installs_classic_era": "Apps install; the agent writes its old wording, and one is tried twice.",
    "installs_retry_grs": "An app fails, is held back by the retry lock, and installs at the second try.",
    "installs_dependency_failed": "An app fails, and with it the app that depends on it.",
    "installs_not_detected": "An installer returns 0, yet the app is not detected.",
    "installs_msi_busy": "An MSI package keeps the installer busy (1618) for a Win32 app.",
    "installs_hard_reboot": "An installer asks for a restart midway and is found after it.",
    "installs_script_failed": "A script fails and says why.",
    "installs_starved": "The first app fails, and the rest never begins.",
    "installs_two_zones": "Two script executors write one log in two time zones.",
    "installs_torn": "Two writers tear each other's records.",
}


def _install_scenario(name: str, description: str) -> Scenario:
    code, cause = _FAILED_APPS.get(name, (None, None))
    failed = Step("device_setup", (60, 60), "failed", code, cause)
    inside = (*_USER, failed) if code else (*_USER, _SETUP, _ACCOUNT, _DESKTOP)
    return Scenario(
        name, description, "user_driven", ((*_OUTSIDE, *inside),), build=BUILD_23H2, plan=PLANS[name]
    )


SCENARIOS: dict[str, Scenario] = {scenario.name: scenario for scenario in (*_ALL, *_RELEASES)} | {
    name: _install_scenario(name, description) for name, description in _INSTALLS.items()
}
"""Every scenario by its name."""
