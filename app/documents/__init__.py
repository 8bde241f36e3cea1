"""Printed documents: faces, line breaking, the page, tables, and one module per form."""
