"""Beeldkluis: runs bodycams by the municipality's own protocol."""
