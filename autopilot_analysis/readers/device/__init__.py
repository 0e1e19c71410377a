"""Whose device an export describes, and which sources were seen on it."""
