"""The program at the docking station: reads, seals, sends, wipes. No Django, keeps no footage."""
