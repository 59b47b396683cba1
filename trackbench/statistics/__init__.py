"""Statistics of paired scores: every tracker is measured on the same sequences."""
