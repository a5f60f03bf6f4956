"""Staff, roles, and the public halves of their keys."""
