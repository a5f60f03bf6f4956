"""Reading cameras: one driver per make, and a simulator that misbehaves on purpose. No Django."""
