"""The municipality's rules, pure: functions of facts and a moment that answer with a reason."""
