"""Objects of a service as JSON, as PowerShell shows them and as a partner sends them."""
