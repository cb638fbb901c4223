"""From the shapes of other people's files to our rows."""
