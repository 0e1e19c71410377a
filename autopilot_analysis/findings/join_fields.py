"""The fields of `dsregcmd /status` that rules ask for, named as in facts/dsregcmd_fields.csv."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from autopilot_analysis.facts.dsregcmd_fields import spelt_as
from autopilot_analysis.findings.looking import low_properties, no_properties, property_names, with_quote
from autopilot_analysis.readers.texts.dsregcmd import LEAVING, REFRESHING, REFUSED, STEP
from autopilot_analysis.tables import Tables

IN_ENTRA, IN_DOMAIN, REGISTERED = "AzureAdJoined", "DomainJoined", "WorkplaceJoined"
DEVICE_TEST, KEY_TEST, DOMAIN_TEST = "DeviceAuthStatus", "KeySignTest", "AD Connectivity Test"
"""The command's own tests: of the device's object in Entra, of its key, of the way to a domain controller."""
POINT_TEST = "AD Configuration Test"
"""Its test whether the service connection point can be read."""
CERTIFICATE_VALID = "DeviceCertificateValidity"
TENANT_ID, ACCOUNT_TENANT, ACCOUNT_DEVICE = "TenantId", "WorkplaceTenantId", "WorkplaceDeviceId"
"""The tenant of the join; tenant and device id of a work account that is registered beside it."""
TENANT, DOMAIN, MANAGED_AT = "TenantName", "DomainName", "MdmUrl"
ERROR_PHASE, CLIENT_CODE, SERVER_MESSAGE = "Error Phase", "Client ErrorCode", "Server Message"
SERVER_CODE, HTTP_STATUS = "Server Error Code", "HTTP status"
"""What a server answered to the last try, at the join or at a token."""
TOKEN, ENTERPRISE_TOKEN = "AzureAdPrt", "EnterprisePrt"
SERVER_SUBCODE, OPERATION, REGISTRATION = "Server ErrorSubCode", "Server Operation", "Registration Type"
TICKET_TEST = "Kerberos Ticket Test"
"""Whether the computer gets a ticket for Entra's registration service."""
JOIN_TRIED_AT, TAKEN_AT = "Previous Registration", "Client Time"
"""When the last try to join was made, and when the command was run."""
RENEWED_AT = "AzureAdPrtUpdateTime"
TRIED_AT, TRY_ENDED, HTTP_ERROR = "Previous Prt Attempt", "Attempt Status", "HTTP Error"
SERVER_DESCRIPTION, CREDENTIAL = "Server Error Description", "Credential Type"
ENDPOINT, HTTP_METHOD = "Endpoint URI", "HTTP Method"
USER, RUN_BY, RUN_AS = "User Identity", "Executing Account Name", "User Context"
HELLO_CHECK, HELLO_POLICY, HELLO_SET = "PreReqResult", "PolicyEnabled", "NgcSet"
DEVICE_READY, USER_READY = "IsDeviceJoined", "IsUserAzureAD"
FAILED_STEP = STEP[1]
"""A failure among the lines of `dsregcmd /join /debug`, as the reader names it."""
FAILED_LEAVE, FAILED_REFRESH, REFUSED_JOIN = LEAVING[1], REFRESHING[1], REFUSED[1]
"""A failure of `/leave` or `/refreshprt`, and the sentence by which a join was refused before it began."""
PRE_CHECK, CONTROLLER, KEYS_HEALTHY = "preCheckResult", "isDcAvailable", "deviceKeysHealthy"
ALREADY_JOINED = "isJoined"
"""What `dsregcmd /join` checks first: whether to join, and what speaks against it."""
JOIN_STATUS, JOIN_MESSAGE = "Join HTTP status", "Join message"
"""What the registration service answered to such a join."""

PLACE = ["device", "member"]
"""What tells one output of the command from every other."""


def fields(tables: Tables, names: str | Iterable[str], value: str = "") -> pl.DataFrame:
    """Return fields as rows with detail.

    Args:
        tables: What `read_tables` returned.
        names: One or several of this module.
        value: A pattern of the value.
    """
    asked_for = [names] if isinstance(names, str) else names
    wanted = [spelt.lower() for name in asked_for for spelt in spelt_as(name)]
    if property_names(tables).isdisjoint(wanted):
        return no_properties(tables)
    asked = pl.col("low_name").is_in(wanted), pl.col("value").fill_null("").str.contains(value)
    return with_quote(low_properties(tables).filter(*asked).drop("low_name"))


def outputs(tables: Tables, name: str | Iterable[str], value: str) -> pl.DataFrame:
    """Return device and member of the outputs in which a field has a value.

    Args:
        tables: What `read_tables` returned.
        name: One or several of this module.
        value: A pattern of the value.
    """
    return fields(tables, name, value).select(PLACE).unique()


def in_entra(tables: Tables) -> pl.DataFrame:
    """Return device and member of the outputs of devices that are joined to Entra ID."""
    return outputs(tables, IN_ENTRA, "(?i)^yes")


def trusted(tables: Tables) -> pl.DataFrame:
    """Return device and member of the outputs of joined devices whose test, where it was run, went well.

    What such an output says of an earlier try to join is over.
    """
    tested = outputs(tables, DEVICE_TEST, r"\w")
    well = outputs(tables, DEVICE_TEST, "(?i)^success")
    return pl.concat([well, in_entra(tables).join(tested, on=PLACE, how="anti")])
