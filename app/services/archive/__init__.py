"""归档: a period's or a target's whole file with numbers and retention; the proof of duty done."""
