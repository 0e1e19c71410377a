"""One device: what happens to it, and which records that leaves."""
