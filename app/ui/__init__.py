"""The window. It sees services, list queries, rules and errors only."""
