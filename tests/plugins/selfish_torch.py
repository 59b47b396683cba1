"""A tracker that sets torch up as it likes it."""

import numpy as np
import torch


class SetsDtype:
    def init(self, frame, box):
        self.box = np.array(box)
        torch.set_default_dtype(torch.float64)
        torch.set_num_threads(3)

    def update(self, frame):
        self.box[0] += float((torch.rand(1) + torch.tensor(1.1)).item())
        return self.box
