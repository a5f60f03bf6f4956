"""The journal (logging): one way in, no way out."""
