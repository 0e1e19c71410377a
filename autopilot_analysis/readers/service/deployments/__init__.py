"""Autopilot deployments as the service reports them: objects of Graph -> rows and their stages."""
