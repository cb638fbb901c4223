"""What marks add up to: grades, completion rules and completions."""
