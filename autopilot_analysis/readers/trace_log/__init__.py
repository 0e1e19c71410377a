"""Event traces of Windows (ETL) -> `events`, and what a trace's own header tells of the device."""
