"""Tools that know no word of the field: tables, requests, files, mail, later work."""
