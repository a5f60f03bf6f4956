"""Sealed objects: stores, headers, shred keys, destruction. The only room that touches footage or keys on disk."""
