"""Requests and demands: the only way to footage."""
