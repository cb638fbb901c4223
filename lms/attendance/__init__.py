"""Attendance: timetables, sessions, stamps, and how far somebody is from the rule."""
