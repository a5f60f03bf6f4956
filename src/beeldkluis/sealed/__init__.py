"""Formats and cryptography, pure: no Django, no clock, no network. Used by server, dock and verifier alike."""
