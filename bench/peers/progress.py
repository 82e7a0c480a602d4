"""What is running and how long the rest will take, on standard error."""
import sys
import time


def duration(seconds):
    """In words: 40 s, 3 min, 1 h 20 min."""
    minutes = round(seconds / 60)
    if seconds < 60:
        return f"{max(0, round(seconds))} s"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


class Progress:
    """Parts of the work are told in minutes that they usually take; how much slower or faster it goes here is learnt."""

    def __init__(self, minutes, out=sys.stderr, clock=time.monotonic):
        self.left, self.done = minutes, 0
        self.out, self.clock, self.start = out, clock, clock()

    def finish(self, minutes):
        self.left -= minutes
        self.done += minutes

    def seconds_left(self):
        pace = (self.clock() - self.start) / self.done if self.done else 60
        return self.left * pace

    def say(self, text):
        self.note(f"[about {duration(self.seconds_left())} left] {text}")

    def note(self, text):
        print(text, file=self.out, flush=True)
