"""Queries for lists and pages: ordered ids, and frozen rows for ids."""
