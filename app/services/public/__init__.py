"""What is made public, when, in which words, and what the public may ask for after."""
