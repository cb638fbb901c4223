"""Authored content: courses, their versions, modules and activities."""
