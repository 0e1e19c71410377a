"""Windows event logs (EVTX): chunks, records, fields."""
