"""In and out of the machine: spreadsheets, packages, files written safely."""
