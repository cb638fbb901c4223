"""Pages of attendance: one's own, the keeper's, the lead's."""
