"""Who takes part, in numbers: age classes, the census, and how the two compare."""
