"""Failures of a stage that no dated mark of its own closes."""
