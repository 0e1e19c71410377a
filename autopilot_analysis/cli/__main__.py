"""`python -m autopilot_analysis.cli`."""

from autopilot_analysis.cli.entry import main

raise SystemExit(main())
