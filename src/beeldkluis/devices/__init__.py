"""Bodycams, docks, issue and hand-in, security incidents."""
