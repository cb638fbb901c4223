"""Assessed by rule: questions, attempts and answers."""
