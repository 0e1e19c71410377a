"""The groups of errors that somebody wrote down, and kinds that are asked for by name (facts/quotes.csv)."""

from __future__ import annotations

PAGE = "page"
"""The group of what a page of setup shows; a device stops at one page, with one code."""
DETAILS = "details"
"""The group of what stands beside a page and is nothing without one."""
PROGRESS = "progress"
"""The group of parts of a page that is at work and shows no error; nothing beside one that does."""
BARE = "bare"
"""The group of codes that somebody only tells; nothing beside words that show more."""
SIGN_IN = "sign-in"
"""The group of numbers of Entra that a sign-in ended with; a text with several is a list of them."""
SIGN_IN_DETAILS = "sign-in details"
"""The group of what stands beside such a number and is nothing without one."""
SIGN_IN_WORDS = "sign-in words"
"""The group of what a sign-in page says as it blocks, which says less than its number does."""
SIGN_IN_POLICY = "sign-in policy"
"""The group of the policy behind it, which is nothing without such words."""
REPORTED_POLICY = "reported policy"
"""The group of a policy of sign-in that somebody names as what stops an enrolment; a page says more."""
REPORTED_APP, REPORTED_RESTART = "reported app", "reported restart"
"""The groups of an app beside a page: without which somebody saw it end well, or that waits for a restart."""
NAMED_APP, WENT_ON = "named app", "went on"
"""The groups of an app that somebody names beside a page, and of what is there once the page is left."""
EITHER_PHASE = "either phase of the page"
"""The kind by which a text says that a page stops in the one phase or in the other."""
REPORTED_DETECTION, DETECTION_DETAILS = "reported detection", "reported detection details"
"""The groups of a detection rule that somebody found to look for something else, and of what it looks for."""
HASH, HASH_UPDATE = "hash", "hash update"
"""The groups of a hash that a script did not read, and of the update that its text blames."""
OTHER_ORGANIZATION, REPORTED_WELL = "other organization", "reported well"
"""The groups of two plain sentences: a page that turned an account away, a deployment that went well."""
SUCCEEDED = "succeeded"
"""The group of what a text says went well; nothing beside anything else, or beside a word of trouble."""
PROVIDER, PROVIDER_TIME = "provider", "provider time"
"""The groups of a program that the page waits for first, and of its time, which is nothing without it."""
RESTRICTION = "restriction"
"""The group of a rule against devices that somebody names; a detail beside a page."""
PORTAL = "portal"
"""The group of a deployment that the portal shows as failed, as somebody copied it."""
PORTAL_ITEM = "portal item"
"""The group of the apps and scripts that it shows so."""
PORTAL_DETAILS = "portal details"
"""The group of what else such a page shows, and that is nothing without one of them."""
HARDWARE_DETAILS = "hardware details"
"""The group of what somebody writes of the device; it decides what its step "Securing your hardware" met."""
WINGET, WINGET_DETAILS = "winget", "winget details"
"""The groups of an installer of which winget tells, and of what else winget says beside it."""
TOOLKIT, TOOLKIT_DETAILS = "toolkit", "toolkit details"
"""The groups of an installer of which PSAppDeployToolkit tells, and of what it ran."""
CONTRADICTED = "contradicted"
"""The group of failures that a tool tells of what went well by the line above."""
SYMPTOM = "symptom"
"""The group of what somebody met and tells without a code, in words of his own or of the product."""
SAID_TO_WORK, REPORTED_AS_FAILED = "said to work", "reported as failed"
"""The groups of what works by the word of whoever wrote, and of the report that calls it failed."""
DESCRIBED = frozenset({SYMPTOM, SAID_TO_WORK})
"""The groups of what is told in prose: of a short text, no question, no condition and no denial."""
DETAIL_GROUPS = frozenset(
    {DETAILS, SIGN_IN_DETAILS, PORTAL_DETAILS, HARDWARE_DETAILS, WINGET_DETAILS, TOOLKIT_DETAILS}
)
"""The groups that are nothing by themselves."""
ONE_CODE = frozenset({PAGE, BARE, WINGET, SIGN_IN, SIGN_IN_WORDS})
"""The groups of which one device shows one code; a text with several is a list of them."""
PLAIN = frozenset({OTHER_ORGANIZATION, REPORTED_WELL})
"""The groups of a sentence that stands in prose, and that a page about errors lists as well."""
SETUP_COMMAND = "command"
"""The group of errors with which a command ended that sets devices up (facts/setup_commands.csv)."""
CONNECTOR_ANSWER = "connector answer"
"""The group of what the connector for offline domain joins answers in its own log."""
PROXY = "proxy"
"""The group of the system's proxy, which is nothing without such an answer."""
WITH_ANOTHER = {
    PROXY: CONNECTOR_ANSWER,
    HASH_UPDATE: HASH,
    SIGN_IN_POLICY: SIGN_IN_WORDS,
    PROVIDER_TIME: PROVIDER,
    REPORTED_APP: PAGE,
    REPORTED_RESTART: PAGE,
    NAMED_APP: PAGE,
    WENT_ON: PAGE,
    DETECTION_DETAILS: REPORTED_DETECTION,
    REPORTED_AS_FAILED: SAID_TO_WORK,
}
"""Groups that are nothing without another."""

UPDATE = "update that is blamed"
"""The kind by which a text names the update of Windows that it blames."""
PACKAGE, INSTALLED = "package of winget", "installed by winget"
"""The kinds by which winget names what it installs, and says that it is there."""
PACKAGE_LOG = "log of the toolkit"
"""The kind of a log that is called after the app that the toolkit installs."""
COMMAND, COMMAND_DONE = "command of the toolkit", "command of the toolkit that went well"
"""The kinds of what the toolkit runs, and of the word that it ended well."""
INSTALLER_BUSY = "Windows Installer busy as the toolkit says"
"""The kind by which the toolkit says that it waits for another installation."""
CALLED_FAILED = "success that its caller calls a failure"
"""The kind of a failure that a tool tells of an app right after winget had installed it."""
