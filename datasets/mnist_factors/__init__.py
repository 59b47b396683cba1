"""Moving digits of steady speed, in twins that differ in one factor alone."""
