"""Appointments to look at footage, and the rooms where people look. Who was there then stands in viewing."""
