"""Another version of the tracker, with the same names: it stays where it is."""


class Median:
    """The first box for ever."""

    def init(self, frame, box):
        self.box = box

    def update(self, frame):
        return self.box
