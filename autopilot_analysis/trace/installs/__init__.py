"""Every try at every app, script, policy and certificate, by where it is recorded."""
