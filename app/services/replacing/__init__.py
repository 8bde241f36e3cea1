"""Somebody or something cannot stay: recusal, substitution, redrawing, handing over."""
