"""Other people's course files, read into plain dataclasses: no database, no web, no other room."""
