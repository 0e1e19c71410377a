"""What commands and tools say of the network."""
