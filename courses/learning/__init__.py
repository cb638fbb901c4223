"""A course given to people: offerings, enrolments, progress and the lesson pages."""
