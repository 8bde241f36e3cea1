"""The witnessed draw in the window: eight steps, a projector, a sealed screen."""
