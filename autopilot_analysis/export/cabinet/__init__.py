"""Cabinets: what they list, and their folders unpacked in plain Python or by libmspack held in a process."""
