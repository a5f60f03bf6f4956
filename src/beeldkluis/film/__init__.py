"""Film from outside, handled by a process of its own: viewing copies. Pure: no Django, no database, no network."""
