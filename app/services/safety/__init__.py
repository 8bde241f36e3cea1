"""Backups, checks, archives: that nothing is lost, and anybody can verify it."""
