"""A draw from the pool to its archived record, made here or elsewhere."""
