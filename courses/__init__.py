"""Learning: courses, their offerings, the work that trainees do and what it adds up to."""
