"""Analysis: what a range of samples has to say, in numbers instead of curves."""
