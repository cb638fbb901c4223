"""Who is known to the system: persons, roles, sign-in, consent and the audit trail."""
