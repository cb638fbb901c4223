"""Tables that come from outside: people, applications, results and past cohorts out of a spreadsheet."""
