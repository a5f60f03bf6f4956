"""Jobs that need a lent file key: who runs them, how far they are, and how they end."""
