"""A French machine: a platform script is run by the 32-bit PowerShell and does not find a 64-bit tool."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, says, script
from cases.outside_seven import agent_folder, starts

SAYS = (
    "pnputil.exe : Le terme «pnputil.exe» n'est pas reconnu comme nom d'applet de commande, fonction, fichier de script ou "
    "programme exécutable. Vérifiez l'orthographe du nom, ou si un chemin d'accès existe, vérifiez que le chemin d'accès est "
    "correct et réessayez."
)
HOST = r"C:\Windows\SysWOW64\WindowsPowerShell\v1.0\powershell.exe"


def build(folder: Path) -> Path:
    m = Machine(
        "script-en-32-bits", at(2026, 3, 18, 8, 10), zone="Europe/Paris", name="PC-0417", serial="PC-0417-A"
    )
    starts(m, 0)
    script(m, 1, "Region et langue", 0)
    says(m, 3.0116, "runAs32BitOn64 = True", log="AgentExecutor")
    says(m, 3.0118, f"PowerShell path is {HOST}", log="AgentExecutor")
    script(m, 3, "Pilotes imprimantes", 1, error=SAYS)
    announced(m, 5, "Archive Tool")
    app(m, 5.5, "Archive Tool")
    return agent_folder(m, folder)
