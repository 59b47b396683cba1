"""Training of the learned trackers: stream of batches, recipe, loop, checkpoints.

Importing this package costs nothing; the workers that generate videos import parts of it without
torch.
"""
