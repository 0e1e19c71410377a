"""Logs of lines: CMTrace logs of the Intune agent, Windows Setup's logs."""
