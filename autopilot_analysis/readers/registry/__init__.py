"""Registry text: the MDM dump and .reg exports."""
