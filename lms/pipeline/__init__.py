"""From an application to a placement: programmes, cohorts, applications, traineeships and their ledger."""
