"""The first page of a trainee and of an instructor."""
