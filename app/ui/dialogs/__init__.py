"""Dialogs: messages, the first run, and what pages open."""
