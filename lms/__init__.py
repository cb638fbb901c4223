"""People and the talent pipeline: the ground that courses and certificates stand on."""
