"""The round that destroys footage when its retention period expired and no hold lasts."""
