"""Ten simulated years of a municipality, held against an oracle that was written from the protocol's text alone."""
