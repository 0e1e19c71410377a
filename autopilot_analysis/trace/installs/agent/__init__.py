"""Tries that the Intune Management Extension logs."""
