"""Findings: what the program saw and a person must look at."""
