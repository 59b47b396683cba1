"""Report formats that are wrong in one way each, which is their name."""

import itertools

_count = itertools.count()


def right(results, options):
    return " ".join([*results.trackers, *options.metrics]) + "\n"


def raises(results, options):
    if options.intervals:
        raise KeyError("intervals")
    return right(results, options)


def no_text(results, options):
    return right(results, options).encode()


def not_repeatable(results, options):
    return f"{next(_count)} {right(results, options)}"


def no_line_end(results, options):
    return right(results, options).strip()


def leaves_out_trackers(results, options):
    return right(results, options).replace("ncc-v1", "")


def leaves_out_metrics(results, options):
    return " ".join(results.trackers) + "\n"
