"""The payload of one event: how it is laid out, whoever describes it, and its values."""
