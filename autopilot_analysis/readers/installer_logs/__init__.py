"""Logs that installers write themselves: Windows Installer, PSAppDeployToolkit, WiX Burn -> `log_lines`."""
