"""Autopilot analysis."""
