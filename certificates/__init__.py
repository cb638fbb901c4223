"""Credentials: issued once, kept as issued, verifiable by anybody."""
