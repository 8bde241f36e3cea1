"""What comes in as a file: tables, packages, filled-in forms; registered, previewed, undone."""
