"""Opening footage under a case, and what was played."""
