"""What leaves by stick for a platform, its life on the way, and what the platform gives back."""
