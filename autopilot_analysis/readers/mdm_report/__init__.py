"""MDMDiagReport as XML and as HTML, and the settings in both."""
