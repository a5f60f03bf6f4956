"""A package of footage to hand over: what is in it, how it is written, how anybody checks it. No Django, no database."""
