"""Since when: levels that moved, the days that may be theirs, and the chart of a level day by day."""
