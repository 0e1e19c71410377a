"""Tries and states that the registry keeps."""
