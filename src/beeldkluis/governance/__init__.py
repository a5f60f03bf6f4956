"""Versions of the protocol: drafted, published by two people, in force from a day on, lapsed visibly."""
