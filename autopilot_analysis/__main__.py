"""`python -m autopilot_analysis`."""

from autopilot_analysis.cli.entry import main

raise SystemExit(main())
