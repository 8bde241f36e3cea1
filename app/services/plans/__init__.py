"""How many are to be inspected, by which arithmetic, and who approved it."""
