"""A world of dead leaves seen by a moving camera, and a textured target in it, in twins."""
