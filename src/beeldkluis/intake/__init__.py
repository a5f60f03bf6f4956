"""From dock or camera system to the vault: two doors on one accept."""
