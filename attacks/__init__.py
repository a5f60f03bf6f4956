"""Attacks on a running demonstration, in every role: `make attack`. Not part of the program, and never shipped."""
