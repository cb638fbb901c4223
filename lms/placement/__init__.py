"""Placement: employers, who works where, what became of people after 3, 6 and 12 months, and how surely that is known."""
