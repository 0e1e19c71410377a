"""How stages and attempts ended by what carries no time, or by a report of the service."""
