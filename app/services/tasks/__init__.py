"""From the approval of a visit to the closed file of its task."""
