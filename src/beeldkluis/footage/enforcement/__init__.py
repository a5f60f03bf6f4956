"""The port to the municipality's enforcement system: only references cross, never footage, never persons."""
