"""Texts about the hardware: its hash, its TPM, what System Information lists."""
