"""What installers' own logs say of the tries that the agent and the events show."""
