"""Deployments from whatever tells of them, and which rows are about the same attempt."""
