"""Bodycams, docks, issue and hand-in, findings."""
