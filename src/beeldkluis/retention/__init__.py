"""The round that destroys footage when its period is over and no hold lasts."""
