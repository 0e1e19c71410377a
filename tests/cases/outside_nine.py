"""What the ninth outside judge adds: crashes, user rights, Secure Boot's notices, a French list, texts out of a mail."""

from __future__ import annotations

from cases.outside import DEVICE, Code, Machine, Signed
from cases.outside_agent import says

FRENCH = (
    ("Niveau", "Date et heure", "Source", "ID de l’événement", "Catégorie de la tâche"),
    "%d/%m/%Y %H:%M:%S",
)


def crashed(m: Machine, t: float, file: str, module: str, code: str) -> None:
    """Windows reports a program that crashed."""
    plain = [
        file,
        "1.8.0.0",
        "62d1a0c4",
        module,
        "10.0.22621.1",
        "7f0c1b2a",
        code,
        "000000000003c1b2",
        "0x2a54",
    ]
    m.event("errors", t, 1000, 2, plain=plain)


def logon_denied(m: Machine, t: float, user: str) -> None:
    """The security log: a logon at the device that the account has no right to."""
    fields = {
        "SubjectUserSid": "S-1-5-18",
        "SubjectUserName": f"{m.name}$",
        "TargetUserName": user,
        "TargetDomainName": "AzureAD",
        "Status": "0xc000015b",
        "FailureReason": "%%2308",
        "SubStatus": "0x0",
        "LogonType": 2,
        "LogonProcessName": "User32 ",
        "AuthenticationPackageName": "Negotiate",
        "WorkstationName": m.name,
    }
    m.event("security", t, 4625, 0, **fields)


def keys_of_secure_boot(m: Machine, t: float) -> None:
    """Windows says that new Secure Boot certificates are there and not yet in the firmware."""
    m.event(
        "tpm",
        t,
        1801,
        2,
        DeviceAttributes="FirmwareManufacturer:Contoso;FirmwareVersion:1.22.0;OSArchitecture:amd64;",
        BucketId=m.id("bucket").replace("-", "") * 2,
        BucketConfidenceLevel="Under Observation - More Data Needed",
        UpdateType="0",
    )


def no_default_account(m: Machine, t: float) -> None:
    """The person chooses a PIN, and its key cannot be registered (0x801C004D)."""
    m.event("shell", t, 62404, CXID="NGC")
    m.event("hello", t + 0.01, 3024)
    m.event(
        "join",
        t + 0.5,
        301,
        2,
        ExitCode=Signed(-2145648563),
        ClientRequestId=m.id(f"pin {t}"),
        ServerRequestId="",
        ErrorCode="",
        ServerErrorMessage="",
        RecommendedClientResponse="",
        ServerResponse="",
    )
    m.event("hello", t + 0.6, 6045, 2, HRESULT=Code(0x801C004D))


def without_token(m: Machine, t: float) -> None:
    """The agent asks for a user's token while nobody has signed in."""
    says(
        m,
        t,
        "Failed to get AAD token. len = 0 using client id fc0f3af4-6835-4174-b806-f7db311fd2f3 and resource id "
        "26a4ae64-5862-427f-a9b0-044e62572a4f, errorCode = 3399548929",
        "AAD User check is failed, exception is System.ComponentModel.Win32Exception (0x80004005): An attempt was made "
        "to reference a token that does not exist",
        "Userless session, skip UserToken for device check-in",
        log="IntuneManagementExtension",
        kind=2,
    )


def store_app(m: Machine, t: float, name: str, package: str, exit_code: int) -> None:
    """A program of the Store is loaded and its own installer ends with an error."""
    app = m.id(name)
    head = "[Win32App][WinGetApp]"
    says(
        m,
        t,
        f"[Win32App][V3Processor] Processing subgraph with app ids: {app}",
        f"{head}[WinGetAppDetectionExecutor] Starting detection of app with id: {app} and context: SystemContext.",
        f"{head}[WinGetOperation] Starting Detection for app with id: {app} and package id: {package}.",
        f"{head}[AppPackageManager] Connect result status: Ok (0x00000000).",
        f"{head}[AppPackageManager] Search result status: Ok (0x00000000).",
        f"{head}[AppPackageManager] Found 1 app packages.",
        f"{head}[WinGetOperation] Completed Detection for app with id: {app} and package id: {package}.  Result: "
        "NotDetected",
        f"[Win32App][DetectionActionHandler] Detection for policy with id: {app} resulted in action status: Success and "
        "detection state: NotDetected.",
        f"[Win32App][ExecutionActionHandler] Handler invoked with execution type: Install for policy with id: {app} and "
        "version: 1",
    )
    phases = ("Queued", "Downloading", "Installing", "Error")
    for n, phase in enumerate(phases):
        said = f"[WinGetMessageProcessor] Processing Progress for app = {app} and user = {DEVICE} - Operation Phase = "
        says(m, t + 0.3 + n * 0.2, said + phase)
    result = (
        f"{head}[WinGetAppExecutionExecutor] Completed installation for app with id: {app}. WinGet operation result:   "
        f"Operation result =  InstallError  Installer error code =  {exit_code}"
    )
    says(m, t + 1.0, result, kind=3)
