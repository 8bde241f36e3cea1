"""The window: pages over services, and what they are made of."""
