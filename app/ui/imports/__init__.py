"""The guided import: choose a file, match columns, see every row's fate, confirm, done."""
