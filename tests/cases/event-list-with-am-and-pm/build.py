"""The Admin log as CSV with a 12-hour clock: an enrolment that went well, and its usual noise."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_seven import ENGLISH, viewer_list

GOOD = (
    (4, "MDM Enroll: Certificate policy request sent successfully."),
    (6, "MDM Enroll: Certificate policy response processed successfully."),
    (8, "MDM Enroll: Certificate enrollment request sent successfully."),
    (10, "MDM Enroll: Certificate enrollment response received successfully."),
    (16, "MDM Enroll: OMA-DM client configuration succeeded."),
    (58, "MDM Enroll: Provisioning succeeded."),
    (72, "MDM Enroll: Succeeded"),
)
MISSING = (
    "MDM ConfigurationManager: Command failure status. Configuration Source ID: ({id}), Enrollment Name: (MDMDeviceWithAAD), "
    "Provider Name: (DMClient), Command Type: (Get), CSP URI: (./Vendor/MSFT/DMClient/Provider/MS%20DM%20Server/Push/{node}), "
    "Result: (The system cannot find the file specified.)."
)


def build(folder: Path) -> Path:
    m = Machine("event-list-with-am-and-pm", at(2026, 3, 30, 16, 40))
    rows = [(m.clock(n * 0.05), number, "Information", words) for n, (number, words) in enumerate(GOOD)]
    rows += [
        (m.clock(1 + n * 0.4), 404, "Error", MISSING.format(id=m.enrolment, node=node))
        for n, node in enumerate(("PFN", "ChannelURI", "Status") * 4)
    ]
    rows += [
        (
            m.clock(30 + n * 480),
            209,
            "Information",
            "MDM Session: OMA-DM session ended with status: (The operation completed successfully.).",
        )
        for n in range(8)
    ]
    return viewer_list(folder / "MDM admin log.csv", rows, ENGLISH, "America/New_York")
