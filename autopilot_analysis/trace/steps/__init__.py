"""Steps of a device: its starts, its name, its clock, its power, its agent."""
