"""Paper: fonts, typography, and one module per form."""
