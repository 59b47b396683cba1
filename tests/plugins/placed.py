"""Trackers that ask which video they are on, and answer with it."""


class Placed:
    def init(self, frame, box, *, context):
        self.context = context

    def update(self, frame):
        return [self.context.sequence, self.context.frames, len(self.context.dataset), 1]


class PlacedAnyhow(Placed):
    """Hands on whatever it is given, as decorated methods do, and asks by a keyword."""

    def init(self, *given, context=None):
        super().init(*given, context=context)


class PlacedBatch:
    batched = True

    def init(self, frames, boxes, context):
        assert len(context) == len(frames)
        self.context = context

    def update(self, frames):
        return [[each.sequence, each.frames, len(each.dataset), 1] for each in self.context]


class NotAsked:
    """Has a third parameter of another name, and takes whatever else there is."""

    def init(self, frame, box, strength=3, **others):
        assert not others
        self.box, self.strength = box, strength

    def update(self, frame):
        assert self.strength == 3
        return self.box
