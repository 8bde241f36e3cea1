"""What is due on a day, who carries it, and the figures that are reported."""
