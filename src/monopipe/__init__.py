"""monopipe."""
