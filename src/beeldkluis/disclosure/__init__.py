"""Handing footage over to police and prosecutor: what a demand says, and what is checked of it first."""
