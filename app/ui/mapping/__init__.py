"""A platform's blank template mapped to our records, in the window."""
