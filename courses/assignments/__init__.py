"""Assessed by people: submissions, marks and releases."""
