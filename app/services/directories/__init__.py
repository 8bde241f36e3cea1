"""The three directories and the lists beside them: entered, changed, classified, searched."""
