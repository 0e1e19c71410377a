"""The parts of an incident's document: case, impact, reasons, remedies, citations."""
