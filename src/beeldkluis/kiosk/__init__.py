"""The screen at the dock: how each camera is doing, and behind number and code what an officer still owes."""
