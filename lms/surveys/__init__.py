"""Surveys: what a cohort thinks, asked anonymously. Nothing that is kept leads from an answer to a person."""
