"""Printed forms filled from the database, their words and their numbers."""
