"""What a device wrote of its time, put in time: which number is the day, and which instant it was."""
